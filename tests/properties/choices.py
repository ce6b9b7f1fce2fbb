"""Decisions drawn from hypothesis, in the words the generators use; simpler ones come first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from hypothesis import strategies as st

T = TypeVar("T")


@dataclass(frozen=True)
class Choices:
    """Draws for one example."""

    data: st.DataObject

    def flag(self, percent: int = 50) -> bool:
        """Yes in about that many of a hundred cases."""
        return self.data.draw(st.integers(0, 99)) >= 100 - percent

    def count(self, least: int, most: int) -> int:
        return self.data.draw(st.integers(least, most))

    def pick(self, items: Sequence[T]) -> T:
        return self.data.draw(st.sampled_from(items))

    def some(self, items: Sequence[T], least: int = 0) -> list[T]:
        """A part of the items, in their order."""
        chosen = [item for item in items if self.flag()]
        missing = [item for item in items if item not in chosen]
        while len(chosen) < least:
            chosen.append(missing.pop(0))
        return [item for item in items if item in chosen]
