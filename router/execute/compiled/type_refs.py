"""A field's type as nested lists around a named type, whichever schema it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from graphql import (
    GraphQLEnumType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLOutputType,
    GraphQLSchema,
    ListTypeNode,
    NamedTypeNode,
    NonNullTypeNode,
    TypeNode,
)
from msgspec import Meta

from router.execute.leaves import MAX_INT, MIN_INT

# What msgspec decodes for the built-in scalars. It takes the usual form only: an integer sent for
# an ID or as 1.0 is allowed too, and left to the interpreter.
BUILT_IN: dict[str, Any] = {
    "Int": Annotated[int, Meta(ge=MIN_INT, le=MAX_INT)],
    "Float": int | float,
    "String": str,
    "Boolean": bool,
    "ID": str,
}
ANY_BUT_NULL = str | int | float | bool | list[Any] | dict[str, Any]
# Values that compare equal exactly when their JSON is equal, so that they can be told apart by
# Python's `==`. (1 equals 1.0, and custom scalars may be anything.)
EXACT = frozenset({"Int", "String", "Boolean", "ID"})


@dataclass(frozen=True, slots=True)
class TypeRef:
    """`item` is set for a list, `name` is the named type inside of all lists."""

    name: str
    is_required: bool
    item: TypeRef | None = None


def type_ref(kind: GraphQLOutputType) -> TypeRef:
    """From a schema's type."""
    is_required = isinstance(kind, GraphQLNonNull)
    inner: Any = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
    if isinstance(inner, GraphQLList):
        item = type_ref(inner.of_type)
        return TypeRef(item.name, is_required, item)
    return TypeRef(inner.name, is_required)


def type_ref_of_node(node: TypeNode) -> TypeRef:
    """From a type as it stands in SDL."""
    is_required = isinstance(node, NonNullTypeNode)
    inner = node.type if isinstance(node, NonNullTypeNode) else node
    if isinstance(inner, ListTypeNode):
        item = type_ref_of_node(inner.type)
        return TypeRef(item.name, is_required, item)
    if not isinstance(inner, NamedTypeNode):
        raise TypeError(f"no type: {inner!r}")
    return TypeRef(inner.name.value, is_required)


def leaf_type(api: GraphQLSchema, name: str) -> Any:
    """The Python type of a scalar or enum that is not null. Custom scalars pass as they are."""
    found = api.get_type(name)
    if isinstance(found, GraphQLEnumType):
        return Literal[tuple(found.values)]
    return BUILT_IN.get(name, ANY_BUT_NULL)


def wrapped(ref: TypeRef, innermost: Any) -> Any:
    """The Python type of a reference, given that of its named type without null."""
    inner = list.__class_getitem__(wrapped(ref.item, innermost)) if ref.item else innermost
    return inner if ref.is_required else inner | None
