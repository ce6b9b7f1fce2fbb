"""Each type of the supergraph, by kind, with the subgraphs that have it."""

from __future__ import annotations

from collections.abc import Iterator

from router.compose.merge.applied import merged_applications
from router.compose.merge.contexts import offered_contexts
from router.compose.merge.description import merged_description
from router.compose.merge.draft import DraftType
from router.compose.merge.enums import merged_values
from router.compose.merge.input_objects import merged_input_fields
from router.compose.merge.join_directive import join_directives
from router.compose.merge.objects import fields_through_interfaces, implements, merged_fields
from router.compose.merge.unions import member_joins, merged_members
from router.compose.merge.workspace import (
    Sources,
    Workspace,
    kind_of,
    listed,
    nodes_of,
)
from router.compose.subgraph import Subgraph, TypeDefinition
from router.supergraph.layout import quoted
from router.supergraph.model import Kind

# Enums last: how they merge depends on what uses them.
ORDER = (Kind.SCALAR, Kind.UNION, Kind.INPUT, Kind.INTERFACE, Kind.OBJECT)


def merged_types(space: Workspace) -> dict[str, DraftType]:
    """All types, enums aside, each as what the first subgraph has it as."""
    kinds = {name: _kind(space, name, sources) for name, sources in space.sources.items()}
    for name, kind in kinds.items():
        space.sources[name] = [
            _as(kind, source)
            for source in space.sources[name]
            if kind is not Kind.ENUM or kind_of(source[1]) is kind  # others lack its values
        ]
    types: dict[str, DraftType] = {}
    for kind in ORDER:
        for name, found in kinds.items():
            if found is kind:
                types[name] = _merged(space, name, kind)
    interfaces = {name: types[name].fields for name in space.interface_objects if name in types}
    for type_ in types.values() if interfaces else ():
        if type_.kind is Kind.OBJECT:
            for field in fields_through_interfaces(space, interfaces, type_.name):
                type_.fields.setdefault(field.name, field)
    return {name: type_ for name, type_ in types.items() if not _is_empty(type_)}


def merged_enums(space: Workspace) -> dict[str, DraftType]:
    """The enums, after all that may use them."""
    return {
        name: _merged(space, name, Kind.ENUM)
        for name, sources in space.sources.items()
        if sources[0][1].kind is Kind.ENUM
    }


def _is_empty(type_: DraftType) -> bool:
    return type_.kind in {Kind.OBJECT, Kind.INTERFACE} and not type_.fields


def _as(kind: Kind, source: tuple[Subgraph, TypeDefinition]) -> tuple[Subgraph, TypeDefinition]:
    """The type of one subgraph, with nothing in it where it is of another kind."""
    subgraph, type_ = source
    if kind_of(type_) is kind:
        return source
    return subgraph, TypeDefinition(type_.name, type_.description, (), type_.node, kind)


def _kind(space: Workspace, name: str, sources: Sources) -> Kind:
    """What a type is in the first subgraph that has it; with an error, when that differs."""
    kinds = {kind_of(type_) for _, type_ in sources}
    if len(kinds) > 1:
        seen = "; ".join(f"{_described_kind(type_)} in {graph.name}" for graph, type_ in sources)
        space.error(
            "TYPE_KIND_MISMATCH",
            name,
            f'Type "{name}" is of different kinds across subgraphs: {seen}.',
            nodes_of(sources),
            "Make it the same kind everywhere, or rename one of them.",
        )
    elif all(type_.is_interface_object for _, type_ in sources):
        space.error(
            "INTERFACE_OBJECT_USAGE_ERROR",
            name,
            f'Type "{name}" is an @interfaceObject in all subgraphs that have it '
            f"({listed(graph.name for graph, _ in sources)}).",
            nodes_of(sources),
            "Define it as an interface in the subgraph that knows its implementations.",
        )
    return kind_of(sources[0][1])


def _described_kind(type_: TypeDefinition) -> str:
    return "interface object" if type_.is_interface_object else type_.kind.value.lower()


def _merged(space: Workspace, name: str, kind: Kind) -> DraftType:
    sources = space.sources[name]
    found = DraftType(
        name=name,
        coordinate=name,
        sources=nodes_of(sources),
        description=merged_description(space, name, sources),
        applied=merged_applications(space, name, sources),
        kind=kind,
    )
    found.joins = list(_join_types(space, sources))
    match kind:
        case Kind.OBJECT | Kind.INTERFACE:
            found.interfaces = list(space.implemented[name])
            found.joins = [*implements(space, sources), *found.joins]
            found.fields = merged_fields(space, name, kind, sources)
        case Kind.UNION:
            found.members = merged_members(space, name, sources)
            found.joins += member_joins(space, sources)
        case Kind.ENUM:
            found.values = merged_values(space, name, sources)
        case Kind.INPUT:
            found.input_fields = merged_input_fields(space, name, sources)
        case Kind.SCALAR:
            pass
    found.applied += offered_contexts(space, sources)
    found.joins += join_directives(space, sources)
    return found


def _join_types(space: Workspace, sources: Sources) -> Iterator[str]:
    for subgraph, type_ in sources:
        start = f"@join__type(graph: {space.graphs[subgraph.name]}"
        interface_object = ", isInterfaceObject: true" if type_.is_interface_object else ""
        keys = list(type_.all_applied("key"))
        for key in keys:
            resolvable = key.value("resolvable")
            extension = ", extension: true" if type_.extends_with(key) else ""
            said = "" if resolvable is None else f", resolvable: {str(resolvable).lower()}"
            text = quoted(key.text("fields"))
            yield f"{start}, key: {text}{extension}{said}{interface_object})"
        if not keys:
            yield f"{start}{interface_object})"
