"""Whether a literal may stand where a type is expected: defaults and directive arguments.

https://spec.graphql.org/draft/#sec-Values-of-Correct-Type, and as loosely as composition always
took it: enum values may be in quotes, text without, and whole numbers may end in .0 or be 1e3.
"""

from __future__ import annotations

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

from router.compose.subgraph import Subgraph, TypeDefinition
from router.compose.type_names import innermost, text
from router.supergraph.model import Kind

ACCEPTED: dict[str, tuple[type[ConstValueNode], ...]] = {
    "Int": (IntValueNode,),
    "Float": (IntValueNode, FloatValueNode),
    "String": (StringValueNode, EnumValueNode),
    "Boolean": (BooleanValueNode,),
    "ID": (StringValueNode, EnumValueNode, IntValueNode),
}
NUMBERS = frozenset({"Int", "ID"})
PURPOSES = frozenset({"SECURITY", "EXECUTION"})


def mismatch(subgraph: Subgraph, value: ConstValueNode, type_: TypeNode) -> str | None:
    """Why the value is none of the type, or None where it is one."""
    if isinstance(type_, NonNullTypeNode):
        if isinstance(value, NullValueNode):
            return f"null is no {text(type_)}"
        return mismatch(subgraph, value, type_.type)
    if isinstance(value, NullValueNode):
        return None
    if isinstance(type_, ListTypeNode):
        items = value.values if isinstance(value, ListValueNode) else (value,)
        found = (mismatch(subgraph, item, type_.type) for item in items)
        return next((problem for problem in found if problem), None)
    return _named_mismatch(subgraph, value, innermost(type_))


def _named_mismatch(subgraph: Subgraph, value: ConstValueNode, name: str) -> str | None:
    if name in ACCEPTED:
        fits = isinstance(value, ACCEPTED[name]) or (name in NUMBERS and _is_whole(value))
        return None if fits else f"{print_ast(value)} is no {name}"
    kind = subgraph.kind(name)
    definition = subgraph.types.get(name)
    if kind is Kind.ENUM:
        values = definition.values if definition else PURPOSES
        fits = isinstance(value, EnumValueNode | StringValueNode) and value.value in values
        return None if fits else f"{print_ast(value)} is no value of enum {name}"
    if kind is Kind.INPUT and definition is not None:
        return _object_mismatch(subgraph, value, definition)
    return None


def _is_whole(value: ConstValueNode) -> bool:
    return isinstance(value, FloatValueNode) and float(value.value).is_integer()


def _object_mismatch(
    subgraph: Subgraph, value: ConstValueNode, definition: TypeDefinition
) -> str | None:
    if not isinstance(value, ObjectValueNode):
        return f"{print_ast(value)} is no {definition.name}"
    given = {field.name.value: field.value for field in value.fields}
    for name, item in given.items():
        field = definition.input_fields.get(name)
        if field is None:
            return f"{definition.name} has no field {name}"
        if problem := mismatch(subgraph, item, field.type):
            return problem
    return None
