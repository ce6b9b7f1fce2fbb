"""Supergraph -> Graph."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from graphql import (
    FieldNode,
    GraphQLSyntaxError,
    ListTypeNode,
    NonNullTypeNode,
    TypeNode,
    parse_type,
)

from router.federation.field_set import FieldSetError, parse_field_set
from router.graph.model import Graph, Key, Label, SubgraphField, SubgraphType
from router.supergraph.model import Field, JoinField, Kind, Supergraph, SupergraphError, Type
from router.supergraph.type_names import innermost

WRAPPERS = (ListTypeNode, NonNullTypeNode)


def build(supergraph: Supergraph) -> Graph:
    """Everything the planner and satisfiability need to know, once per supergraph.

    Raises SupergraphError for a field set or type in a join directive that cannot be read.
    """
    types: dict[str, dict[str, SubgraphType]] = {graph: {} for graph in supergraph.subgraphs}
    interface_objects: dict[str, list[str]] = defaultdict(list)
    for type_ in supergraph.types.values():
        for graph in type_.graphs():
            try:
                view = _view(supergraph, type_, graph)
            except (FieldSetError, GraphQLSyntaxError) as error:
                raise SupergraphError(f'A join directive in "{type_.name}": {error}') from error
            types[graph][type_.name] = view
            if view.is_interface_object:
                interface_objects[type_.name].append(graph)
    interfaces = {type_.name: _interfaces(type_) for type_ in supergraph.types.values()}
    return Graph(
        supergraph=supergraph,
        types=types,
        runtime=_runtime(supergraph),
        interface_objects={name: tuple(graphs) for name, graphs in interface_objects.items()},
        interfaces=interfaces,
    )


def is_list(node: TypeNode) -> int:
    """How many lists are around the name: 1 for `[Product!]!`."""
    depth = 0
    while isinstance(node, WRAPPERS):
        depth += isinstance(node, ListTypeNode)
        node = node.type
    return depth


def _interfaces(type_: Type) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*type_.interfaces, *(name for _, name in type_.implements))))


def _runtime(supergraph: Supergraph) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for type_ in supergraph.types.values():
        if type_.kind is Kind.OBJECT:
            found[type_.name][type_.name] = None
            for name in _interfaces(type_):
                found[name][type_.name] = None
        for _, member in type_.members:
            found[type_.name][member] = None
    return {name: tuple(objects) for name, objects in found.items()}


def _view(supergraph: Supergraph, type_: Type, graph: str) -> SubgraphType:
    joins = [join for join in type_.joins if join.graph == graph]
    is_interface_object = any(join.is_interface_object for join in joins)
    keys = tuple(
        Key(parse_field_set(join.key), join.key, join.is_resolvable) for join in joins if join.key
    )
    return SubgraphType(
        graph=graph,
        name=type_.name,
        kind=Kind.OBJECT if is_interface_object else type_.kind,
        fields={
            found.name: found
            for found in _fields(type_, graph, keys)
            if _is_known(supergraph, graph, found.target)
        },
        keys=keys,
        runtime=(type_.name,)
        if is_interface_object
        else tuple(_possible(supergraph, type_, graph)),
        is_interface_object=is_interface_object,
    )


def _is_known(supergraph: Supergraph, graph: str, name: str) -> bool:
    """Whether the subgraph has the type: join v0.1 gives a value type to all, fields and all."""
    known = supergraph.types.get(name)
    return known is None or graph in known.graphs()


def _possible(supergraph: Supergraph, type_: Type, graph: str) -> Iterator[str]:
    if type_.kind is Kind.OBJECT:
        yield type_.name
    elif type_.kind is Kind.UNION:
        yield from (
            member
            for owner, member in type_.members
            if owner == graph and _is_known(supergraph, graph, member)
        )
    elif type_.kind is Kind.INTERFACE:
        for other in supergraph.types.values():
            if other.kind is Kind.OBJECT and (graph, type_.name) in other.implements:
                yield other.name


def _fields(type_: Type, graph: str, keys: tuple[Key, ...]) -> Iterator[SubgraphField]:
    key_fields = {
        item.name.value
        for key in keys
        for item in key.selections.selections
        if isinstance(item, FieldNode)
    }
    for found in type_.fields.values():
        if not found.joins:
            yield SubgraphField(found.name, found.type, innermost(found.type))
            continue
        join = next((join for join in found.joins if join.graph == graph), None)
        if join is not None:
            yield _field(found, join)
        elif found.name in key_fields:
            # join v0.1 names only the owner of a key's fields, but whoever has the key has them.
            yield SubgraphField(found.name, found.type, innermost(found.type))


def _field(found: Field, join: JoinField) -> SubgraphField:
    own = parse_type(join.type, no_location=True) if join.type else found.type
    label = None
    if join.override_label:
        label = Label(join.override_label, is_here_when_active=join.override is not None)
    return SubgraphField(
        name=found.name,
        type=own,
        target=innermost(own),
        is_external=join.is_external or join.is_used_overridden,
        requires=parse_field_set(join.requires) if join.requires else None,
        provides=parse_field_set(join.provides) if join.provides else None,
        label=label,
        context_arguments=join.context_arguments,
    )
