"""Comparing literals: what they say, not how they are written."""

from __future__ import annotations

from collections.abc import Mapping

from graphql import (
    ConstValueNode,
    FloatValueNode,
    IntValueNode,
    ListValueNode,
    ObjectValueNode,
)

from router.compose.subgraph import Application
from router.supergraph.layout import value_text


def meaning(node: ConstValueNode | None) -> object:
    """Equal for literals that say the same: numbers by value, objects whatever their order."""
    if node is None:
        return None
    if isinstance(node, ListValueNode):
        return ("list", *(meaning(item) for item in node.values))
    if isinstance(node, ObjectValueNode):
        fields = ((item.name.value, meaning(item.value)) for item in node.fields)
        return ("object", *sorted(fields, key=lambda pair: pair[0]))
    if isinstance(node, IntValueNode | FloatValueNode):
        return ("number", float(node.value))
    return (type(node).__name__, value_text(node))


def arguments_meaning(
    application: Application, defaults: Mapping[str, ConstValueNode]
) -> tuple[tuple[str, object], ...]:
    """Equal for applications of one directive that say the same, defaults filled in."""
    given = {**defaults, **application.arguments}
    return tuple((name, meaning(given[name])) for name in sorted(given))


def arguments_text(application: Application) -> str:
    """The arguments in parentheses, as the subgraph has them; nothing where there are none."""
    parts = [f"{name}: {value_text(value)}" for name, value in application.arguments.items()]
    return f"({', '.join(parts)})" if parts else ""
