"""A field set (`id organization { id }`) as a selection: what @key and its kin are given."""

from __future__ import annotations

from functools import lru_cache

from graphql import GraphQLSyntaxError, OperationDefinitionNode, SelectionSetNode, parse


class FieldSetError(Exception):
    """The text is no field set; the message quotes it."""


@lru_cache(maxsize=4096)
def parse_field_set(text: str) -> SelectionSetNode:
    """Parse with or without outer braces. Raises FieldSetError.

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
    if not operation.selection_set.selections:
        raise FieldSetError(f'"{text}" is not a field set: it selects nothing.')
    return operation.selection_set
