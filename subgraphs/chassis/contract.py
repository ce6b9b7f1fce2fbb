"""A subgraph's contract and its implementation, brought to one form so that they can be compared.

What does not change the contract is left out: order, descriptions, defaults said or unsaid
(`= null`, `resolvable: true`), `extend schema` against `schema`, and what every subgraph adds
(_entities, _service).

    assert normalised(printed_by_strawberry) == normalised(text_of_schema_graphql)
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from graphql import (
    ArgumentNode,
    InputValueDefinitionNode,
    NamedTypeNode,
    Node,
    NullValueNode,
    SchemaDefinitionNode,
    SchemaExtensionNode,
    parse,
    print_ast,
)

# Arguments of federation directives that say what holds without them.
UNSAID = frozenset({"requireOneSlicingArgument: true", "resolvable: true"})
ADDED = frozenset({"_entities", "_service", "_Any", "_Entity", "_Service"})


def normalised(sdl: str) -> str:
    """The contract in an SDL text, printed in one order. Raises GraphQLSyntaxError."""
    return print_ast(_normal(parse(sdl, no_location=True))) + "\n"


def _normal(node: Any) -> Any:
    """The same node with its children normal, in one order, and without what is no contract."""
    changes: dict[str, Any] = {}
    for field in fields(node):
        value = getattr(node, field.name)
        if field.name == "description":
            changes[field.name] = None
        elif isinstance(value, Node):
            changes[field.name] = _normal(value)
        elif isinstance(value, tuple | list):
            kept = [_normal(child) for child in value if not _is_left_out(child)]
            changes[field.name] = tuple(sorted(kept, key=_order))
    if isinstance(node, InputValueDefinitionNode) and isinstance(node.default_value, NullValueNode):
        changes["default_value"] = None
    if isinstance(node, SchemaDefinitionNode | SchemaExtensionNode):
        # Root types are named Query, Mutation and Subscription everywhere, so they go unsaid.
        return SchemaExtensionNode(directives=changes["directives"], operation_types=())
    return replace(node, **changes)


def _is_left_out(node: Node) -> bool:
    if isinstance(node, ArgumentNode):
        return isinstance(node.value, NullValueNode) or print_ast(node) in UNSAID
    name = getattr(getattr(node, "name", None), "value", None)
    return name in ADDED and not isinstance(node, NamedTypeNode)


def _order(node: Node) -> str:
    return f"{type(node).__name__} {print_ast(node)}"
