"""Directives that are composed stand in the supergraph as its definition of them allows.

That is the newest of several, and need not allow what another subgraph's did. The reference tells
of it with errors that have no code, as GraphQL itself has none; of values, with INVALID_GRAPHQL.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graphql import DirectiveDefinitionNode, NonNullTypeNode

from router.compose.literals import mismatch
from router.compose.merge.draft import Applied, Draft, DraftInput, DraftType, Element
from router.compose.subgraph import Subgraph
from router.diagnostics import Diagnostic
from router.supergraph.model import Kind
from router.supergraph.type_names import text

NO_CODE = ""
VALUE = "INVALID_GRAPHQL"
ADVICE = "Let the subgraphs define the directive alike, or link one version of it everywhere."
LOCATIONS = {Kind.INPUT: "INPUT_OBJECT"}


def composed_usage(draft: Draft, _: Sequence[Subgraph]) -> Iterator[Diagnostic]:
    """Every application fits the definition that the supergraph has."""
    definitions = {f"@{node.name.value}": node for _, node in draft.composed}
    for graph, node in draft.composed:
        for item in node.arguments or ():
            wrong = item.default_value and mismatch(draft, item.default_value, item.type)
            if wrong:
                at = f"@{node.name.value}({item.name.value}:)"
                message = f'The default of "{at}" is wrong in the supergraph: {wrong}.'
                yield graph.problem(VALUE, at, message, item, hint=ADVICE)
    for location, element in _placed(draft) if definitions else ():
        for applied in element.applied:
            if applied.name in definitions:
                node = definitions[applied.name]
                for code, problem in _problems(draft, node, applied, location):
                    message = f'"{element.coordinate}" in the supergraph: {problem}.'
                    yield element.problem(code, message, ADVICE)


def _problems(
    draft: Draft, node: DirectiveDefinitionNode, applied: Applied, location: str
) -> Iterator[tuple[str, str]]:
    if location not in {item.value for item in node.locations}:
        yield NO_CODE, f"{applied.name} may not stand on {location}"
    known = {item.name.value: item for item in node.arguments or ()}
    for name, value in applied.values.items():
        if name not in known:
            yield NO_CODE, f'{applied.name} takes no argument "{name}"'
        elif wrong := mismatch(draft, value, known[name].type):
            takes = text(known[name].type)
            yield VALUE, f"{applied.name}({name}:) takes {takes}, and {wrong}"
    for name, item in known.items():
        is_required = isinstance(item.type, NonNullTypeNode) and item.default_value is None
        if is_required and name not in applied.values:
            yield NO_CODE, f'{applied.name} needs the argument "{name}"'


def _placed(draft: Draft) -> Iterator[tuple[str, Element]]:
    """Every element with the location that a directive on it has."""
    yield "SCHEMA", draft.schema
    for type_ in draft.types.values():
        yield LOCATIONS.get(type_.kind, type_.kind.value), type_
        yield from _below(type_)


def _below(type_: DraftType) -> Iterator[tuple[str, Element | DraftInput]]:
    for field in type_.fields.values():
        yield "FIELD_DEFINITION", field
        for argument in field.arguments.values():
            yield "ARGUMENT_DEFINITION", argument
    for value in type_.input_fields.values():
        yield "INPUT_FIELD_DEFINITION", value
    for item in type_.values.values():
        yield "ENUM_VALUE", item
