"""Fields of objects and interfaces: one merged type, and which subgraph has it on which terms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graphql import TypeNode

from router.compose.merge.applied import merged_applications
from router.compose.merge.contexts import context_argument
from router.compose.merge.description import merged_description
from router.compose.merge.draft import DraftField
from router.compose.merge.external import check_external
from router.compose.merge.inputs import merged_arguments
from router.compose.merge.join_directive import join_directives
from router.compose.merge.lattice import same
from router.compose.merge.parts import Part, abstracted, resolvers
from router.compose.merge.workspace import Workspace, listed, nodes_of
from router.compose.subgraph import FieldDefinition, Subgraph
from router.supergraph.layout import quoted
from router.supergraph.type_names import innermost, text

Given = Sequence[tuple[Subgraph, FieldDefinition]]


def merged_field(
    space: Workspace, type_name: str, field: str, parts: Sequence[Part]
) -> DraftField | None:
    """The field as it stands in the supergraph; None when no subgraph has it any more."""
    coordinate = f"{type_name}.{field}"
    own = [part for part in parts if not part.is_external]
    if parts and not own and resolvers(space, abstracted(space, type_name, field)):
        own = list(parts)
    elif not own:
        if parts:
            _missing_base(space, coordinate, parts)
        return None
    given = [(part.subgraph, part.field) for part in own]
    merged = _merged_type(space, coordinate, given)
    space.outputs.setdefault(innermost(merged), coordinate)
    owners = [(graph, definition.arguments) for graph, definition in given]
    found = DraftField(
        name=field,
        coordinate=coordinate,
        sources=nodes_of((part.subgraph, part.field) for part in parts),
        description=merged_description(space, coordinate, given),
        applied=merged_applications(space, coordinate, given),
        type=merged,
        arguments=merged_arguments(space, coordinate, owners),
        requires=dict(_requires(parts)),
    )
    check_external(space, found, parts)
    found.joins = _joins(space, parts, len(space.sources[type_name]))
    found.joins += join_directives(space, given)
    return found


def _requires(parts: Sequence[Part]) -> Iterator[tuple[str, str]]:
    for part in parts:
        application = part.field.applied("requires")
        if application is not None:
            yield part.subgraph.name, application.text("fields")


def _missing_base(space: Workspace, coordinate: str, parts: Sequence[Part]) -> None:
    graphs = listed(part.subgraph.name for part in parts)
    space.error(
        "EXTERNAL_MISSING_ON_BASE",
        coordinate,
        f'Field "{coordinate}" is marked @external wherever it is defined ({graphs}).',
        nodes_of((part.subgraph, part.field) for part in parts),
        "Define it, without @external, in the subgraph that resolves it.",
    )


def _merged_type(space: Workspace, coordinate: str, given: Given) -> TypeNode:
    types = [field.type for _, field in given]
    if len(types) == 1 or same(types):
        return types[0]
    merged = space.lattice.widest(types)
    seen = "; ".join(f"{text(field.type)} in {graph.name}" for graph, field in given)
    if merged is None:
        space.error(
            "FIELD_TYPE_MISMATCH",
            coordinate,
            f'The type of field "{coordinate}" differs across subgraphs: {seen}.',
            nodes_of(given),
            "Give the field one type, or rename one of the two fields.",
        )
        return types[0]
    space.hint(
        "INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE",
        coordinate,
        f'The type of field "{coordinate}" differs across subgraphs: {seen}. The supergraph has '
        f"the widest, {text(merged)}.",
        nodes_of(given),
    )
    return merged


def _joins(space: Workspace, parts: Sequence[Part], owners: int) -> list[str]:
    """One @join__field a part; none where all graphs of the type have the field on equal terms."""
    types_differ = not same(part.field.type for part in parts)
    kept = [part for part in parts if not part.is_gone]
    terms = [list(_terms(part)) for part in kept]
    if not types_differ and not any(terms) and len(kept) == owners:
        return []
    joins = []
    for part, own in zip(kept, terms, strict=True):
        graph = f"graph: {space.graphs[part.subgraph.name]}"
        found = [graph, *own, *_override(space, part)]
        if types_differ:
            found.append(f"type: {quoted(text(part.field.type))}")
        joins.append(f"@join__field({', '.join(found)})")
    return joins


def _override(space: Workspace, part: Part) -> Iterator[str]:
    """From whom the subgraph takes the field; said even where that changes nothing.

    A label is not, once the type there has lost the field.
    """
    override = part.field.applied("override")
    if override is not None and override.text("from"):
        source = override.text("from")
        yield f"override: {quoted(source)}"
        has_moved = any(
            subgraph.name == source and part.field.name not in type_.fields
            for subgraph, type_ in space.sources[part.type.name]
        )
        if override.text("label") and not has_moved:
            yield f"overrideLabel: {quoted(override.text('label'))}"


def _terms(part: Part) -> Iterator[str]:
    """What makes the subgraph's part in the field a special one."""
    field = part.field
    for name in ("requires", "provides"):
        application = field.applied(name)
        if application is not None:
            yield f"{name}: {quoted(application.text('fields'))}"
    if part.is_external:
        yield "external: true"
    if part.taken is not None:
        if part.is_needed:
            yield "usedOverridden: true"
        if part.taken.label:
            yield f"overrideLabel: {quoted(part.taken.label)}"
    contexts = [context_argument(part.subgraph, item) for item in field.arguments.values()]
    if any(contexts):
        yield f"contextArguments: [{', '.join(filter(None, contexts))}]"
