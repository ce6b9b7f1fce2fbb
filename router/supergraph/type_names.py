"""Reading types of fields and inputs: `[Product!]!` is a list of Product."""

from __future__ import annotations

from graphql import ListTypeNode, NamedTypeNode, NonNullTypeNode, TypeNode


def innermost(node: TypeNode) -> str:
    """The name inside: `Product` of `[Product!]!`."""
    while not isinstance(node, NamedTypeNode):
        node = node.type  # type: ignore[attr-defined] # a list or non-null has one
    return node.name.value


def text(node: TypeNode) -> str:
    """The type as written in SDL."""
    if isinstance(node, NonNullTypeNode):
        return f"{text(node.type)}!"
    if isinstance(node, ListTypeNode):
        return f"[{text(node.type)}]"
    return innermost(node)


def nullable(node: TypeNode) -> TypeNode:
    """The type without its outermost `!`."""
    return node.type if isinstance(node, NonNullTypeNode) else node


def is_list(node: TypeNode) -> bool:
    """Whether it is a list, null or not."""
    return isinstance(nullable(node), ListTypeNode)
