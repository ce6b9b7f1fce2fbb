"""ROOT_QUERY_USED and its like: the usual name of a root type is not given to another type."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import SchemaDefinitionNode, SchemaExtensionNode, TypeDefinitionNode, TypeExtensionNode

from router.compose.subgraph import Subgraph
from router.diagnostics import Diagnostic

CODES = {
    "query": "ROOT_QUERY_USED",
    "mutation": "ROOT_MUTATION_USED",
    "subscription": "ROOT_SUBSCRIPTION_USED",
}


def root_names(subgraph: Subgraph) -> Iterator[Diagnostic]:
    """Composition calls the roots Query, Mutation and Subscription, so no other type may be."""
    defined = {
        node.name.value: node
        for node in subgraph.document.definitions
        if isinstance(node, TypeDefinitionNode | TypeExtensionNode)
    }
    for node in subgraph.document.definitions:
        if not isinstance(node, SchemaDefinitionNode | SchemaExtensionNode):
            continue
        for operation in node.operation_types or ():
            kind, root = operation.operation.value, operation.type.name.value
            usual = kind.capitalize()
            if root != usual and usual in defined:
                yield subgraph.problem(
                    CODES[kind],
                    usual,
                    f'"{usual}" is not the {kind} root type ("{root}" is), but composition gives '
                    "that name to the root.",
                    defined[usual],
                    hint=f'Rename "{usual}", or make it the root.',
                )
