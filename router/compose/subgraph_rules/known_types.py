"""Every type that is named exists, and is of a kind that may stand there.

https://spec.graphql.org/draft/#sec-Type-References
"""

from __future__ import annotations

from collections.abc import Iterator

from graphql import (
    NamedTypeNode,
    Node,
    ScalarTypeDefinitionNode,
    TypeDefinitionNode,
    TypeExtensionNode,
    TypeNode,
)

from router.compose.elements import inputs
from router.compose.subgraph import Subgraph
from router.diagnostics import Diagnostic
from router.supergraph.model import Kind
from router.supergraph.type_names import innermost

BUILT_IN = frozenset({"ID", "Int", "Float", "String", "Boolean"})
INPUTS = frozenset({Kind.SCALAR, Kind.ENUM, Kind.INPUT})


def known_types(subgraph: Subgraph) -> Iterator[Diagnostic]:
    """No field or argument names a type that the document does not define.

    What Federation brings must be defined to be named, too.
    """
    direct = subgraph.types.keys() & subgraph.specified_types.keys()
    defined = {*BUILT_IN, *direct, *subgraph.renamed.values()} | {
        definition.name.value
        for definition in subgraph.document.definitions
        if isinstance(definition, TypeDefinitionNode | TypeExtensionNode)
    }
    for coordinate, type_, node in _typed(subgraph):
        name = innermost(type_)
        if name not in defined:
            yield _unknown(subgraph, coordinate, name, node)


def _typed(subgraph: Subgraph) -> Iterator[tuple[str, TypeNode, Node]]:
    for type_ in subgraph.types.values():
        for field in type_.fields.values():
            yield f"{type_.name}.{field.name}", field.type, field.node
    for coordinate, value in inputs(subgraph):
        yield coordinate, value.type, value.node


def known_parents(subgraph: Subgraph) -> Iterator[Diagnostic]:
    """What is implemented is an interface, and unions are of objects."""
    for type_ in subgraph.types.values():
        for part in type_.parts:
            for item in getattr(part, "interfaces", None) or ():
                yield from _of_kind(subgraph, type_.name, item, Kind.INTERFACE, "implements")
            for item in getattr(part, "types", None) or ():
                yield from _of_kind(subgraph, type_.name, item, Kind.OBJECT, "is a union of")


def own_types_only(subgraph: Subgraph) -> Iterator[Diagnostic]:
    """GraphQL's own scalars stay scalars, and are not extended."""
    for definition in subgraph.document.definitions:
        if isinstance(definition, TypeDefinitionNode | TypeExtensionNode):
            name = definition.name.value
            if name in BUILT_IN and not isinstance(definition, ScalarTypeDefinitionNode):
                yield subgraph.problem(
                    "INVALID_GRAPHQL",
                    name,
                    f'"{name}" is a scalar of GraphQL itself and cannot be changed.',
                    definition,
                    hint="Use another name.",
                )


def type_positions(subgraph: Subgraph) -> Iterator[Diagnostic]:
    """Fields give output types, arguments and input fields take input types."""
    for type_ in subgraph.types.values():
        for field in type_.fields.values():
            if subgraph.kind(innermost(field.type)) is Kind.INPUT:
                yield subgraph.problem(
                    "INVALID_GRAPHQL",
                    f"{type_.name}.{field.name}",
                    f'"{type_.name}.{field.name}" cannot give an input type '
                    f"({innermost(field.type)}).",
                    field.node,
                    hint="Define an object type with the same fields for answers.",
                )
    for coordinate, value in inputs(subgraph):
        if subgraph.kind(innermost(value.type)) not in INPUTS:
            yield subgraph.problem(
                "INVALID_GRAPHQL",
                coordinate,
                f'"{coordinate}" takes {innermost(value.type)}, which is no input type.',
                value.node,
                hint="Take a scalar, an enum or an input object.",
            )


def _of_kind(
    subgraph: Subgraph, coordinate: str, node: NamedTypeNode, kind: Kind, what: str
) -> Iterator[Diagnostic]:
    name = node.name.value
    found = subgraph.kind(name)
    type_ = subgraph.types.get(name)
    if found is None or (type_ is not None and not type_.parts):
        yield _unknown(subgraph, coordinate, name, node)
    elif found is not kind:
        yield subgraph.problem(
            "INVALID_GRAPHQL",
            coordinate,
            f'"{coordinate}" {what} {name}, which is {_article(found)}, not {_article(kind)}.',
            node,
            hint=f"Name {_article(kind)} there.",
        )


def _article(kind: Kind) -> str:
    word = kind.value.lower()
    return f"an {word}" if word[0] in "aeiou" else f"a {word}"


def _unknown(subgraph: Subgraph, coordinate: str, name: str, node: Node) -> Diagnostic:
    return subgraph.problem(
        "INVALID_GRAPHQL",
        coordinate,
        f'"{coordinate}" names the type "{name}", which this subgraph does not define.',
        node,
        hint="Define it here (a stub with its @key is enough for an entity), or mend the name.",
    )
