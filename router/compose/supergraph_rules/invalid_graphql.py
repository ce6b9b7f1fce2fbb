"""INVALID_GRAPHQL: what was valid in each subgraph may not be so when merged.

https://spec.graphql.org/draft/#IsValidImplementation()
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graphql import ListTypeNode, NamedTypeNode, NonNullTypeNode, TypeNode

from router.compose.literals import mismatch
from router.compose.merge.draft import Draft, DraftField, DraftInput, DraftType
from router.compose.merge.workspace import BUILT_IN
from router.compose.subgraph import Subgraph
from router.diagnostics import Diagnostic
from router.supergraph.type_names import innermost, text

ADVICE = "Make the definitions of the subgraphs agree."
CODE = "INVALID_GRAPHQL"


def invalid_graphql(draft: Draft, _: Sequence[Subgraph]) -> Iterator[Diagnostic]:
    """Misfit implementations, wrong defaults, required but deprecated inputs, missing types."""
    yield from _required_deprecated(draft)
    yield from _wrong_defaults(draft)
    for type_ in draft.types.values():
        yield from _known(draft, type_)
        for name in type_.interfaces:
            interface = draft.types.get(name)
            if interface is None:
                continue
            yield from _missing_ancestors(type_, interface)
            for field in interface.fields.values():
                own = type_.fields.get(field.name)
                if own is not None:
                    yield from _misfits(draft, own, field)


def _inputs(draft: Draft) -> Iterator[DraftInput]:
    for type_ in draft.types.values():
        yield from type_.input_fields.values()
        for field in type_.fields.values():
            yield from field.arguments.values()
    for directive in draft.directives:
        yield from directive.arguments.values()


def _required_deprecated(draft: Draft) -> Iterator[Diagnostic]:
    for value in _inputs(draft):
        if value.is_required and value.has("deprecated"):
            message = f'"{value.coordinate}" is required in one subgraph and deprecated in another.'
            yield value.problem(CODE, message, "Make it optional everywhere, or undeprecate it.")


def _wrong_defaults(draft: Draft) -> Iterator[Diagnostic]:
    """Defaults with values or fields that other subgraphs do not know of."""
    for value in _inputs(draft):
        wrong = value.default and mismatch(draft, value.default, value.type)
        if wrong:
            message = f'The default of "{value.coordinate}" is wrong in the supergraph: {wrong}.'
            yield value.problem(CODE, message, "Choose a default that every subgraph knows.")


def _known(draft: Draft, type_: DraftType) -> Iterator[Diagnostic]:
    items: list[DraftField | DraftInput] = [*type_.input_fields.values()]
    for field in type_.fields.values():
        items += (field, *field.arguments.values())
    for item in items:
        name = innermost(item.type)
        if name not in draft.types and name not in BUILT_IN:
            message = (
                f'"{item.coordinate}" is {text(item.type)}, but the supergraph has no "{name}": '
                "that belongs to a specification, or no subgraph resolves a field of it."
            )
            yield item.problem(CODE, message, "Use a type of the schema's own, with fields.")


def _missing_ancestors(type_: DraftType, interface: DraftType) -> Iterator[Diagnostic]:
    for name in interface.interfaces:
        if name not in type_.interfaces and name != type_.name:
            message = (
                f'Type "{type_.name}" must implement "{name}", as "{interface.name}", which it '
                "implements, does in another subgraph."
            )
            yield type_.problem(CODE, message, f'Let "{type_.name}" implement "{name}".')


def _misfits(draft: Draft, own: DraftField, field: DraftField) -> Iterator[Diagnostic]:
    if not _is_subtype(draft, own.type, field.type):
        message = (
            f'"{own.coordinate}" of type {text(own.type)} does not fit "{field.coordinate}" of '
            f"type {text(field.type)}."
        )
        yield own.problem(CODE, message, ADVICE)
    for name, argument in field.arguments.items():
        given = own.arguments.get(name)
        if given is None:
            message = f'"{argument.coordinate}" is missing on "{own.coordinate}".'
            yield own.problem(CODE, message, ADVICE)
        elif text(given.type) != text(argument.type):
            message = (
                f'"{given.coordinate}" of type {text(given.type)} does not fit '
                f'"{argument.coordinate}" of type {text(argument.type)}.'
            )
            yield given.problem(CODE, message, ADVICE)
    for name, argument in own.arguments.items():
        if name not in field.arguments and argument.is_required:
            message = f'"{argument.coordinate}" is required, but "{field.coordinate}" has it not.'
            yield argument.problem(CODE, message, ADVICE)


def _is_subtype(draft: Draft, narrow: TypeNode, wide: TypeNode) -> bool:
    if isinstance(wide, NonNullTypeNode):
        return isinstance(narrow, NonNullTypeNode) and _is_subtype(draft, narrow.type, wide.type)
    if isinstance(narrow, NonNullTypeNode):
        return _is_subtype(draft, narrow.type, wide)
    if isinstance(wide, ListTypeNode):
        return isinstance(narrow, ListTypeNode) and _is_subtype(draft, narrow.type, wide.type)
    if not isinstance(narrow, NamedTypeNode):
        return False
    one, other = innermost(narrow), innermost(wide)
    below, above = draft.types.get(one), draft.types.get(other)
    return (
        one == other
        or (below is not None and other in below.interfaces)
        or (above is not None and one in above.members)
    )
