"""One spelling for one value: literals as the types they are given for have them.

Composition reads `"A"` for a value A of an enum, `A` for a string "A", and `1.0` for a whole
number, so subgraphs may write either. Whole numbers for an ID lose their quotes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from graphql import (
    ConstObjectValueNode,
    ConstValueNode,
    DirectiveDefinitionNode,
    EnumValueNode,
    FloatValueNode,
    IntValueNode,
    ListTypeNode,
    ListValueNode,
    NonNullTypeNode,
    ObjectValueNode,
    StringValueNode,
    TypeNode,
)

from router.compose.subgraph import (
    Application,
    Element,
    FieldDefinition,
    InputValue,
    Subgraph,
    TypeDefinition,
)
from router.supergraph.model import Kind
from router.supergraph.type_names import innermost

WHOLE_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)")
# From here on numbers have an exponent: https://tc39.es/ecma262/#sec-numeric-types-number-tostring
LARGE = 1e21

AnyElement = TypeVar("AnyElement", bound=Element)


def normal_literals(subgraph: Subgraph) -> Subgraph:
    """The valid subgraph with its defaults and its directives' arguments written alike."""
    normal = _Normal(subgraph)
    return replace(
        subgraph,
        types={name: normal.type(type_) for name, type_ in subgraph.types.items()},
        directives={name: normal.directive(node) for name, node in subgraph.directives.items()},
        directive_arguments=normal.inputs(subgraph.directive_arguments),
        schema=normal.element(subgraph.schema),
    )


class _Normal:
    def __init__(self, subgraph: Subgraph) -> None:
        self.subgraph = subgraph
        self.arguments = {
            name: {item.name.value: item.type for item in node.arguments or ()}
            for name, node in subgraph.definitions.items()
        }

    def type(self, type_: TypeDefinition) -> TypeDefinition:
        return replace(
            self.element(type_),
            fields={name: self.field(field) for name, field in type_.fields.items()},
            input_fields=self.inputs(type_.input_fields),
            values={name: self.element(value) for name, value in type_.values.items()},
        )

    def field(self, field: FieldDefinition) -> FieldDefinition:
        field = self.element(field)
        return replace(field, arguments=self.inputs(field.arguments)) if field.arguments else field

    def inputs(self, given: Mapping[str, InputValue]) -> dict[str, InputValue]:
        return {name: self.input(value) for name, value in given.items()}

    def input(self, value: InputValue) -> InputValue:
        value = self.element(value)
        if value.default is None:
            return value
        return replace(value, default=self.literal(value.default, value.type))

    def directive(self, node: DirectiveDefinitionNode) -> DirectiveDefinitionNode:
        arguments = [
            replace(item, default_value=self.literal(item.default_value, item.type))
            if item.default_value
            else item
            for item in node.arguments or ()
        ]
        return replace(node, arguments=tuple(arguments))

    def element(self, element: AnyElement) -> AnyElement:
        if not any(item.arguments for item in element.applications):
            return element
        applications = tuple(self.application(item) for item in element.applications)
        return replace(element, applications=applications)

    def application(self, application: Application) -> Application:
        types = self.arguments.get(application.written, {})
        arguments = {
            name: self.literal(value, types[name]) if name in types else value
            for name, value in application.arguments.items()
        }
        return replace(application, arguments=arguments)

    def literal(self, value: ConstValueNode, type_: TypeNode) -> ConstValueNode:
        if isinstance(type_, NonNullTypeNode):
            return self.literal(value, type_.type)
        if isinstance(type_, ListTypeNode):
            if not isinstance(value, ListValueNode):
                return self.literal(value, type_.type)
            items = tuple(self.literal(item, type_.type) for item in value.values)
            return replace(value, values=items)
        name = innermost(type_)
        if self.subgraph.kind(name) is Kind.ENUM:
            return EnumValueNode(value=value.value) if isinstance(value, StringValueNode) else value
        if name == "ID" and isinstance(value, StringValueNode):
            is_number = WHOLE_NUMBER.fullmatch(value.value)
            return IntValueNode(value=value.value) if is_number else value
        definition = self.subgraph.types.get(name)
        if definition is not None and isinstance(value, ObjectValueNode):
            return self.object(value, definition)
        return _plain(value)

    def object(
        self, value: ConstObjectValueNode, definition: TypeDefinition
    ) -> ConstObjectValueNode:
        """Of an input object; of a custom scalar, which has no fields, with plain values."""
        known = definition.input_fields
        items = [
            replace(item, value=self.literal(item.value, known[item.name.value].type))
            if item.name.value in known
            else replace(item, value=_plain(item.value))
            for item in value.fields
        ]
        return replace(value, fields=tuple(items))


def _plain(value: ConstValueNode) -> ConstValueNode:
    """The value without knowing more of its type: words are text, whole numbers have no point."""
    if isinstance(value, EnumValueNode):
        return StringValueNode(value=value.value)
    if isinstance(value, FloatValueNode):
        number = float(value.value)
        if number.is_integer() and abs(number) < LARGE:
            return IntValueNode(value=str(int(number)))
        return value
    if isinstance(value, ListValueNode):
        return replace(value, values=tuple(_plain(item) for item in value.values))
    if isinstance(value, ObjectValueNode):
        items = tuple(replace(item, value=_plain(item.value)) for item in value.fields)
        return replace(value, fields=items)
    return value
