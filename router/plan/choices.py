"""The decisions of a walk: which were made by rule, and what else could have been decided."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field

from router.graph.lookup import Node

# A field is taken from a node, in parts from several, by the type of each object, or in a request
# of its own that need not wait for what others require.
Choice = Node | str
SPLIT = "split"
BY_TYPE = "by type"
SEPARATE = "separate"
MOST_ALTERNATIVES = 4


@dataclass(slots=True)
class Choices:
    """`taken` overrules the walk's own rules; `open` collects what it could have done instead.

    `fields` counts the fields that the walk has placed, which is the work it was.
    """

    taken: Mapping[Hashable, Choice] = field(default_factory=dict)
    open: dict[Hashable, tuple[Choice, ...]] = field(default_factory=dict)
    fields: int = 0

    def offer(self, key: Hashable, alternatives: list[Choice]) -> None:
        """Note other ways to decide the question `key`, the most promising first."""
        if alternatives and key not in self.open:
            self.open[key] = tuple(alternatives[:MOST_ALTERNATIVES])
