"""Two API schemas -> every change between them, by coordinate, the worst first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_introspection_type,
    is_specified_scalar_type,
)

from router.check.annotations import annotation_changes, description_changes
from router.check.change import Change, breaking, dangerous, safe
from router.check.directive_changes import directive_changes
from router.check.field_changes import Composite, field_changes
from router.check.input_changes import InputValue, input_changes, input_fields

KINDS: dict[type[GraphQLNamedType], str] = {
    GraphQLObjectType: "an object",
    GraphQLInterfaceType: "an interface",
    GraphQLUnionType: "a union",
    GraphQLEnumType: "an enum",
    GraphQLScalarType: "a scalar",
    GraphQLInputObjectType: "an input object",
}


def schema_changes(old: GraphQLSchema, new: GraphQLSchema) -> tuple[Change, ...]:
    """Every change, the worst first, then by coordinate."""
    found = [*_type_changes(old, new), *directive_changes(old, new)]
    return tuple(sorted(found, key=_order))


def _order(change: Change) -> tuple[int, str, str, str]:
    return -change.severity, change.coordinate, change.code, change.message


def _type_changes(old: GraphQLSchema, new: GraphQLSchema) -> Iterator[Change]:
    before, after = _own_types(old), _own_types(new)
    for name, type_ in before.items():
        if name not in after:
            yield breaking("TYPE_REMOVED", name, f'"{name}" was removed.')
        elif type(type_) is not type(after[name]):
            was, is_ = KINDS[type(type_)], KINDS[type(after[name])]
            yield breaking("TYPE_CHANGED_KIND", name, f'"{name}" was {was} and is {is_}.')
        else:
            yield from description_changes(name, "type", type_, after[name])
            yield from _changed(old, type_, after[name])
    for name in after.keys() - before.keys():
        yield safe("TYPE_ADDED", name, f'"{name}" was added.')


def _own_types(schema: GraphQLSchema) -> dict[str, GraphQLNamedType]:
    return {
        name: type_
        for name, type_ in schema.type_map.items()
        if not is_introspection_type(type_) and not is_specified_scalar_type(type_)
    }


def _changed(
    schema: GraphQLSchema, old: GraphQLNamedType, new: GraphQLNamedType
) -> Iterator[Change]:
    match old, new:
        case GraphQLEnumType(), GraphQLEnumType():
            yield from _enum_changes(schema, old, new)
        case GraphQLUnionType(), GraphQLUnionType():
            yield from _union_changes(old, new)
        case GraphQLInputObjectType(), GraphQLInputObjectType():
            yield from _input_object_changes(old, new)
        case GraphQLObjectType(), GraphQLObjectType():
            yield from _composite_changes(old, new)
        case GraphQLInterfaceType(), GraphQLInterfaceType():
            yield from _composite_changes(old, new)
        case GraphQLScalarType(), GraphQLScalarType():
            yield from _scalar_changes(old, new)


def _scalar_changes(old: GraphQLScalarType, new: GraphQLScalarType) -> Iterator[Change]:
    before, after = old.specified_by_url, new.specified_by_url
    if before != after:
        message = f'"{old.name}" was specified by {before} and is specified by {after}.'
        yield dangerous("SCALAR_SPECIFICATION_CHANGE", old.name, message)


def _enum_changes(
    schema: GraphQLSchema, old: GraphQLEnumType, new: GraphQLEnumType
) -> Iterator[Change]:
    for name, value in old.values.items():
        coordinate = f"{old.name}.{name}"
        if name in new.values:
            yield from annotation_changes(coordinate, "enum value", value, new.values[name])
        else:
            yield breaking("VALUE_REMOVED_FROM_ENUM", coordinate, f'"{coordinate}" was removed.')
    added = new.values.keys() - old.values.keys()
    is_answered = bool(added) and old.name in answered_enums(schema)
    for name in added:
        coordinate = f"{old.name}.{name}"
        message = f'"{coordinate}" was added'
        if is_answered:
            message += ": a client that knows the others only may be answered it."
            yield dangerous("VALUE_ADDED_TO_ENUM", coordinate, message, old.name)
        else:
            yield safe("VALUE_ADDED_TO_ENUM", coordinate, f"{message}.")


def answered_enums(schema: GraphQLSchema) -> set[str]:
    """The named types that some field has; an enum that is not among them is only sent."""
    return {
        get_named_type(field.type).name
        for type_ in schema.type_map.values()
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType)
        for field in type_.fields.values()
    }


def _union_changes(old: GraphQLUnionType, new: GraphQLUnionType) -> Iterator[Change]:
    before, after = {it.name for it in old.types}, {it.name for it in new.types}
    for name in before - after:
        message = f'"{name}" was removed from the union "{old.name}".'
        yield breaking("TYPE_REMOVED_FROM_UNION", old.name, message)
    for name in after - before:
        message = (
            f'"{name}" was added to the union "{old.name}": a client that knows the others only '
            "may be answered it."
        )
        yield dangerous("TYPE_ADDED_TO_UNION", old.name, message)


def _composite_changes(old: Composite, new: Composite) -> Iterator[Change]:
    yield from field_changes(old, new)
    yield from _interface_changes(old, new)


def _interface_changes(old: Composite, new: Composite) -> Iterator[Change]:
    before, after = {it.name for it in old.interfaces}, {it.name for it in new.interfaces}
    for name in before - after:
        message = f'"{old.name}" implements "{name}" no more.'
        yield breaking("TYPE_REMOVED_FROM_INTERFACE", old.name, message, name)
    for name in after - before:
        message = (
            f'"{old.name}" implements "{name}" now: a client that knows its other types only may '
            "be answered it."
        )
        yield dangerous("TYPE_ADDED_TO_INTERFACE", old.name, message, name)


def _input_object_changes(
    old: GraphQLInputObjectType, new: GraphQLInputObjectType
) -> Iterator[Change]:
    yield from input_changes(
        input_fields(old.name),
        cast("dict[str, InputValue]", old.fields),
        cast("dict[str, InputValue]", new.fields),
    )
    if new.is_one_of and not old.is_one_of:
        message = f'"{old.name}" takes exactly one of its fields now.'
        yield breaking("INPUT_OBJECT_ONE_OF_ADDED", old.name, message)
    elif old.is_one_of and not new.is_one_of:
        message = f'"{old.name}" takes more than one of its fields now.'
        yield safe("INPUT_OBJECT_ONE_OF_REMOVED", old.name, message)
