"""Resolvers: what each is called with, made once a request and not once an object."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLResolveInfo,
    VariableNode,
    get_argument_values,
)
from strawberry.schema.schema_converter import get_arguments
from strawberry.types.field import StrawberryField
from strawberry.types.info import Info

from subgraphs.chassis.caller import Requirement
from subgraphs.chassis.compiled.leaves import Surprise
from subgraphs.chassis.compiled.selections import Document

DEFINITION = "strawberry-definition"
REQUIREMENTS = "requirements"
ENTITIES = "_entities"


class UnsupportedError(Exception):
    """This query is not one to compile."""


@dataclass(frozen=True, slots=True)
class Call:
    """A field with a resolver, in one place of a query.

    `takes_self` is whether the object is its first argument. `is_entities` marks the chassis'
    own resolver, which takes graphql-core's info.
    """

    field: GraphQLField
    strawberry_field: StrawberryField
    nodes: list[FieldNode]
    parent: GraphQLObjectType
    function: Callable[..., Any]
    is_async: bool
    takes_self: bool
    info_name: str | None
    is_entities: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """What a run of a query is given. `variables` as the client sent them, `values` coerced."""

    document: Document
    context: Any
    variables: Mapping[str, Any]
    values: Any


def call_of(parent: GraphQLObjectType, field: GraphQLField, nodes: list[FieldNode]) -> Call | None:
    """The call a field is; None for a plain attribute. Raises UnsupportedError."""
    definition = field.extensions.get(DEFINITION)
    if not isinstance(definition, StrawberryField):
        raise UnsupportedError(f"{parent.name}.{nodes[0].name.value} is not Strawberry's")
    if nodes[0].name.value == ENTITIES and field.resolve is not None:
        return Call(
            field,
            definition,
            nodes,
            parent,
            field.resolve,
            is_async=True,
            takes_self=True,
            info_name=None,
            is_entities=True,
        )
    if definition.extensions:
        raise UnsupportedError("field extensions")
    resolver = definition.base_resolver
    if resolver is None:
        return None
    if resolver.parent_parameter or resolver.root_parameter:
        raise UnsupportedError("a resolver that names its parent")
    function = resolver.wrapped_func
    if isinstance(function, staticmethod | classmethod):
        raise UnsupportedError("a resolver bound to the class")
    info = resolver.info_parameter
    return Call(
        field,
        definition,
        nodes,
        parent,
        function,
        is_async=inspect.iscoroutinefunction(function),
        takes_self=resolver.self_parameter is not None,
        info_name=info.name if info is not None else None,
    )


def requirements_of(field: GraphQLField) -> tuple[Requirement, ...]:
    """What the field asks of its caller."""
    found: tuple[Requirement, ...] = field.extensions.get(REQUIREMENTS, ())
    return found


def arguments(call: Call, request: Request) -> Any:
    """What the resolver of this call gets in this request, besides the object."""
    raw = _raw_info(call, request)
    if call.is_entities:
        return raw, _representations(call, request)
    info: Info[Any, Any] = Info(_raw_info=raw, _field=call.strawberry_field)
    if not call.field.args:
        return {call.info_name: info} if call.info_name else {}
    given = get_argument_values(call.field, call.nodes[0], request.values)
    schema = info.schema
    _, named = get_arguments(
        field=call.strawberry_field,
        source=None,
        info=info,
        kwargs=given,
        config=schema.config,
        scalar_registry=schema.schema_converter.scalar_registry,
    )
    return named


def _representations(call: Call, request: Request) -> list[Any]:
    """The representations as they came: _Any takes everything, so nothing is to be coerced."""
    given_arguments = call.nodes[0].arguments or ()
    node = given_arguments[0].value if given_arguments else None
    if isinstance(node, VariableNode):
        given = request.variables.get(node.name.value)
        if isinstance(given, list) and None not in given:
            return given
    raise Surprise("representations not given as a variable")


def _raw_info(call: Call, request: Request) -> GraphQLResolveInfo[Any]:
    document = request.document
    known = {
        "field_name": call.nodes[0].name.value,
        "field_nodes": call.nodes,
        "return_type": call.field.type,
        "parent_type": call.parent,
        "schema": document.schema,
        "fragments": document.fragments,
        "operation": document.operation,
        "variable_values": request.values,
        "context": request.context,
    }
    parts: list[Any] = [known.get(name) for name in GraphQLResolveInfo._fields]
    return GraphQLResolveInfo(*parts)
