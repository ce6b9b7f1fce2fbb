"""A name stands for one thing: types, fields, members, directives and their arguments.

https://spec.graphql.org/draft/#sec-Type-System. Composition always took values of enums and
arguments of fields that are given twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from graphql import DirectiveDefinitionNode, Node, SchemaDefinitionNode, TypeDefinitionNode

from router.compose.subgraph import Subgraph, TypeDefinition
from router.diagnostics import Diagnostic

ADVICE = "Remove or rename one of the two."


def unique_types(subgraph: Subgraph) -> Iterator[Diagnostic]:
    """There is one schema, and one definition of each type."""
    schemas = [d for d in subgraph.document.definitions if isinstance(d, SchemaDefinitionNode)]
    for extra in schemas[1:]:
        yield subgraph.problem(
            "INVALID_GRAPHQL", "schema", "There is more than one schema definition.", extra,
            hint="Keep one; extend it elsewhere.",
        )  # fmt: skip
    for name, type_ in subgraph.types.items():
        definitions = [part for part in type_.parts if isinstance(part, TypeDefinitionNode)]
        yield from _twice(subgraph, definitions, name, "Type")


def unique_names(subgraph: Subgraph) -> Iterator[Diagnostic]:
    """No name is given twice within a type, or to directives."""
    directives = [
        d for d in subgraph.document.definitions if isinstance(d, DirectiveDefinitionNode)
    ]
    yield from _twice(subgraph, directives, "@{}", "Directive")
    for directive in directives:
        pattern = f"@{directive.name.value}({{}}:)"
        yield from _twice(subgraph, directive.arguments or (), pattern, "Argument")
    for type_ in subgraph.types.values():
        yield from _within(subgraph, type_)


def _within(subgraph: Subgraph, type_: TypeDefinition) -> Iterator[Diagnostic]:
    name, parts = type_.name, type_.parts
    for attribute, word in (
        ("fields", "Field"),
        ("types", "Member"),
        ("interfaces", "Interface"),
    ):
        nodes = [item for part in parts for item in getattr(part, attribute, None) or ()]
        yield from _twice(subgraph, nodes, f"{name}.{{}}", word)


def _twice(
    subgraph: Subgraph, nodes: Iterable[Node], pattern: str, word: str
) -> Iterator[Diagnostic]:
    seen: dict[str, Node] = {}
    for node in nodes:
        name = node.name.value  # type: ignore[attr-defined] # only named nodes are asked about
        first = seen.setdefault(name, node)
        if first is not node:
            coordinate = pattern.format(name)
            yield subgraph.problem(
                "INVALID_GRAPHQL",
                coordinate,
                f'{word} "{coordinate}" is given more than once.',
                first,
                node,
                hint=ADVICE,
            )
