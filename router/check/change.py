"""One change of an API schema: how bad it is for clients, and where."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Severity(IntEnum):
    """What a change may do to clients that worked before, the worst last."""

    SAFE = 0
    DANGEROUS = 1
    BREAKING = 2

    @property
    def word(self) -> str:
        """As people read it."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Change:
    """A change under GraphOS's code for it.

    `used_as` is the coordinate by which an operation would notice: a new required argument
    matters to whoever selects its field. It is the change's own coordinate unless given.

    https://www.apollographql.com/docs/graphos/platform/schema-management/checks/reference
    """

    severity: Severity
    code: str
    coordinate: str
    message: str
    used_as: str = ""

    @property
    def usage(self) -> str:
        """The coordinate that an operation must use to be affected."""
        return self.used_as or self.coordinate


def safe(code: str, coordinate: str, message: str) -> Change:
    """A change that no client notices."""
    return Change(Severity.SAFE, code, coordinate, message)


def dangerous(code: str, coordinate: str, message: str, used_as: str = "") -> Change:
    """A change that leaves operations valid, but may surprise their clients."""
    return Change(Severity.DANGEROUS, code, coordinate, message, used_as)


def breaking(code: str, coordinate: str, message: str, used_as: str = "") -> Change:
    """A change that makes operations invalid, or their answers unreadable."""
    return Change(Severity.BREAKING, code, coordinate, message, used_as)
