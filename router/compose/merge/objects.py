"""Objects and interfaces: all fields of all subgraphs."""

from __future__ import annotations

from collections.abc import Iterator

from router.compose.merge.draft import DraftField
from router.compose.merge.fields import merged_field
from router.compose.merge.parts import abstracted, parts_of
from router.compose.merge.sharing import check_sharing
from router.compose.merge.workspace import ROOT_NAMES, Sources, Workspace, listed, nodes_of
from router.compose.subgraph import TypeDefinition
from router.supergraph.layout import quoted
from router.supergraph.model import Kind


def merged_fields(
    space: Workspace, name: str, kind: Kind, sources: Sources
) -> dict[str, DraftField]:
    """The fields of an object or interface."""
    _hint_inconsistencies(space, name, kind, sources)
    found = {}
    for field in dict.fromkeys(field for _, type_ in sources for field in type_.fields):
        parts = parts_of(space, name, field)
        merged = merged_field(space, name, field, parts)
        if merged is not None:
            found[field] = merged
        if kind is Kind.OBJECT:
            check_sharing(space, name, field, parts)
    if kind is Kind.OBJECT:
        for field in _abstracted_only(space, name):
            if not any(field in type_.fields for _, type_ in sources):
                check_sharing(space, name, field, ())
    return found


def _abstracted_only(space: Workspace, name: str) -> dict[str, None]:
    """The fields of the @interfaceObjects that stand for interfaces of an object."""
    return dict.fromkeys(
        field
        for interface in space.implemented[name]
        for _, type_ in space.interface_objects.get(interface, ())
        for field in type_.fields
    )


def fields_through_interfaces(
    space: Workspace, interfaces: dict[str, dict[str, DraftField]], name: str
) -> Iterator[DraftField]:
    """The fields an object has only because a subgraph has an interface of its as an object.

    `interfaces` are the merged fields of each such interface.
    """
    for interface in space.implemented[name]:
        for field, merged in interfaces.get(interface, {}).items():
            if any(not part.is_external for part in abstracted(space, name, field)):
                yield DraftField(
                    name=field,
                    coordinate=f"{name}.{field}",
                    sources=merged.sources,
                    description=merged.description,
                    applied=list(merged.applied),
                    joins=["@join__field"],
                    type=merged.type,
                    arguments=merged.arguments,
                )


def implements(space: Workspace, sources: Sources) -> list[str]:
    """Which subgraph says that the type implements which interface."""
    return [
        f"@join__implements(graph: {space.graphs[graph.name]}, interface: {quoted(interface)})"
        for graph, type_ in sources
        for interface in type_.interfaces
    ]


def _is_only_named(type_: TypeDefinition) -> bool:
    """Whether the subgraph resolves none of its fields, having them for field sets alone."""
    return bool(type_.fields) and all(
        field.applied("external") is not None for field in type_.fields.values()
    )


def _hint_inconsistencies(space: Workspace, name: str, kind: Kind, sources: Sources) -> None:
    """Tell of an entity that is none everywhere, and of value types with different fields."""
    if len(sources) == 1:
        return
    keyed = [graph.name for graph, type_ in sources if type_.applied("key")]
    if keyed:
        lacking = [graph.name for graph, type_ in sources if not type_.applied("key")]
        if lacking and kind is Kind.OBJECT:
            space.hint(
                "INCONSISTENT_ENTITY",
                name,
                f'Type "{name}" is an entity in {listed(keyed)}, but has no @key in '
                f"{listed(lacking)}.",
                nodes_of(sources),
            )
        return
    if name in ROOT_NAMES:
        return
    for field in dict.fromkeys(field for _, type_ in sources for field in type_.fields):
        missing = [
            graph.name
            for graph, type_ in sources
            if field not in type_.fields and not _is_only_named(type_)
        ]
        if missing:
            space.hint(
                f"INCONSISTENT_{kind.value}_VALUE_TYPE_FIELD",
                f"{name}.{field}",
                f'Field "{name}.{field}" of a type without @key is not in {listed(missing)}.',
                [(graph, type_.node) for graph, type_ in sources if field in type_.fields],
            )
