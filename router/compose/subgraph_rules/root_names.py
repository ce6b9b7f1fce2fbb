"""Root types, and ROOT_QUERY_USED and its like: their usual names are not given to other types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from graphql import (
    Node,
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
    SchemaDefinitionNode,
    SchemaExtensionNode,
    TypeDefinitionNode,
    TypeExtensionNode,
)

from router.compose.subgraph import Subgraph
from router.diagnostics import Diagnostic

OBJECT = (ObjectTypeDefinitionNode, ObjectTypeExtensionNode)
CODES = {
    "query": "ROOT_QUERY_USED",
    "mutation": "ROOT_MUTATION_USED",
    "subscription": "ROOT_SUBSCRIPTION_USED",
}


def root_types(subgraph: Subgraph) -> Iterator[Diagnostic]:
    """Roots are object types that exist, each of one kind of operation.

    https://spec.graphql.org/draft/#sec-Root-Operation-Types
    """
    kinds: dict[str, str] = {}
    defined = _defined(subgraph)
    for kind, written, node in _roots(subgraph, defined):
        wrong = ""
        if written not in defined:
            wrong = "does not exist"
        elif kinds.setdefault(written, kind) != kind:
            wrong = f"is the {kinds[written]} root type already"
        elif not isinstance(defined[written], OBJECT):
            wrong = "is no object type"
        if wrong:
            yield subgraph.problem(
                "INVALID_GRAPHQL",
                written,
                f'"{written}" cannot be the {kind} root type: it {wrong}.',
                node,
                hint="Name an object type of this subgraph, another one for each operation.",
            )


def _roots(subgraph: Subgraph, defined: Mapping[str, Node]) -> Iterator[tuple[str, str, Node]]:
    """(kind of operation, type as written, where that is said), the usual ones included."""
    is_defined = False
    given = set()
    for node in subgraph.document.definitions:
        if isinstance(node, SchemaDefinitionNode | SchemaExtensionNode):
            is_defined |= isinstance(node, SchemaDefinitionNode)
            for operation in node.operation_types or ():
                given.add(operation.operation.value)
                yield operation.operation.value, operation.type.name.value, operation
    for kind in CODES:
        usual = kind.capitalize()
        is_usual = usual == "Query" or isinstance(defined.get(usual), OBJECT)
        if not is_defined and kind not in given and usual in defined and is_usual:
            yield kind, usual, defined[usual]


def _defined(subgraph: Subgraph) -> dict[str, Node]:
    return {
        node.name.value: node
        for node in subgraph.document.definitions
        if isinstance(node, TypeDefinitionNode | TypeExtensionNode)
    }


def root_names(subgraph: Subgraph) -> Iterator[Diagnostic]:
    """Composition calls the roots Query, Mutation and Subscription, so no other type may be."""
    defined = _defined(subgraph)
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
