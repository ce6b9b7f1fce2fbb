"""What we ask of a payment provider. Keys make every request safe to repeat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Done:
    """The provider did it; `reference` is its name for the authorisation."""

    reference: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The provider did not do it, for this reason."""

    code: str


Outcome = Done | Refused


class ProviderSilent(Exception):  # noqa: N818 - a state of knowledge, not a fault
    """No answer came: the provider may or may not have done what was asked."""


class Provider(Protocol):
    """Amounts are minor units. Every method may raise ProviderSilent."""

    async def authorise(self, key: str, token: str, amount: int, currency: str) -> Outcome:
        """Promise to pay so much from what the token stands for."""
        ...

    async def capture(self, key: str, reference: str, amount: int) -> Outcome:
        """Take promised money."""
        ...

    async def void(self, key: str, reference: str) -> Outcome:
        """Give the promise back."""
        ...

    async def refund(self, key: str, reference: str, amount: int) -> Outcome:
        """Give taken money back."""
        ...

    async def lookup(self, key: str) -> Outcome | None:
        """What became of the request with this key; None when it was never received."""
        ...
