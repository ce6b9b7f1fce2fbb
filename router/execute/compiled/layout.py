"""The response as a tree of places: which fields an object there has, shown to the client or not.

A `Spot` is what lies under one response key of one kind of object; it has a `Node` for each type
its objects can be of. A `Cell` is one field of a node. Sources number the requests (a group of
entities counts by itself): they say whose answer fills a cell.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from router.execute.compiled.type_refs import TypeRef
from router.execute.shape import Shape

Source = tuple[int, int]  # number of the step, index of the group


@dataclass(slots=True, eq=False)
class Cell:
    """A field. `type` is None for a `__typename` shown to the client.

    A hidden cell is decoded only when it `is_needed`, for representations.
    """

    key: str
    name: str
    type: TypeRef | None
    is_visible: bool
    shape: Shape | None = None
    spot: Spot | None = None
    sources: list[Source] = field(default_factory=list)
    is_needed: bool = False

    @property
    def attribute(self) -> str:
        """Its name in the Struct; never a keyword, never private."""
        return f"f_{self.key}"

    @property
    def is_kept(self) -> bool:
        """Whether the response tree has it at all."""
        return self.is_visible or self.is_needed


@dataclass(slots=True, eq=False)
class Node:
    """Objects of one type at one spot; `spot` is None for the root."""

    number: int
    typename: str
    spot: Spot | None
    cells: dict[str, Cell]

    def kept(self) -> Iterator[Cell]:
        """The fields its Struct has: the client's in the client's order, then the hidden ones."""
        yield from (cell for cell in self.cells.values() if cell.is_visible)
        yield from (cell for cell in self.cells.values() if cell.is_needed and not cell.is_visible)

    def given_by(self, source: Source) -> list[Cell]:
        """The fields that an answer fills."""
        return [cell for cell in self.kept() if cell.type and source in cell.sources]

    @property
    def creator(self) -> Source | None:
        """Whose answer has the objects first; None for the root."""
        return self.spot.creator if self.spot else None


@dataclass(slots=True, eq=False)
class Spot:
    """`is_tagged` tells that several types are possible and `__typename` says which it is.

    `has_typename` tells that the request that creates it asks for `__typename`.
    """

    number: int
    within: Node
    cell: Cell
    creator: Source
    is_tagged: bool
    has_typename: bool
    nodes: list[Node] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of a way through the tree: into a field, on with objects of one type."""

    cell: Cell
    node: Node


Way = tuple[Hop, ...]


def way_to(node: Node) -> Way:
    """The hops from the root to a node."""
    hops: list[Hop] = []
    while node.spot is not None:
        hops.append(Hop(node.spot.cell, node))
        node = node.spot.within
    return tuple(reversed(hops))
