"""Whether a literal may stand where a type is expected: defaults and directive arguments.

https://spec.graphql.org/draft/#sec-Values-of-Correct-Type, and as loosely as composition always
took it: enum values may be in quotes, text without, and whole numbers may end in .0 or be 1e3.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from graphql import (
    BooleanValueNode,
    ConstValueNode,
    EnumValueNode,
    FloatValueNode,
    IntValueNode,
    ListTypeNode,
    ListValueNode,
    NonNullTypeNode,
    NullValueNode,
    ObjectValueNode,
    StringValueNode,
    TypeNode,
    print_ast,
)

from router.supergraph.model import Kind
from router.supergraph.type_names import innermost, text

ACCEPTED: dict[str, tuple[type[ConstValueNode], ...]] = {
    "Int": (IntValueNode,),
    "Float": (IntValueNode, FloatValueNode),
    "String": (StringValueNode, EnumValueNode),
    "Boolean": (BooleanValueNode,),
    "ID": (StringValueNode, EnumValueNode, IntValueNode),
}
NUMBERS = frozenset({"Int", "ID"})
PURPOSES = frozenset({"SECURITY", "EXECUTION"})


class HasType(Protocol):
    """An input field."""

    @property
    def type(self) -> TypeNode:
        """What it takes."""


class HasMembers(Protocol):
    """An enum or input object, by name."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def values(self) -> Mapping[str, object]:
        """Of an enum."""

    @property
    def input_fields(self) -> Mapping[str, HasType]:
        """Of an input object."""


class Schema(Protocol):
    """A subgraph, or several merged."""

    @property
    def types(self) -> Mapping[str, HasMembers]:
        """Those that are defined."""

    def kind(self, name: str, /) -> Kind | None:
        """What a named type is."""


def mismatch(schema: Schema, value: ConstValueNode, type_: TypeNode) -> str | None:
    """Why the value is none of the type, or None where it is one."""
    if isinstance(type_, NonNullTypeNode):
        if isinstance(value, NullValueNode):
            return f"null is no {text(type_)}"
        return mismatch(schema, value, type_.type)
    if isinstance(value, NullValueNode):
        return None
    if isinstance(type_, ListTypeNode):
        items = value.values if isinstance(value, ListValueNode) else (value,)
        found = (mismatch(schema, item, type_.type) for item in items)
        return next((problem for problem in found if problem), None)
    return _named_mismatch(schema, value, innermost(type_))


def _named_mismatch(schema: Schema, value: ConstValueNode, name: str) -> str | None:
    if name in ACCEPTED:
        fits = isinstance(value, ACCEPTED[name]) or (name in NUMBERS and _is_whole(value))
        return None if fits else f"{print_ast(value)} is no {name}"
    kind = schema.kind(name)
    definition = schema.types.get(name)
    if kind is Kind.ENUM:
        values = definition.values if definition else PURPOSES
        fits = isinstance(value, EnumValueNode | StringValueNode) and value.value in values
        return None if fits else f"{print_ast(value)} is no value of enum {name}"
    if kind is Kind.INPUT and definition is not None:
        return _object_mismatch(schema, value, definition)
    return None


def _is_whole(value: ConstValueNode) -> bool:
    return isinstance(value, FloatValueNode) and float(value.value).is_integer()


def _object_mismatch(schema: Schema, value: ConstValueNode, definition: HasMembers) -> str | None:
    if not isinstance(value, ObjectValueNode):
        return f"{print_ast(value)} is no {definition.name}"
    given = {field.name.value: field.value for field in value.fields}
    for name, item in given.items():
        field = definition.input_fields.get(name)
        if field is None:
            return f"{definition.name} has no field {name}"
        if problem := mismatch(schema, item, field.type):
            return problem
    return None
