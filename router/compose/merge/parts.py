"""One subgraph's part in a field: whether it resolves it, and on which terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from router.compose.merge.overriding import Taken, overrides
from router.compose.merge.workspace import ROOT_NAMES, Workspace
from router.compose.subgraph import FieldDefinition, Subgraph, TypeDefinition


@dataclass(frozen=True, slots=True)
class Part:
    """A subgraph's definition of a field.

    `is_needed`: some field set or interface of the subgraph needs it. `taken` is set where another
    subgraph takes the field from this one.
    """

    subgraph: Subgraph
    type: TypeDefinition
    field: FieldDefinition
    is_needed: bool = False
    taken: Taken | None = None

    @property
    def is_external(self) -> bool:
        """Whether the subgraph knows the field, but does not resolve it."""
        return self.field.applied("external") is not None

    @property
    def is_gone(self) -> bool:
        """Whether another subgraph took the field for good and nothing here needs it.

        It still has a say in the field's type, so that old clients of it stay served.
        """
        return self.taken is not None and not self.taken.label and not self.is_needed


def parts_of(space: Workspace, type_name: str, field: str) -> list[Part]:
    """All definitions of a field."""
    defined = [
        (subgraph, type_, type_.fields[field])
        for subgraph, type_ in space.sources[type_name]
        if field in type_.fields
    ]
    taken = overrides(space, type_name, defined)
    at = (type_name, field)
    return [
        Part(
            subgraph, type_, item, at in space.uses[subgraph.name].needed, taken.get(subgraph.name)
        )
        for subgraph, type_, item in defined
    ]


def is_shareable(space: Workspace, part: Part) -> bool:
    """Whether others may resolve the field too."""
    at = (part.type.name, part.field.name)
    keys = space.uses[part.subgraph.name].keys
    return at in keys or part.is_external or part.type.is_shareable(part.field.name)


def resolvers(space: Workspace, parts: Sequence[Part]) -> list[Part]:
    """The parts that answer for the field, be it only along some @provides."""
    return [part for part in parts if _resolves(space, part)]


def _resolves(space: Workspace, part: Part) -> bool:
    if part.is_external:
        at = (part.type.name, part.field.name)
        return at in space.uses[part.subgraph.name].provided
    return part.taken is None


def abstracted(space: Workspace, type_name: str, field: str) -> list[Part]:
    """The parts of subgraphs that give an object a field through an interface of its."""
    if type_name in ROOT_NAMES or not space.interface_objects:
        return []
    return [
        Part(subgraph, type_, type_.fields[field])
        for interface in space.implemented[type_name]
        for subgraph, type_ in space.interface_objects.get(interface, ())
        if field in type_.fields
    ]
