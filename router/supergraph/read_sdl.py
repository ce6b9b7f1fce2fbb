"""Supergraph SDL -> Supergraph. Reads join v0.1 to v0.5 (https://specs.apollo.dev/join)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from graphql import (
    ConstDirectiveNode,
    DocumentNode,
    EnumTypeDefinitionNode,
    FieldDefinitionNode,
    GraphQLSyntaxError,
    InputObjectTypeDefinitionNode,
    InterfaceTypeDefinitionNode,
    ObjectTypeDefinitionNode,
    ScalarTypeDefinitionNode,
    SchemaDefinitionNode,
    TypeDefinitionNode,
    UnionTypeDefinitionNode,
    parse,
    value_from_ast_untyped,
)

from router.supergraph.consistency import check
from router.supergraph.links import Link, read_links
from router.supergraph.model import (
    ContextArgument,
    Field,
    JoinField,
    JoinType,
    Kind,
    SubgraphName,
    Supergraph,
    SupergraphError,
    Type,
)

Arguments: TypeAlias = dict[str, Any]
KINDS: Mapping[type[TypeDefinitionNode], Kind] = {
    ObjectTypeDefinitionNode: Kind.OBJECT,
    InterfaceTypeDefinitionNode: Kind.INTERFACE,
    UnionTypeDefinitionNode: Kind.UNION,
    EnumTypeDefinitionNode: Kind.ENUM,
    ScalarTypeDefinitionNode: Kind.SCALAR,
    InputObjectTypeDefinitionNode: Kind.INPUT,
}
FEATURES = {
    "inaccessible": "inaccessible",
    "tag": "tag",
    "authenticated": "authenticated",
    "requiresScopes": "requiresScopes",
    "policy": "policy",
    "context": "context",
    "cost": "cost",
    "listSize": "cost",
}


def read_sdl(text: str) -> Supergraph:
    """Read a supergraph. Raises SupergraphError with what is wrong and what to do."""
    try:
        # Nothing asks where in a supergraph something stands; tokens would be kept for it.
        document = parse(text, no_location=True)
    except GraphQLSyntaxError as error:
        raise SupergraphError(f"The supergraph is not GraphQL: {error}") from error
    links = read_links(document)
    if not any(link.name == "join" for link in links):
        raise SupergraphError(
            "This is no supergraph: its schema definition links no join specification. Compose "
            "the subgraphs first (python -m router compose --config supergraph.yaml)."
        )
    subgraphs = _subgraphs(document)
    names = _directive_names(links)
    types = {
        definition.name.value: _checked_type(definition, subgraphs, names)
        for definition in document.definitions
        if isinstance(definition, TypeDefinitionNode)
    }
    supergraph = Supergraph(document, subgraphs, types, _roots(document, types), names)
    check(supergraph)
    return supergraph


def _checked_type(
    node: TypeDefinitionNode, subgraphs: Mapping[str, SubgraphName], names: Mapping[str, str]
) -> Type:
    try:
        return _type(node, subgraphs, names)
    except KeyError as missing:
        raise SupergraphError(
            f'A directive on "{node.name.value}" or in it lacks its argument {missing}.'
        ) from missing


def _subgraphs(document: DocumentNode) -> dict[str, SubgraphName]:
    for definition in document.definitions:
        if (
            isinstance(definition, EnumTypeDefinitionNode)
            and definition.name.value == "join__Graph"
        ):
            return {
                value.name.value: SubgraphName(
                    value.name.value, str(given.get("name", "")), str(given.get("url", ""))
                )
                for value in definition.values or ()
                for given in _applications(value.directives, "join__graph")
            }
    raise SupergraphError("This is no supergraph: it has no enum join__Graph.")


def _directive_names(links: Iterable[Link]) -> dict[str, str]:
    by_name = {link.name: link for link in links}
    return {
        feature: by_name[spec].directive(feature)
        for feature, spec in FEATURES.items()
        if spec in by_name
    }


def _roots(document: DocumentNode, types: Mapping[str, Type]) -> dict[str, str]:
    for definition in document.definitions:
        if isinstance(definition, SchemaDefinitionNode) and definition.operation_types:
            return {
                operation.operation.value: operation.type.name.value
                for operation in definition.operation_types
            }
    defaults = {"query": "Query", "mutation": "Mutation", "subscription": "Subscription"}
    return {kind: name for kind, name in defaults.items() if name in types}


def _type(
    node: TypeDefinitionNode, subgraphs: Mapping[str, SubgraphName], names: Mapping[str, str]
) -> Type:
    name, kind = node.name.value, KINDS[type(node)]
    owner = next(iter(_applications(node.directives, "join__owner")), None)
    joins = tuple(
        JoinType(
            graph=str(given["graph"]),
            key=given.get("key"),
            is_extension=bool(given.get("extension", False)),
            is_resolvable=given.get("resolvable") is not False,
            is_interface_object=bool(given.get("isInterfaceObject", False)),
        )
        for given in _applications(node.directives, "join__type")
    )
    if not joins and not name.startswith(("join__", "link__", "core__")):
        # join v0.1 says nothing about a value type: every subgraph has it.
        joins = tuple(JoinType(graph) for graph in subgraphs)
    return Type(
        name=name,
        kind=kind,
        joins=joins,
        fields=_fields(node, owner),
        implements=_pairs(node, "join__implements", "interface", joins),
        interfaces=tuple(item.name.value for item in getattr(node, "interfaces", None) or ()),
        members=_members(node, joins),
        values=_values(node, joins),
        contexts=tuple(
            str(given["name"])
            for given in _applications(node.directives, names.get("context", "context"))
        ),
    )


def _fields(node: TypeDefinitionNode, owner: Arguments | None) -> dict[str, Field]:
    if not isinstance(node, ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode):
        return {}
    fields = {}
    for definition in node.fields or ():
        joins = tuple(_join_field(given) for given in _join_fields(definition))
        if not joins and owner is not None:
            # join v0.1: a field of an entity belongs to the type's owner unless it says otherwise.
            joins = (JoinField(str(owner["graph"])),)
        fields[definition.name.value] = Field(
            definition.name.value, definition.type, tuple(definition.arguments or ()), joins
        )
    return fields


def _join_fields(definition: FieldDefinitionNode) -> list[Arguments]:
    return _applications(definition.directives, "join__field")


def _join_field(given: Arguments) -> JoinField:
    return JoinField(
        graph=given.get("graph"),
        requires=given.get("requires"),
        provides=given.get("provides"),
        type=given.get("type"),
        is_external=bool(given.get("external", False)),
        override=given.get("override"),
        override_label=given.get("overrideLabel"),
        is_used_overridden=bool(given.get("usedOverridden", False)),
        context_arguments=tuple(
            ContextArgument(item["name"], item["type"], item["context"], item["selection"])
            for item in given.get("contextArguments") or ()
        ),
    )


def _pairs(
    node: TypeDefinitionNode, directive: str, argument: str, joins: tuple[JoinType, ...]
) -> tuple[tuple[str, str], ...]:
    """Pairs (graph, interface); where the SDL (v0.1) has none, every graph has every interface."""
    pairs = tuple(
        (str(given["graph"]), str(given[argument]))
        for given in _applications(node.directives, directive)
    )
    listed = [item.name.value for item in getattr(node, "interfaces", None) or ()]
    named = {name for _, name in pairs}
    graphs = dict.fromkeys(join.graph for join in joins)
    return pairs + tuple((graph, name) for name in listed if name not in named for graph in graphs)


def _members(node: TypeDefinitionNode, joins: tuple[JoinType, ...]) -> tuple[tuple[str, str], ...]:
    if not isinstance(node, UnionTypeDefinitionNode):
        return ()
    pairs = tuple(
        (str(given["graph"]), str(given["member"]))
        for given in _applications(node.directives, "join__unionMember")
    )
    if pairs:
        return pairs
    graphs = dict.fromkeys(join.graph for join in joins)
    return tuple((graph, member.name.value) for member in node.types or () for graph in graphs)


def _values(node: TypeDefinitionNode, joins: tuple[JoinType, ...]) -> dict[str, tuple[str, ...]]:
    if not isinstance(node, EnumTypeDefinitionNode):
        return {}
    everywhere = tuple(dict.fromkeys(join.graph for join in joins))
    return {
        value.name.value: tuple(
            str(given["graph"]) for given in _applications(value.directives, "join__enumValue")
        )
        or everywhere
        for value in node.values or ()
    }


def _applications(directives: Iterable[ConstDirectiveNode] | None, name: str) -> list[Arguments]:
    """The arguments of each application of one directive, as plain values."""
    return [
        {item.name.value: value_from_ast_untyped(item.value) for item in directive.arguments or ()}
        for directive in directives or ()
        if directive.name.value == name
    ]
