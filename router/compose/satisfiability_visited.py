"""Which places a walk has been to, told apart by what is known there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain

from router.graph.lookup import Node, Provided

# Places visited before giving up, of all types and of one: far more than real schemas have.
MOST_PLACES = 200_000
MOST_PLACES_OF_TYPE = 10_000


@dataclass(slots=True)
class VisitedType:
    """What places of one type knew: a number each, with a bit for each thing known."""

    bits: dict[object, int] = field(default_factory=dict)
    met: set[int] = field(default_factory=set)
    visited: list[int] = field(default_factory=list)

    def is_new(self, things: Iterable[object]) -> bool:
        """Whether no place before knew this or a part of it; notes it if so.

        Whatever can be reached from a place can be from one of its type that knows more.
        """
        known = 0
        for thing in things:
            known |= 1 << self.bits.setdefault(thing, len(self.bits))
        if known in self.met:
            return False
        self.met.add(known)
        if any(less & known == less for less in self.visited):
            return False
        self.visited.append(known)
        return True

    def copy(self) -> VisitedType:
        """One that goes its own way from here."""
        return VisitedType(dict(self.bits), set(self.met), list(self.visited))


@dataclass(slots=True)
class Visited:
    """All places a walk has been to, `count` of them. It is full after `most` and one more."""

    types: dict[str, VisitedType] = field(default_factory=dict)
    count: int = 0
    is_full: bool = False
    most: int = MOST_PLACES
    most_of_type: int = MOST_PLACES_OF_TYPE

    def is_new(
        self,
        type_name: str,
        nodes: Iterable[tuple[Node, Provided]],
        contexts: frozenset[str],
    ) -> bool:
        """Whether a place must be visited: objects at nodes, something provided, below contexts."""
        things = chain(
            contexts, *((node, *((node, one) for one in given)) for node, given in nodes)
        )
        visited = self.types.setdefault(type_name, VisitedType())
        if not visited.is_new(things):
            return False
        self.count += 1
        self.is_full |= self.count > self.most or len(visited.visited) > self.most_of_type
        return True

    def copy(self) -> Visited:
        """One that goes its own way from here."""
        types = {name: visited.copy() for name, visited in self.types.items()}
        return Visited(types, self.count, self.is_full, self.most, self.most_of_type)
