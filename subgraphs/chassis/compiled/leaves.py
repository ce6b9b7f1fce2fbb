"""Scalars and enums: what a leaf's value must be to be shown as it is, and what else is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from graphql import GraphQLEnumType, GraphQLScalarType

LARGEST_INT, SMALLEST_INT = 2**31 - 1, -(2**31)
# Values of exactly this class need no conversion. Bools are ints to Python, so `__class__ is`.
_PLAIN: dict[str, type] = {
    "String": str,
    "ID": str,
    "Boolean": bool,
    "Decimal": str,
    "CountryCode": str,
    "Long": int,
}


class Surprise(Exception):  # noqa: N818 - hands the query over to graphql-core
    """Something unusual: graphql-core will answer."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """`convert` makes any value right or raises; values of class `plain` may be left alone."""

    plain: type | None
    convert: Callable[[Any], Any]


def leaf_of(graphql_type: GraphQLScalarType | GraphQLEnumType, *, nullable: bool) -> Leaf:
    """How values of a leaf type are shown."""
    if isinstance(graphql_type, GraphQLEnumType):
        convert: Callable[[Any], Any] = _enum_names(graphql_type).__getitem__
    else:
        convert = graphql_type.coerce_output_value

    def checked(value: Any) -> Any:
        if value is None:
            if nullable:
                return None
            raise Surprise("null where none may be")
        return convert(value)

    return Leaf(_PLAIN.get(graphql_type.name), checked)


def _enum_names(graphql_type: GraphQLEnumType) -> dict[Any, str]:
    names: dict[Any, str] = {}
    for name, value in graphql_type.values.items():
        names[value.value] = name
    wrapped = getattr(graphql_type, "wrapped_cls", None)
    if isinstance(wrapped, type) and issubclass(wrapped, Enum):
        by_value = {value.value: name for name, value in graphql_type.values.items()}
        for member in wrapped:
            if member.value in by_value:
                names[member] = by_value[member.value]
    return names
