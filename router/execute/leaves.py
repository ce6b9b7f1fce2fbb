"""Whether a subgraph's scalar or enum value is what the schema promises, and how clients get it.

https://spec.graphql.org/October2021/#sec-Scalars (result coercion), stricter where the spec lets a
server guess: a subgraph has already coerced, so a string for an Int is a fault and not a format.
"""

from __future__ import annotations

from collections.abc import Callable

from graphql import GraphQLEnumType, GraphQLNamedType

from router.execute.json_values import Value

MIN_INT, MAX_INT = -(2**31), 2**31 - 1


class LeafError(ValueError):
    """The value is none of its type; the message ends the sentence "<Type> ..."."""


def coerce_leaf(leaf: GraphQLNamedType, value: Value) -> Value:
    """The value for the client. Raises LeafError. Custom scalars pass as they are."""
    if isinstance(leaf, GraphQLEnumType):
        if isinstance(value, str) and value in leaf.values:
            return value
        raise LeafError(f"has no value {quoted(value)}")
    coerce = BUILT_IN.get(leaf.name)
    return value if coerce is None else coerce(value)


def _int(value: Value) -> Value:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise LeafError(f"cannot be {quoted(value)}")
    if not MIN_INT <= value <= MAX_INT:
        raise LeafError(f"cannot hold {value}: it has 32 bits")
    return value


def _float(value: Value) -> Value:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise LeafError(f"cannot be {quoted(value)}")
    return value


def _string(value: Value) -> Value:
    if not isinstance(value, str):
        raise LeafError(f"cannot be {quoted(value)}")
    return value


def _boolean(value: Value) -> Value:
    if not isinstance(value, bool):
        raise LeafError(f"cannot be {quoted(value)}")
    return value


def _id(value: Value) -> Value:
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int):
        raise LeafError(f"cannot be {quoted(value)}")
    return str(value)


def quoted(value: Value) -> str:
    """A value in a message to people: short, whatever it is."""
    match value:
        case dict():
            return "an object"
        case list():
            return "a list"
        case bool():
            return str(value).lower()
        case str():
            return f'"{value[:40]}…"' if len(value) > 40 else f'"{value}"'
        case _:
            return str(value)


BUILT_IN: dict[str, Callable[[Value], Value]] = {
    "Int": _int,
    "Float": _float,
    "String": _string,
    "Boolean": _boolean,
    "ID": _id,
}
