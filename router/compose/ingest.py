"""SDL text -> Subgraph: extensions merged into their types, directives under their own names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import cast

from graphql import (
    ConstDirectiveNode,
    DirectiveDefinitionNode,
    DocumentNode,
    EnumTypeDefinitionNode,
    EnumTypeExtensionNode,
    FieldDefinitionNode,
    GraphQLSyntaxError,
    InputObjectTypeDefinitionNode,
    InputObjectTypeExtensionNode,
    InputValueDefinitionNode,
    InterfaceTypeDefinitionNode,
    InterfaceTypeExtensionNode,
    ListTypeNode,
    NamedTypeNode,
    NameNode,
    Node,
    NonNullTypeNode,
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
    ScalarTypeDefinitionNode,
    ScalarTypeExtensionNode,
    SchemaDefinitionNode,
    SchemaExtensionNode,
    StringValueNode,
    TypeDefinitionNode,
    TypeExtensionNode,
    TypeNode,
    UnionTypeDefinitionNode,
    UnionTypeExtensionNode,
    parse,
)

from router.compose.subgraph import (
    Application,
    Element,
    FieldDefinition,
    InputValue,
    Source,
    Subgraph,
    TypeDefinition,
)
from router.diagnostics import Diagnostic, Location
from router.supergraph.links import APOLLO, Link, links_of
from router.supergraph.model import Kind

KINDS: Mapping[type[Node], Kind] = {
    ObjectTypeDefinitionNode: Kind.OBJECT,
    ObjectTypeExtensionNode: Kind.OBJECT,
    InterfaceTypeDefinitionNode: Kind.INTERFACE,
    InterfaceTypeExtensionNode: Kind.INTERFACE,
    UnionTypeDefinitionNode: Kind.UNION,
    UnionTypeExtensionNode: Kind.UNION,
    EnumTypeDefinitionNode: Kind.ENUM,
    EnumTypeExtensionNode: Kind.ENUM,
    ScalarTypeDefinitionNode: Kind.SCALAR,
    ScalarTypeExtensionNode: Kind.SCALAR,
    InputObjectTypeDefinitionNode: Kind.INPUT,
    InputObjectTypeExtensionNode: Kind.INPUT,
}
ROOTS = {"query": "Query", "mutation": "Mutation", "subscription": "Subscription"}
MACHINERY_TYPES = frozenset({"_Any", "_Entity", "_Service", "_FieldSet", "FieldSet"})
MACHINERY_FIELDS = frozenset({"_entities", "_service"})
# What a subgraph without a link to Federation may write.
FEDERATION_1 = frozenset(
    {"key", "requires", "provides", "external", "extends", "tag", "inaccessible"}
)
FEDERATION_2 = FEDERATION_1 | {
    "shareable",
    "override",
    "composeDirective",
    "interfaceObject",
    "authenticated",
    "requiresScopes",
    "policy",
    "context",
    "fromContext",
    "cost",
    "listSize",
    "cacheTag",
}
Definition = TypeDefinitionNode | TypeExtensionNode


class Unreadable(Exception):  # noqa: N818 - it says what the SDL is
    """The SDL cannot be read; `diagnostics` say why."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        super().__init__(diagnostics[0].message)
        self.diagnostics = diagnostics


def ingest(source: Source) -> Subgraph:
    """Read one subgraph. Raises Unreadable for text that is not GraphQL."""
    try:
        document = parse(source.sdl)
    except GraphQLSyntaxError as error:
        raise Unreadable((_syntax(source, error),)) from error
    links = links_of(document)
    federation = next((link for link in links if link.identity == f"{APOLLO}federation"), None)
    names = directive_names(links, federation)
    roots = _roots(document)
    reader = _Reader(names, {written: ROOTS[kind] for kind, written in roots.items()})
    for definition in document.definitions:
        reader.read(definition)
    types = {name: reader.type(name) for name in reader.parts if not _is_machinery(name, links)}
    if "Query" not in types:
        # Federation gives every subgraph a query root (`_service`), so each can be sent queries.
        types["Query"] = TypeDefinition("Query", None, (), NameNode(value="Query"), Kind.OBJECT)
    return Subgraph(
        name=source.name,
        url=source.url,
        file=source.file,
        lines=tuple(source.sdl.splitlines()),
        version=federation.version if federation else (1, 0),
        types=types,
        directives={name: node for name, node in reader.directives.items() if name not in names},
        links=links,
        names=names,
        schema=reader.schema(),
        roots={kind: ROOTS[kind] for kind in roots},
    )


def _syntax(source: Source, error: GraphQLSyntaxError) -> Diagnostic:
    line, column = error.locations[0] if error.locations else (1, 1)
    lines = source.sdl.splitlines()
    text = lines[line - 1] if 0 < line <= len(lines) else ""
    return Diagnostic(
        code="INVALID_GRAPHQL",
        message=f"[{source.name}] {error.message}",
        subgraphs=(source.name,),
        hint="Mend the SDL; nothing after this point was read.",
        locations=(Location(source.name, source.file or source.name, line, column, text),),
    )


def directive_names(links: Iterable[Link], federation: Link | None) -> dict[str, str]:
    """What the SDL calls each directive of a known specification -> its own name."""
    if federation is None:
        names = {name: name for name in FEDERATION_1}
    else:
        names = {federation.directive(name): name for name in FEDERATION_2}
        for original, local in federation.imports:
            names[local.removeprefix("@")] = original.removeprefix("@")
    for link in links:
        if link.identity.startswith(APOLLO) and link is not federation:
            for feature in FEDERATION_2:
                if feature == link.name or any(o == f"@{feature}" for o, _ in link.imports):
                    names[link.directive(feature)] = feature
    return names | {"link": "link", "core": "core"}


def _is_machinery(name: str, links: Iterable[Link]) -> bool:
    prefixes = {link.alias for link in links} | {"link", "core", "federation"}
    if name in MACHINERY_TYPES or ("__" in name and name.split("__", 1)[0] in prefixes):
        return True
    return any(local == name for link in links for _, local in link.imports)


def _roots(document: DocumentNode) -> dict[str, str]:
    """Operation kind -> what the subgraph calls its root type."""
    given: dict[str, str] = {}
    defined: set[str] = set()
    for definition in document.definitions:
        if isinstance(definition, SchemaDefinitionNode | SchemaExtensionNode):
            for operation in definition.operation_types or ():
                given[operation.operation.value] = operation.type.name.value
        elif isinstance(definition, TypeDefinitionNode | TypeExtensionNode):
            defined.add(definition.name.value)
    if given:
        return given
    return {kind: name for kind, name in ROOTS.items() if name in defined}


@dataclass(slots=True)
class _Reader:
    """Collects the parts of each definition under its normalised name."""

    names: Mapping[str, str]
    renamed: Mapping[str, str]
    parts: dict[str, list[Definition]] = field(default_factory=dict)
    directives: dict[str, DirectiveDefinitionNode] = field(default_factory=dict)
    schemas: list[SchemaDefinitionNode | SchemaExtensionNode] = field(default_factory=list)

    def read(self, node: Node) -> None:
        """Put one definition to its like."""
        if isinstance(node, TypeDefinitionNode | TypeExtensionNode):
            name = node.name.value
            self.parts.setdefault(self.renamed.get(name, name), []).append(node)
        elif isinstance(node, DirectiveDefinitionNode):
            self.directives[node.name.value] = node
        elif isinstance(node, SchemaDefinitionNode | SchemaExtensionNode):
            self.schemas.append(node)

    def schema(self) -> Element:
        """The schema definition with its extensions."""
        applications = tuple(
            item for node in self.schemas for item in self.applications(node.directives)
        )
        node: Node = self.schemas[0] if self.schemas else NameNode(value="schema")
        first = next((n for n in self.schemas if isinstance(n, SchemaDefinitionNode)), None)
        return Element("schema", _description(first), applications, node)

    def type(self, name: str) -> TypeDefinition:
        """One type from its definition and extensions."""
        nodes = self.parts[name]
        base = next((node for node in nodes if isinstance(node, TypeDefinitionNode)), nodes[0])
        applications = tuple(item for node in nodes for item in self.applications(node.directives))
        is_extension = not isinstance(base, TypeDefinitionNode) or any(
            item.name == "extends" for item in applications
        )
        return TypeDefinition(
            name=name,
            description=_description(base),
            applications=tuple(item for item in applications if item.name != "extends"),
            node=base,
            kind=KINDS[type(base)],
            is_extension=is_extension,
            fields=self._fields(nodes),
            input_fields=self._input_fields(nodes),
            interfaces=_named(nodes, "interfaces"),
            members=_named(nodes, "types"),
            values=self._values(nodes),
        )

    def applications(
        self, directives: Iterable[ConstDirectiveNode] | None
    ) -> Iterable[Application]:
        """Directive applications under the specifications' names."""
        for node in directives or ():
            written = node.name.value
            arguments = {item.name.value: item.value for item in node.arguments or ()}
            yield Application(self.names.get(written, written), written, arguments, node)

    def _fields(self, nodes: list[Definition]) -> dict[str, FieldDefinition]:
        found: dict[str, FieldDefinition] = {}
        for owner in nodes:
            if KINDS[type(owner)] not in {Kind.OBJECT, Kind.INTERFACE}:
                continue
            for node in cast(
                "tuple[FieldDefinitionNode, ...]", getattr(owner, "fields", None) or ()
            ):
                name = node.name.value
                if name in MACHINERY_FIELDS:
                    continue
                found[name] = FieldDefinition(
                    name=name,
                    description=_description(node),
                    applications=tuple(self.applications(node.directives)),
                    node=node,
                    type=self.renamed_type(node.type),
                    arguments=self._inputs(node.arguments),
                )
        return found

    def _input_fields(self, nodes: list[Definition]) -> dict[str, InputValue]:
        found: dict[str, InputValue] = {}
        for owner in nodes:
            if KINDS[type(owner)] is Kind.INPUT:
                found |= self._inputs(getattr(owner, "fields", None))
        return found

    def _inputs(self, nodes: Iterable[InputValueDefinitionNode] | None) -> dict[str, InputValue]:
        return {
            node.name.value: InputValue(
                name=node.name.value,
                description=_description(node),
                applications=tuple(self.applications(node.directives)),
                node=node,
                type=node.type,
                default=node.default_value,
            )
            for node in nodes or ()
        }

    def _values(self, nodes: list[Definition]) -> dict[str, Element]:
        return {
            value.name.value: Element(
                value.name.value,
                _description(value),
                tuple(self.applications(value.directives)),
                value,
            )
            for owner in nodes
            for value in getattr(owner, "values", None) or ()
        }

    def renamed_type(self, node: TypeNode) -> TypeNode:
        """A type whose innermost name is a root type under its usual name."""
        if isinstance(node, NamedTypeNode):
            name = self.renamed.get(node.name.value)
            return node if name is None else NamedTypeNode(name=NameNode(value=name))
        if isinstance(node, NonNullTypeNode):
            inner = cast("NamedTypeNode | ListTypeNode", self.renamed_type(node.type))
            return NonNullTypeNode(type=inner)
        if isinstance(node, ListTypeNode):
            return ListTypeNode(type=self.renamed_type(node.type))
        return node


def _description(node: Node | None) -> str | None:
    found = getattr(node, "description", None)
    return found.value if isinstance(found, StringValueNode) else None


def _named(nodes: Iterable[Node], attribute: str) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(
            item.name.value for node in nodes for item in getattr(node, attribute, None) or ()
        )
    )
