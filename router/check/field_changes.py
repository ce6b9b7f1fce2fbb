"""Changes of the fields of objects and interfaces: what clients select."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLType,
    is_list_type,
    is_non_null_type,
)

from router.check.annotations import annotation_changes
from router.check.change import Change, breaking, safe
from router.check.input_changes import InputValue, field_arguments, input_changes

Composite = GraphQLObjectType | GraphQLInterfaceType


def field_changes(old: Composite, new: Composite) -> Iterator[Change]:
    """Every change of the fields of one type."""
    for name, field in old.fields.items():
        coordinate = f"{old.name}.{name}"
        if name in new.fields:
            yield from _changed(coordinate, field, new.fields[name])
        else:
            advice = "" if field.deprecation_reason is not None else ", without being deprecated"
            message = f'"{coordinate}" was removed{advice}.'
            yield breaking("FIELD_REMOVED", coordinate, message)
    for name in new.fields.keys() - old.fields.keys():
        coordinate = f"{old.name}.{name}"
        yield safe("FIELD_ADDED", coordinate, f'"{coordinate}" was added.')


def _changed(coordinate: str, old: GraphQLField, new: GraphQLField) -> Iterator[Change]:
    if str(old.type) != str(new.type):
        message = f'"{coordinate}" was of type {old.type} and is of type {new.type}.'
        change = safe if answers_fit(old.type, new.type) else breaking
        yield change("FIELD_CHANGED_TYPE", coordinate, message)
    yield from input_changes(
        field_arguments(coordinate),
        cast("dict[str, InputValue]", old.args),
        cast("dict[str, InputValue]", new.args),
    )
    yield from annotation_changes(coordinate, "field", old, new)


def answers_fit(old: GraphQLType, new: GraphQLType) -> bool:
    """Whether all that the new output type gives is what readers of the old one expect."""
    if is_non_null_type(old):
        return is_non_null_type(new) and answers_fit(old.of_type, new.of_type)
    if is_non_null_type(new):
        return answers_fit(old, new.of_type)
    if is_list_type(old):
        return is_list_type(new) and answers_fit(old.of_type, new.of_type)
    return str(old) == str(new)
