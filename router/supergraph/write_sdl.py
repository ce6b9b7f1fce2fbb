"""A supergraph document as text: definitions sorted, so that equal schemas are equal bytes."""

from __future__ import annotations

from graphql import DirectiveDefinitionNode, DocumentNode, Node, SchemaDefinitionNode, print_ast


def write_sdl(document: DocumentNode) -> str:
    """The text; reading it back gives an equal supergraph."""
    ordered = sorted(document.definitions, key=_order)
    return print_ast(DocumentNode(definitions=tuple(ordered))) + "\n"


def _order(node: Node) -> tuple[int, str]:
    name = getattr(getattr(node, "name", None), "value", "")
    if isinstance(node, SchemaDefinitionNode):
        return 0, name
    return (1 if isinstance(node, DirectiveDefinitionNode) else 2), name
