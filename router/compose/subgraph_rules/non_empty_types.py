"""Types have parts, and names that are not reserved.

https://spec.graphql.org/draft/#sec-Names.Reserved-Names
"""

from __future__ import annotations

from collections.abc import Iterator

from graphql import DirectiveDefinitionNode

from router.compose.elements import elements
from router.compose.subgraph import Subgraph, TypeDefinition
from router.diagnostics import Diagnostic
from router.supergraph.model import Kind

PARTS = {
    Kind.OBJECT: "fields",
    Kind.INTERFACE: "fields",
    Kind.INPUT: "input_fields",
    Kind.ENUM: "values",
    Kind.UNION: "members",
}


def non_empty_types(subgraph: Subgraph) -> Iterator[Diagnostic]:
    """An object has fields, an enum values, a union members; a root may be left empty."""
    for type_ in subgraph.types.values():
        attribute = PARTS.get(type_.kind)
        if attribute and not getattr(type_, attribute) and not _may_be_empty(subgraph, type_):
            parts = attribute.removeprefix("input_")
            yield subgraph.problem(
                "INVALID_GRAPHQL",
                type_.name,
                f'{type_.kind.value.capitalize()} "{type_.name}" has no {parts}.',
                type_.node,
                hint="Give it at least one, or remove it.",
            )


def _may_be_empty(subgraph: Subgraph, type_: TypeDefinition) -> bool:
    """The query root always has Federation's own fields."""
    return type_.name == subgraph.roots.get("query", "Query")


def reserved_names(subgraph: Subgraph) -> Iterator[Diagnostic]:
    """Names that start with two underscores are introspection's."""
    for placed in elements(subgraph):
        if placed.element.name.startswith("__"):
            yield subgraph.problem(
                "INVALID_GRAPHQL",
                placed.coordinate,
                f'"{placed.coordinate}" starts with "__", which is reserved for introspection.',
                placed.element.node,
                hint="Use another name.",
            )
    for definition in subgraph.document.definitions:
        if isinstance(definition, DirectiveDefinitionNode):
            name = definition.name.value
            if name.startswith("__"):
                yield subgraph.problem(
                    "INVALID_GRAPHQL",
                    f"@{name}",
                    f'"@{name}" starts with "__", which is reserved for introspection.',
                    definition,
                    hint="Use another name.",
                )
