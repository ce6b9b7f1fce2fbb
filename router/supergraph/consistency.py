"""Whether a supergraph hangs together: what it names it also has.

Composers see to that, but a file may have been edited, cut short or merged by hand.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphql import (
    DocumentNode,
    FieldDefinitionNode,
    InputValueDefinitionNode,
    TypeDefinitionNode,
    specified_scalar_types,
)

from router.supergraph.model import Kind, Supergraph, SupergraphError, Type
from router.supergraph.type_names import innermost


def check(supergraph: Supergraph) -> None:
    """Raises SupergraphError for the first thing that is named and not there."""
    _check_names_once(supergraph.document)
    for kind, name in supergraph.roots.items():
        _check_kind(supergraph, name, Kind.OBJECT, f"The {kind} root")
    for definition in supergraph.document.definitions:
        if isinstance(definition, TypeDefinitionNode):
            _check_types(supergraph, definition)
    for type_ in supergraph.types.values():
        for name in type_.interfaces:
            _check_kind(supergraph, name, Kind.INTERFACE, f'"{type_.name}" implements')
        for graph, where in _graphs(type_):
            if graph not in supergraph.subgraphs:
                raise SupergraphError(
                    f'{where} is joined to graph "{graph}", which enum join__Graph does not have.'
                )


def _check_names_once(document: DocumentNode) -> None:
    seen: set[str] = set()
    for definition in document.definitions:
        if isinstance(definition, TypeDefinitionNode):
            name = definition.name.value
            if name in seen:
                raise SupergraphError(f'The supergraph defines "{name}" twice.')
            seen.add(name)


def _check_kind(supergraph: Supergraph, name: str, kind: Kind, what: str) -> None:
    found = supergraph.types.get(name)
    if found is None:
        raise SupergraphError(f'{what} "{name}", which the supergraph does not define.')
    if found.kind is not kind:
        raise SupergraphError(f'{what} "{name}", which is no {kind.value.lower()}.')


def _check_types(supergraph: Supergraph, definition: TypeDefinitionNode) -> None:
    for where, name in _named(definition):
        if name not in supergraph.types and name not in specified_scalar_types:
            raise SupergraphError(
                f'{where} names the type "{name}", which the supergraph does not define.'
            )


def _named(definition: TypeDefinitionNode) -> Iterator[tuple[str, str]]:
    """Every type a definition names, with where; interfaces are told of elsewhere."""
    owner = definition.name.value
    for member in getattr(definition, "types", None) or ():
        yield f'Union "{owner}"', member.name.value
    fields: tuple[FieldDefinitionNode | InputValueDefinitionNode, ...]
    fields = getattr(definition, "fields", None) or ()
    for field in fields:
        where = f'"{owner}.{field.name.value}"'
        yield where, innermost(field.type)
        for argument in getattr(field, "arguments", None) or ():
            yield f'"{owner}.{field.name.value}({argument.name.value}:)"', innermost(argument.type)


def _graphs(type_: Type) -> Iterator[tuple[str, str]]:
    """Every graph that a type or a part of it is joined to, with where."""
    where = f'"{type_.name}"'
    for join in type_.joins:
        yield join.graph, where
    for graph, _ in (*type_.implements, *type_.members):
        yield graph, where
    for value, graphs in type_.values.items():
        for graph in graphs:
            yield graph, f'"{type_.name}.{value}"'
    for field in type_.fields.values():
        for part in field.joins:
            if part.graph is not None:
                yield part.graph, f'"{type_.name}.{field.name}"'
