"""Fields of objects and interfaces: one merged type, and which subgraph has it on which terms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from graphql import TypeNode, print_ast

from router.compose.merge.access import implementations, through_interfaces
from router.compose.merge.applied import applied_text
from router.compose.merge.field_uses import Coordinate
from router.compose.merge.inputs import merged_arguments
from router.compose.merge.lattice import Lattice
from router.compose.merge.overriding import check_external, overrides
from router.compose.merge.text import merged_description, quoted
from router.compose.merge.workspace import Workspace
from router.compose.subgraph import FieldDefinition, Subgraph, TypeDefinition

Defined = tuple[Subgraph, TypeDefinition, FieldDefinition]


@dataclass(frozen=True, slots=True)
class Uses:
    """Per subgraph: fields its keys select, and fields that anything of it needs."""

    keys: dict[str, set[Coordinate]]
    used: dict[str, set[Coordinate]]


@dataclass(frozen=True, slots=True)
class Join:
    """One subgraph's part in a field, before it is written."""

    subgraph: Subgraph
    field: FieldDefinition
    is_external: bool
    override: str = ""
    label: str = ""
    is_used_overridden: bool = False


def merged_field(
    space: Workspace, uses: Uses, type_name: str, field: str, owners: int
) -> str | None:
    """The field as it stands in the supergraph; None when no subgraph has it any more."""
    coordinate = f"{type_name}.{field}"
    defined = [
        (subgraph, type_, type_.fields[field])
        for subgraph, type_ in space.sources(type_name)
        if field in type_.fields
    ]
    joins = list(_joins(space, uses, type_name, defined))
    if not joins:
        return None
    if all(join.is_external for join in joins) and not through_interfaces(space, coordinate):
        _missing_base(space, coordinate, joins)
        return None
    _check_sharing(space, uses, coordinate, joins)
    merged = _merged_type(space, coordinate, joins)
    arguments = merged_arguments(
        space, coordinate, [(join.subgraph, join.field) for join in joins if not join.is_external]
    )
    is_mixed = len({print_ast(join.field.type) for join in joins}) > 1
    written = [_join_text(space, join, is_mixed=is_mixed) for join in joins]
    contexts = any("contextArguments" in text for text in written)
    simple = all(text.count(":") == 1 for text in written) and len(joins) == owners
    parts = [] if simple and not contexts else written
    described = _description(space, coordinate, [join.field for join in joins])
    elements = [(join.subgraph, join.field) for join in joins]
    parts += applied_text(space, coordinate, [*elements, *implementations(space, coordinate)])
    return f"{described}{field}{arguments}: {print_ast(merged)} {' '.join(parts)}".rstrip()


def _joins(space: Workspace, uses: Uses, type_name: str, defined: list[Defined]) -> Iterator[Join]:
    taken = overrides(space, type_name, [(graph, type_, field) for graph, type_, field in defined])
    for subgraph, type_, field in defined:
        coordinate = (type_name, field.name)
        is_key = coordinate in uses.keys[subgraph.name]
        is_external = (field.applied("external") or type_.applied("external")) is not None
        if is_external and is_key and (type_.is_extension or not subgraph.is_federation_2):
            is_external = False
        used = coordinate in uses.used[subgraph.name]
        if is_external and not subgraph.is_federation_2 and not used:
            continue
        if is_external:
            check_external(space, ".".join(coordinate), subgraph, field)
        override = field.applied("override")
        label = override.text("label") if override else ""
        if subgraph.name in taken:
            if taken[subgraph.name]:
                yield Join(subgraph, field, is_external, "", taken[subgraph.name])
            elif used:
                yield Join(subgraph, field, is_external, is_used_overridden=True)
            continue
        source = override.text("from") if override else ""
        yield Join(subgraph, field, is_external, source, label)


def _missing_base(space: Workspace, coordinate: str, joins: list[Join]) -> None:
    listed = ", ".join(join.subgraph.name for join in joins)
    space.error(
        "EXTERNAL_MISSING_ON_BASE",
        coordinate,
        f'Field "{coordinate}" is marked @external on all the subgraphs in which it is listed '
        f"({listed}).",
        [(join.subgraph, join.field.node) for join in joins],
        "Define it, without @external, in the subgraph that resolves it.",
    )


def _check_sharing(space: Workspace, uses: Uses, coordinate: str, joins: list[Join]) -> None:
    resolvers = [
        join
        for join in joins
        if not join.is_external and not join.is_used_overridden and not _is_only_labelled(join)
    ]
    type_name, field = coordinate.split(".")
    indirect = through_interfaces(space, coordinate)
    if len(resolvers) + len(indirect) < 2 or not resolvers:
        return
    type_of = {join.subgraph.name: join.subgraph.types[type_name] for join in resolvers}
    if any(type_.kind.value == "INTERFACE" for type_ in type_of.values()):
        return
    alone = [
        join
        for join in resolvers
        if not _is_shareable(uses, join, type_of[join.subgraph.name], (type_name, field))
    ]
    alone += [
        Join(subgraph, shared, is_external=False)
        for subgraph, type_, shared in indirect
        if not (shared.applied("shareable") or type_.applied("shareable"))
        and (type_.name, field) not in uses.keys[subgraph.name]
    ]
    if alone:
        everyone = ", ".join(
            [join.subgraph.name for join in resolvers]
            + [f"{subgraph.name} (through {type_.name})" for subgraph, type_, _ in indirect]
        )
        space.error(
            "INVALID_FIELD_SHARING",
            coordinate,
            f'Non-shareable field "{coordinate}" is resolved from several subgraphs: {everyone}, '
            f"and is not shareable in {', '.join(join.subgraph.name for join in alone)}.",
            [(join.subgraph, join.field.node) for join in resolvers],
            "Mark the field @shareable in all of them, or resolve it in one only.",
        )


def _is_only_labelled(join: Join) -> bool:
    """The old owner of a progressive @override: one of the two resolves it at a time."""
    return bool(join.label) and not join.override


def _is_shareable(uses: Uses, join: Join, type_: TypeDefinition, at: Coordinate) -> bool:
    return (
        not join.subgraph.is_federation_2
        or join.field.applied("shareable") is not None
        or type_.applied("shareable") is not None
        or at in uses.keys[join.subgraph.name]
    )


def _merged_type(space: Workspace, coordinate: str, joins: list[Join]) -> TypeNode:
    types = [join.field.type for join in joins if not join.is_external]
    types = types or [join.field.type for join in joins]
    merged = Lattice(space.subtypes).widest(types)
    texts = dict.fromkeys(print_ast(node) for node in types)
    listed = "; ".join(f"{print_ast(join.field.type)} in {join.subgraph.name}" for join in joins)
    nodes = [(join.subgraph, join.field.node) for join in joins]
    if merged is None:
        space.error(
            "FIELD_TYPE_MISMATCH",
            coordinate,
            f'Type of field "{coordinate}" is incompatible across subgraphs: {listed}.',
            nodes,
            "Give the field one type, or rename one of the two fields.",
        )
        return types[0]
    if len(texts) > 1:
        space.hint(
            "INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE",
            coordinate,
            f'Type of field "{coordinate}" is inconsistent but compatible across subgraphs: '
            f"{listed}; the supergraph has {print_ast(merged)}.",
            nodes,
        )
    return merged


def _join_text(space: Workspace, join: Join, *, is_mixed: bool) -> str:
    field, graph = join.field, space.graphs[join.subgraph.name]
    parts = [f"graph: {graph}"]
    for name in ("requires", "provides"):
        application = field.applied(name)
        if application is not None and not join.is_used_overridden:
            parts.append(f"{name}: {quoted(application.text('fields'))}")
    if is_mixed:
        parts.append(f"type: {quoted(print_ast(field.type))}")
    parts += ["external: true"] * join.is_external
    parts += [f"override: {quoted(join.override)}"] * bool(join.override)
    parts += ["usedOverridden: true"] * join.is_used_overridden
    parts += [f"overrideLabel: {quoted(join.label)}"] * bool(join.label)
    contexts = list(_contexts(join))
    parts += [f"contextArguments: [{', '.join(contexts)}]"] * bool(contexts)
    return f"@join__field({', '.join(parts)})"


def _contexts(join: Join) -> Iterator[str]:
    for argument in join.field.arguments.values():
        source = argument.applied("fromContext")
        if source is None:
            continue
        context, _, selection = source.text("field").strip().removeprefix("$").partition(" ")
        if "{" in context:
            context, _, rest = context.partition("{")
            selection = "{" + rest + (f" {selection}" if selection else "")
        yield (
            f"{{context: {quoted(f'{join.subgraph.name}__{context}')}, name: "
            f"{quoted(argument.name)}, type: {quoted(print_ast(argument.type))}, selection: "
            f"{quoted(' ' + selection.strip())}}}"
        )


def _description(space: Workspace, coordinate: str, elements: Iterable[FieldDefinition]) -> str:
    return merged_description(space, coordinate, [item.description for item in elements])
