"""Keeps a fetch valid where types differ: one response name must not stand for two shapes.

Two objects of one list may have a field of the same name with different types in a subgraph
(`ID!` and `ID`). Asked for together they need different response names
(https://spec.graphql.org/October2021/#sec-Field-Selection-Merging); the answer is renamed back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from graphql import ListTypeNode, NonNullTypeNode, TypeNode

from router.graph.model import Graph
from router.plan.nodes import KeyRenamer, Path
from router.plan.selection import SelectedField, SelectedFragment, Selection
from router.supergraph.model import Kind
from router.supergraph.type_names import innermost

TYPENAME = "__typename"


@dataclass(slots=True)
class _Site:
    """Selections whose objects share a place in the answer, each with the path that leads there."""

    selections: list[tuple[Path, Selection]]


@dataclass(slots=True)
class _Renaming:
    graph: Graph
    subgraph: str
    rewrites: list[KeyRenamer] = field(default_factory=list)


def separate(graph: Graph, subgraph: str, selection: Selection) -> tuple[KeyRenamer, ...]:
    """Give clashing fields names of their own, in place; how to rename the answer back."""
    renaming = _Renaming(graph, subgraph)
    _visit(renaming, _Site([((), selection)]))
    return tuple(renaming.rewrites)


def _visit(renaming: _Renaming, site: _Site) -> None:
    by_response: dict[str, list[tuple[Path, Selection, SelectedField]]] = {}
    for path, selection in site.selections:
        for place, owner, found in _fields(path, selection):
            by_response.setdefault(found.response, []).append((place, owner, found))
    for response, group in by_response.items():
        if response == TYPENAME:
            continue
        shapes: dict[str, list[tuple[Path, Selection, SelectedField]]] = {}
        for entry in group:
            shape = _shape(renaming, entry[1].type_name, entry[2]) if len(group) > 1 else ""
            shapes.setdefault(shape, []).append(entry)
        for number, same in enumerate(shapes.values()):
            alias = response if number == 0 else f"__{response}_{number - 1}"
            below = [
                ((*path, alias), found.selection)
                for path, _, found in same
                if found.selection is not None
            ]
            if below:
                _visit(renaming, _Site(below))
            if number:
                for path, owner, found in same:
                    found.response = alias
                    condition = f"... on {owner.type_name}"
                    where = path if path and path[-1] == condition else (*path, condition)
                    renaming.rewrites.append(KeyRenamer((*where, alias), response))


def _fields(path: Path, selection: Selection) -> Iterator[tuple[Path, Selection, SelectedField]]:
    for entry in selection.entries.values():
        if isinstance(entry, SelectedFragment):
            yield from _fields((*path, f"... on {entry.type_condition}"), entry.selection)
        else:
            yield path, selection, entry


def _shape(renaming: _Renaming, type_name: str, found: SelectedField) -> str:
    """What must agree for two fields to share a name: lists, nulls, and a leaf's type."""
    view = renaming.graph.view(renaming.subgraph, type_name)
    known = view.fields.get(found.name) if view else None
    if known is None:
        return ""
    node: TypeNode = known.type
    wrappers = ""
    while isinstance(node, ListTypeNode | NonNullTypeNode):
        wrappers += "[" if isinstance(node, ListTypeNode) else "!"
        node = node.type
    name = innermost(node)
    kind = renaming.graph.supergraph.types.get(name)
    is_leaf = kind is None or kind.kind is Kind.SCALAR or kind.kind is Kind.ENUM
    return wrappers + (name if is_leaf else "{}")
