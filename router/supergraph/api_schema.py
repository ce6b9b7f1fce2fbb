"""What clients see: the supergraph without its machinery and without what is @inaccessible."""

from __future__ import annotations

from typing import Any, TypeVar

from graphql import (
    DefinitionNode,
    DirectiveDefinitionNode,
    DocumentNode,
    EnumTypeDefinitionNode,
    FieldDefinitionNode,
    GraphQLDeferDirective,
    GraphQLSchema,
    InputObjectTypeDefinitionNode,
    InterfaceTypeDefinitionNode,
    Node,
    ObjectTypeDefinitionNode,
    SchemaDefinitionNode,
    TypeDefinitionNode,
    UnionTypeDefinitionNode,
    build_ast_schema,
)

from router.supergraph.links import Link, read_links
from router.supergraph.model import Supergraph, SupergraphError

EXECUTABLE = frozenset(
    {
        "QUERY",
        "MUTATION",
        "SUBSCRIPTION",
        "FIELD",
        "FRAGMENT_DEFINITION",
        "FRAGMENT_SPREAD",
        "INLINE_FRAGMENT",
        "VARIABLE_DEFINITION",
    }
)
KEPT = frozenset({"deprecated", "specifiedBy", "oneOf"})
AnyNode = TypeVar("AnyNode", bound=Node)


def api_schema(supergraph: Supergraph, *, can_defer: bool = False) -> GraphQLSchema:
    """The schema that operations are validated against and introspection answers from.

    With `can_defer` it has @defer, which no subgraph brings: the router itself understands it.
    Raises SupergraphError where something accessible has a type that is not.
    """
    try:
        schema = build_ast_schema(api_document(supergraph), assume_valid=True)
    except TypeError as error:
        raise SupergraphError(f"What clients would see is no schema: {error}") from error
    if not can_defer or schema.get_directive("defer") is not None:
        return schema
    parts = schema.to_kwargs()
    parts["directives"] = (*schema.directives, GraphQLDeferDirective)
    return GraphQLSchema(**parts)


def api_document(supergraph: Supergraph) -> DocumentNode:
    """The same as a document."""
    links = read_links(supergraph.document)
    hidden = supergraph.directive_names.get("inaccessible", "inaccessible")
    machinery = {link.alias for link in links} | {"link", "core", "join"}
    imported = {local for link in links for _, local in link.imports}
    gone = {
        definition.name.value
        for definition in supergraph.document.definitions
        if isinstance(definition, TypeDefinitionNode)
        and (_is_machinery(definition.name.value, machinery, imported) or _has(definition, hidden))
    }
    kept: list[DefinitionNode] = []
    for definition in supergraph.document.definitions:
        if isinstance(definition, DirectiveDefinitionNode):
            if _is_for_clients(definition, links):
                kept.append(definition)
        elif isinstance(definition, SchemaDefinitionNode):
            roots = [it for it in definition.operation_types if it.type.name.value not in gone]
            kept.append(_copy(definition, directives=(), operation_types=tuple(roots)))
        elif isinstance(definition, TypeDefinitionNode) and definition.name.value not in gone:
            kept.append(_visible(definition, hidden, gone))
    return DocumentNode(definitions=tuple(kept))


def _is_machinery(name: str, machinery: set[str], imported: set[str]) -> bool:
    return name in imported or (name.split("__", 1)[0] in machinery and "__" in name)


def _is_for_clients(definition: DirectiveDefinitionNode, links: tuple[Link, ...]) -> bool:
    """Only executable directives mean something to a client, and none of a core feature does."""
    name = definition.name.value
    core = {link.alias for link in links if link.purpose or link.name in {"tag", "link", "core"}}
    if name in core or name.split("__", 1)[0] in {"join", "link", "core"}:
        return False
    return any(location.value in EXECUTABLE for location in definition.locations)


def _has(node: Node, directive: str) -> bool:
    return any(item.name.value == directive for item in getattr(node, "directives", None) or ())


def _visible(definition: TypeDefinitionNode, hidden: str, gone: set[str]) -> TypeDefinitionNode:
    parts: dict[str, object] = {"directives": _client_directives(definition)}
    match definition:
        case ObjectTypeDefinitionNode() | InterfaceTypeDefinitionNode():
            parts["fields"] = tuple(
                _visible_field(field, hidden)
                for field in definition.fields or ()
                if not _has(field, hidden)
            )
            parts["interfaces"] = tuple(
                item for item in definition.interfaces or () if item.name.value not in gone
            )
        case InputObjectTypeDefinitionNode():
            parts["fields"] = _visible_parts(definition.fields, hidden)
        case EnumTypeDefinitionNode():
            parts["values"] = _visible_parts(definition.values, hidden)
        case UnionTypeDefinitionNode():
            parts["types"] = tuple(
                item for item in definition.types or () if item.name.value not in gone
            )
    return _copy(definition, **parts)


def _visible_field(field: FieldDefinitionNode, hidden: str) -> FieldDefinitionNode:
    return _copy(
        field,
        arguments=_visible_parts(field.arguments, hidden),
        directives=_client_directives(field),
    )


def _visible_parts(nodes: tuple[AnyNode, ...] | None, hidden: str) -> tuple[AnyNode, ...]:
    return tuple(
        _copy(node, directives=_client_directives(node))
        for node in nodes or ()
        if not _has(node, hidden)
    )


def _client_directives(node: Node) -> tuple[Node, ...]:
    return tuple(
        item for item in getattr(node, "directives", None) or () if item.name.value in KEPT
    )


def _copy(node: AnyNode, **changes: object) -> AnyNode:
    values: dict[str, Any] = {key: getattr(node, key, None) for key in node.keys}
    return type(node)(**(values | changes))
