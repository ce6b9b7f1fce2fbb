"""Who may see an interface: whoever may see each object that implements it."""

from __future__ import annotations

from router.compose.merge.workspace import Workspace
from router.compose.subgraph import Element, Subgraph
from router.supergraph.model import Kind

ACCESS = frozenset({"authenticated", "requiresScopes", "policy"})


def implementations(space: Workspace, coordinate: str) -> list[tuple[Subgraph, Element]]:
    """What implementing types say of access to an interface, or to a field of it."""
    name, _, field = coordinate.partition(".")
    if space.kinds.get(name) is not Kind.INTERFACE:
        return []
    found: list[tuple[Subgraph, Element]] = []
    for other in sorted(space.subtypes.get(name, ())):
        if space.kinds.get(other) is not Kind.OBJECT:
            continue
        for subgraph, type_ in space.sources(other):
            element: Element | None = type_.fields.get(field) if field else type_
            if element is None:
                continue
            access = tuple(item for item in element.applications if item.name in ACCESS)
            if access:
                found.append((subgraph, Element(element.name, None, access, element.node)))
    return found
