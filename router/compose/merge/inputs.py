"""Arguments and input fields: those all subgraphs know, under the strictest type."""

from __future__ import annotations

from collections.abc import Sequence

from graphql import NonNullTypeNode, TypeNode, print_ast

from router.compose.merge.applied import applied_text
from router.compose.merge.lattice import Lattice
from router.compose.merge.text import merged_description
from router.compose.merge.workspace import Workspace
from router.compose.subgraph import FieldDefinition, InputValue, Subgraph

Given = tuple[Subgraph, InputValue]


def merged_arguments(
    space: Workspace, coordinate: str, fields: Sequence[tuple[Subgraph, FieldDefinition]]
) -> str:
    """The arguments of a field in parentheses, nothing when it has none."""
    names = dict.fromkeys(name for _, field in fields for name in field.arguments)
    texts = []
    for name in names:
        given = [
            (graph, field.arguments[name]) for graph, field in fields if name in field.arguments
        ]
        if any(argument.applied("fromContext") for _, argument in given):
            continue
        place = f"{coordinate}({name}:)"
        if len(given) < len(fields):
            _partial(space, place, fields, given)
            continue
        texts.append(merged_input(space, place, given, "ARGUMENT"))
    return f"({', '.join(texts)})" if texts else ""


def _partial(
    space: Workspace,
    place: str,
    fields: Sequence[tuple[Subgraph, FieldDefinition]],
    given: Sequence[Given],
) -> None:
    having = {subgraph.name for subgraph, _ in given}
    missing = ", ".join(graph.name for graph, _ in fields if graph.name not in having)
    nodes = [(graph, argument.node) for graph, argument in given]
    if any(
        isinstance(argument.type, NonNullTypeNode) and argument.default is None
        for _, argument in given
    ):
        space.error(
            "REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH",
            place,
            f'Argument "{place}" is required in some subgraphs but does not appear in {missing}.',
            nodes,
            "Add it there, or make it optional.",
        )
    else:
        space.hint(
            "INCONSISTENT_ARGUMENT_PRESENCE",
            place,
            f'Optional argument "{place}" is left out of the supergraph: {missing} has it not.',
            nodes,
        )


def merged_input(space: Workspace, place: str, given: Sequence[Given], what: str) -> str:
    """One argument or input field as it stands in the supergraph."""
    merged = _merged_type(space, place, given, what)
    default = _default(space, place, given, what)
    described = merged_description(space, place, [value.description for _, value in given])
    parts = applied_text(space, place, given)
    text = f"{described}{given[0][1].name}: {print_ast(merged)}{default}"
    return f"{text} {' '.join(parts)}".rstrip()


def _merged_type(space: Workspace, place: str, given: Sequence[Given], what: str) -> TypeNode:
    types = [value.type for _, value in given]
    merged = Lattice(space.subtypes).strictest(types)
    nodes = [(graph, value.node) for graph, value in given]
    listed = "; ".join(f"{print_ast(value.type)} in {graph.name}" for graph, value in given)
    if merged is None:
        code = "FIELD_ARGUMENT_TYPE_MISMATCH" if what == "ARGUMENT" else "FIELD_TYPE_MISMATCH"
        space.error(
            code,
            place,
            f'Type of "{place}" is incompatible across subgraphs: {listed}.',
            nodes,
            "Give it one type everywhere.",
        )
        return types[0]
    if len({print_ast(node) for node in types}) > 1:
        code = "ARGUMENT" if what == "ARGUMENT" else "FIELD"
        space.hint(
            f"INCONSISTENT_BUT_COMPATIBLE_{code}_TYPE",
            place,
            f'Type of "{place}" is inconsistent but compatible across subgraphs: {listed}.',
            nodes,
        )
    return merged


def _default(space: Workspace, place: str, given: Sequence[Given], what: str) -> str:
    texts = {print_ast(value.default) if value.default is not None else "" for _, value in given}
    nodes = [(graph, value.node) for graph, value in given]
    given_texts = sorted(text for text in texts if text)
    if len(given_texts) > 1:
        code = "FIELD_ARGUMENT" if what == "ARGUMENT" else "INPUT_FIELD"
        space.error(
            f"{code}_DEFAULT_MISMATCH",
            place,
            f'"{place}" has different defaults across subgraphs: {", ".join(given_texts)}.',
            nodes,
            "Give it one default everywhere.",
        )
    elif given_texts and "" in texts:
        space.hint(
            "INCONSISTENT_DEFAULT_VALUE_PRESENCE",
            place,
            f'"{place}" has a default in some subgraphs only; the supergraph has none.',
            nodes,
        )
        return ""
    return f" = {given_texts[0]}" if given_texts else ""
