"""Who may see an interface: whoever may see each object that implements it."""

from __future__ import annotations

from router.compose.merge.workspace import Workspace
from router.compose.subgraph import Element, FieldDefinition, Subgraph, TypeDefinition
from router.supergraph.model import Kind

ACCESS = frozenset({"authenticated", "requiresScopes", "policy"})


def implementations(space: Workspace, coordinate: str) -> list[tuple[Subgraph, Element]]:
    """What implementing types say of access to an interface, or to a field of it."""
    name, _, field = coordinate.partition(".")
    found: list[tuple[Subgraph, Element]] = []
    if space.kinds.get(name) is not Kind.INTERFACE:
        for subgraph, _, shared in through_interfaces(space, coordinate) if field else ():
            access = tuple(item for item in shared.applications if item.name in ACCESS)
            found += [(subgraph, Element(shared.name, None, access, shared.node))] * bool(access)
        return found
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


def through_interfaces(
    space: Workspace, coordinate: str
) -> list[tuple[Subgraph, TypeDefinition, FieldDefinition]]:
    """Subgraphs that have an object's field only by an interface they have as an object."""
    name, _, field = coordinate.partition(".")
    interfaces = dict.fromkeys(
        item for _, type_ in space.sources(name) for item in type_.interfaces
    )
    return [
        (subgraph, type_, type_.fields[field])
        for interface in interfaces
        for subgraph, type_ in space.sources(interface)
        if type_.is_interface_object
        and field in type_.fields
        and not type_.fields[field].applied("external")
    ]
