"""What no client can ask for, being @inaccessible: it need not be reachable."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import Node, TypeDefinitionNode

from router.supergraph.model import Supergraph


def hidden_elements(supergraph: Supergraph) -> frozenset[str]:
    """The coordinates of types and fields that are @inaccessible."""
    hidden = supergraph.directive_names.get("inaccessible", "inaccessible")
    return frozenset(_hidden(supergraph, hidden))


def _hidden(supergraph: Supergraph, hidden: str) -> Iterator[str]:
    for definition in supergraph.document.definitions:
        if isinstance(definition, TypeDefinitionNode):
            name = definition.name.value
            if _has(definition, hidden):
                yield name
            for field in getattr(definition, "fields", None) or ():
                if _has(field, hidden):
                    yield f"{name}.{field.name.value}"


def _has(node: Node, directive: str) -> bool:
    return any(item.name.value == directive for item in getattr(node, "directives", None) or ())
