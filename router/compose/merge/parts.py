"""One subgraph's part in a field: whether it resolves it, and on which terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from router.compose.merge.overriding import Taken, overrides
from router.compose.merge.workspace import ROOT_NAMES, Workspace
from router.compose.subgraph import FieldDefinition, Subgraph, TypeDefinition

Defined = tuple[Subgraph, TypeDefinition, FieldDefinition]


@dataclass(frozen=True, slots=True)
class Part:
    """A subgraph's definition of a field.

    `is_needed`: some field set or interface of the subgraph needs it. `taken` is set where another
    subgraph takes the field from this one.
    """

    subgraph: Subgraph
    type: TypeDefinition
    field: FieldDefinition
    is_external: bool
    is_needed: bool = False
    taken: Taken | None = None


def parts_of(space: Workspace, type_name: str, field: str) -> list[Part]:
    """The definitions of a field that count: not those another subgraph took over for good."""
    defined: list[Defined] = [
        (subgraph, type_, type_.fields[field])
        for subgraph, type_ in space.sources[type_name]
        if field in type_.fields
    ]
    taken = overrides(space, type_name, defined)
    parts = []
    for subgraph, type_, definition in defined:
        by = taken.get(subgraph.name)
        needed = (type_name, field) in space.uses[subgraph.name].needed
        if by is not None and not by.label and not needed:
            continue
        external = is_external(space, subgraph, type_, definition)
        if external and not subgraph.is_federation_2 and not needed:
            continue  # Federation 1 let them stand where nothing needed them
        parts.append(Part(subgraph, type_, definition, external, needed, by))
    return parts


def is_external(
    space: Workspace, subgraph: Subgraph, type_: TypeDefinition, field: FieldDefinition
) -> bool:
    """Whether the subgraph knows the field, but does not resolve it.

    Extensions had to mark their key fields @external in Federation 1, and resolve them all the
    same. https://www.apollographql.com/docs/graphos/reference/federation/directives#external
    """
    if field.applied("external") is None and not any(
        item.part is field.part for item in type_.all_applied("external")
    ):
        return False
    if type_.is_extension or not subgraph.is_federation_2:
        return (type_.name, field.name) not in space.uses[subgraph.name].keys
    return True


def is_shareable(space: Workspace, part: Part) -> bool:
    """Whether others may resolve the field too."""
    uses, at = space.uses[part.subgraph.name], (part.type.name, part.field.name)
    if not part.subgraph.is_federation_2:
        return part.type.name != "Subscription"
    return at in uses.keys or part.is_external or part.type.is_shareable(part.field.name)


def resolves(space: Workspace, part: Part) -> bool:
    """Whether the subgraph ever answers for the field, if only along some @provides."""
    if part.is_external:
        at = (part.type.name, part.field.name)
        return at in space.uses[part.subgraph.name].provided
    return part.taken is None


def abstracted(space: Workspace, type_name: str, field: str) -> list[Part]:
    """The parts of subgraphs that give an object a field through an interface of its."""
    if type_name in ROOT_NAMES:
        return []
    found = []
    for interface in space.implemented[type_name]:
        for subgraph, type_ in space.interface_objects.get(interface, ()):
            definition = type_.fields.get(field)
            if definition is not None:
                external = is_external(space, subgraph, type_, definition)
                found.append(Part(subgraph, type_, definition, external))
    return found


def resolvers(space: Workspace, parts: Sequence[Part]) -> list[Part]:
    """The parts that answer for the field."""
    return [part for part in parts if resolves(space, part)]
