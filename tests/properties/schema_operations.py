"""Random valid operations on any schema: aliases, arguments, variables, fragments, conditions."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLInputType,
    GraphQLNamedType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    is_enum_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
    is_required_argument,
    is_union_type,
)

from tests.properties.choices import Choices

MOST_FIELDS = 24
MOST_DEPTH = 5
# The calls under each response name at one place of the response, with what is below it.
Scope = dict[str, tuple[str, "Scope"]]


@dataclass
class SchemaOperation:
    """The text and the variables of one operation being drawn."""

    schema: GraphQLSchema
    choices: Choices
    text: str = ""
    variables: dict[str, Any] = field(default_factory=dict)
    declared: dict[str, str] = field(default_factory=dict)
    fragments: list[str] = field(default_factory=list)
    aliases: int = 0
    fields: int = 0


def schema_operation(choices: Choices, schema: GraphQLSchema) -> SchemaOperation:
    """Draw an operation."""
    operation = SchemaOperation(schema, choices)
    root, kind = schema.query_type, "query"
    if schema.mutation_type is not None and choices.flag(30):
        root, kind = schema.mutation_type, "mutation"
    assert root is not None
    body = _selection(operation, root, 0, {})
    declared = ", ".join(f"${name}: {type_}" for name, type_ in operation.declared.items())
    head = f"{kind} Drawn{f'({declared})' if declared else ''} {body}"
    operation.text = "\n".join([head, *operation.fragments])
    return operation


def _selection(operation: SchemaOperation, type_: Any, depth: int, scope: Scope) -> str:
    choices = operation.choices
    parts: list[str] = []
    if not is_union_type(type_):
        able = [
            (name, found)
            for name, found in type_.fields.items()
            if depth < MOST_DEPTH or not is_composite_type(get_named_type(found.type))
        ]
        least = 0 if is_abstract_type(type_) and choices.flag(30) else 1
        for name, found in choices.some(able, least=min(least, len(able))):
            if operation.fields < MOST_FIELDS:
                parts.append(_field(operation, name, found, depth, scope))
    if choices.flag(20):
        parts.append("__typename")
    if is_abstract_type(type_) or choices.flag(8):
        parts += _fragments(operation, type_, depth, scope)
    return f"{{ {' '.join(parts) or '__typename'} }}"


def _field(
    operation: SchemaOperation, name: str, found: GraphQLField, depth: int, scope: Scope
) -> str:
    operation.fields += 1
    called = name + _arguments(operation, found)
    shape = f"{called} {found.type}"
    response = name
    if operation.choices.flag(12) or scope.get(response, (shape,))[0] != shape:
        operation.aliases += 1
        response = f"a{operation.aliases}"
    below = scope.setdefault(response, (shape, {}))[1]
    text = called if response == name else f"{response}: {called}"
    text += _condition(operation)
    target = get_named_type(found.type)
    if is_composite_type(target):
        text += " " + _selection(operation, target, depth + 1, below)
    return text


def _fragments(
    operation: SchemaOperation, type_: GraphQLNamedType, depth: int, scope: Scope
) -> list[str]:
    choices, parts = operation.choices, []
    for condition in _conditions(operation.schema, type_):
        if depth > MOST_DEPTH or operation.fields >= MOST_FIELDS or not choices.flag():
            continue
        when = _condition(operation)
        body = _selection(operation, condition, depth + 1, scope)
        if choices.flag(15):
            name = f"F{len(operation.fragments)}"
            operation.fragments.append(f"fragment {name} on {condition.name} {body}")
            parts.append(f"...{name}{when}")
        else:
            parts.append(f"... on {condition.name}{when} {body}")
    return parts


def _conditions(schema: GraphQLSchema, type_: GraphQLNamedType) -> list[GraphQLNamedType]:
    """The types that a fragment here could be on."""
    members = _members(schema, type_)
    others = [
        other
        for other in schema.type_map.values()
        if is_abstract_type(other) and members & _members(schema, other)
    ]
    objects = [schema.type_map[name] for name in sorted(members)]
    return [*objects, *others] if is_abstract_type(type_) else [type_]


def _members(schema: GraphQLSchema, type_: Any) -> set[str]:
    if is_object_type(type_):
        return {type_.name}
    return {member.name for member in schema.get_possible_types(type_)}


def _condition(operation: SchemaOperation) -> str:
    choices = operation.choices
    if not choices.flag(10):
        return ""
    name = f"b{choices.count(0, 2)}"
    if name not in operation.declared:
        operation.declared[name] = "Boolean!"
        operation.variables[name] = choices.flag()
    return f" @{choices.pick(('skip', 'include'))}(if: ${name})"


def _arguments(operation: SchemaOperation, found: GraphQLField) -> str:
    given = [
        f"{name}: {_argument(operation, argument)}"
        for name, argument in found.args.items()
        if is_required_argument(argument) or operation.choices.flag(40)
    ]
    return f"({', '.join(given)})" if given else ""


def _argument(operation: SchemaOperation, argument: GraphQLArgument) -> str:
    if not operation.choices.flag(30):
        return _literal(argument.type)
    name = f"v{len(operation.declared)}"
    operation.declared[name] = str(argument.type)
    operation.variables[name] = _value(argument.type)
    return f"${name}"


def _value(type_: GraphQLInputType) -> Any:
    if is_non_null_type(type_):
        return _value(type_.of_type)
    if is_list_type(type_):
        return [_value(type_.of_type)]
    if is_enum_type(type_):
        return next(iter(type_.values))
    known = {"Int": 1, "Float": 1.5, "Boolean": True}
    return known.get(get_named_type(type_).name, "x")


def _literal(type_: GraphQLInputType) -> str:
    value = _value(type_)
    return str(value) if is_enum_type(get_named_type(type_)) else json.dumps(value)
