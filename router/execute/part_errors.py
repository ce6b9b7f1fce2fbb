"""The errors of an answer in parts: which part tells which, and where one has been told already."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from router.execute.errors import ErrorPath, SubgraphError
from router.execute.json_values import JSON, Value


@dataclass(frozen=True, slots=True, eq=False)
class OwnedError:
    """An error, and the part whose request brought it."""

    part: int
    error: SubgraphError


@dataclass(slots=True, eq=False)
class PartErrors:
    """Errors that no part has told yet, and the places of those that were told."""

    waiting: list[OwnedError] = field(default_factory=list)
    _told: set[OwnedError] = field(default_factory=set)
    _at: set[ErrorPath] = field(default_factory=set)
    _above: set[ErrorPath] = field(default_factory=set)

    def take(self, part: int, errors: list[SubgraphError]) -> None:
        """Keep the errors that a request of this part brought."""
        self.waiting += [OwnedError(part, error) for error in errors]

    def by_place(
        self, parts: Collection[int], lengths: Collection[int]
    ) -> dict[ErrorPath, list[OwnedError]]:
        """Those of these parts, by the first elements of their path, of each of the lengths."""
        found: dict[ErrorPath, list[OwnedError]] = {}
        for owned in self.waiting:
            for length in lengths if owned.part in parts else ():
                found.setdefault(owned.error.path[:length], []).append(owned)
        return found

    def rest(self, part: int, coming: list[ErrorPath]) -> list[OwnedError]:
        """Those of a part that are neither told nor about a place that is still to come."""
        return [
            owned
            for owned in self.waiting
            if owned.part == part and owned not in self._told and not _is_below(owned, coming)
        ]

    def tell(self, owned: list[OwnedError], shown: list[JSON]) -> None:
        """These are told; `shown` is how, together with errors that nobody brought."""
        self._told.update(owned)
        for error in shown:
            path = tuple(error.get("path", ()))
            self._at.add(path)
            self._above.update(path[:length] for length in range(len(path)))

    def is_told(self, error: JSON) -> bool:
        """Whether one at, above or below the place of this error has been told."""
        path = tuple(error["path"])
        return path in self._above or any(
            path[:length] in self._at for length in range(len(path) + 1)
        )

    def forget_told(self) -> None:
        """No error is told twice."""
        self.waiting = [owned for owned in self.waiting if owned not in self._told]
        self._told.clear()


def _is_below(owned: OwnedError, places: list[ErrorPath]) -> bool:
    path = owned.error.path
    return any(path[: len(place)] == place for place in places)


def is_about(path: ErrorPath, at: ErrorPath, data: JSON | None) -> bool:
    """Whether a path leads into `data`, which is told at the place `at`."""
    if path[: len(at)] != at:
        return False
    value: Value = data
    for key in path[len(at) :]:
        if isinstance(value, dict):
            if key not in value:
                return False
            value = value[key]
        elif isinstance(value, list) and isinstance(key, int) and key < len(value):
            value = value[key]
        else:
            return True
    return True
