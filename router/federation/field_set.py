"""A field set (`id organization { id }`) as a selection: what @key and its kin are given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from graphql import (
    FieldNode,
    GraphQLSyntaxError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    parse,
    print_ast,
)


class FieldSetError(Exception):
    """The text is no field set; the message quotes it."""


@lru_cache(maxsize=4096)
def parse_field_set(text: str) -> SelectionSetNode:
    """Parse with or without outer braces, each field once: `a a { b }` is `a { b }`.

    Raises FieldSetError.

    https://www.apollographql.com/docs/graphos/reference/federation/directives#fieldset
    """
    inner = text.strip()
    if not inner.startswith("{"):
        inner = f"{{{inner}}}"
    try:
        document = parse(inner, no_location=True)
    except GraphQLSyntaxError as error:
        raise FieldSetError(f'"{text}" is not a field set: {error.message}') from error
    operation = document.definitions[0]
    if len(document.definitions) != 1 or not isinstance(operation, OperationDefinitionNode):
        raise FieldSetError(f'"{text}" is not a field set: it is more than one selection.')
    if _selects_nothing(operation.selection_set):
        raise FieldSetError(
            f'"{text}" is not a field set: it selects nothing, or nothing of a field.'
        )
    return _merged(operation.selection_set.selections)


def _selects_nothing(selections: SelectionSetNode) -> bool:
    """Whether there are braces without anything in them, at some depth."""
    below = (getattr(node, "selection_set", None) for node in selections.selections)
    return not selections.selections or any(map(_selects_nothing, filter(None, below)))


def _merged(selections: Iterable[SelectionNode]) -> SelectionSetNode:
    """Selections with the fields that are written more than once put together, at all depths."""
    once: dict[object, SelectionNode] = {}
    for node in selections:
        key: object = len(once)
        if isinstance(node, FieldNode):
            key = print_ast(_field(node, ()))
            before = once.get(key)
            known = _below(before) if isinstance(before, FieldNode) else ()
            once[key] = _field(node, (*known, *_below(node)))
        elif isinstance(node, InlineFragmentNode):
            once[key] = InlineFragmentNode(
                type_condition=node.type_condition,
                directives=node.directives,
                selection_set=_merged(node.selection_set.selections),
            )
        else:
            once[key] = node
    return SelectionSetNode(selections=tuple(once.values()))


def _below(node: FieldNode) -> Sequence[SelectionNode]:
    return node.selection_set.selections if node.selection_set else ()


def _field(node: FieldNode, below: Sequence[SelectionNode]) -> FieldNode:
    return FieldNode(
        alias=node.alias,
        name=node.name,
        arguments=node.arguments,
        directives=node.directives,
        selection_set=_merged(below) if below else None,
    )
