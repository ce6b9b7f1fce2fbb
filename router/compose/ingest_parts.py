"""Collects the definitions and extensions of each type, and makes one of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import cast

from graphql import (
    ConstDirectiveNode,
    DirectiveDefinitionNode,
    EnumTypeDefinitionNode,
    EnumTypeExtensionNode,
    FieldDefinitionNode,
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
)

from router.compose.subgraph import (
    Application,
    Element,
    FieldDefinition,
    InputValue,
    Part,
    TypeDefinition,
)
from router.federation.directives import ALL
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
MACHINERY_FIELDS = frozenset({"_entities", "_service"})
# What @extends may stand on, where it is the same as the keyword.
EXTENDED = frozenset({Kind.OBJECT, Kind.INTERFACE})
SPECIFIED = frozenset(definition.name for definition in ALL)


@dataclass(slots=True)
class Reader:
    """The parts of each type under its normalised name.

    `names` are the document's names of directives -> the specification's; `renamed` its names of
    root types -> the usual ones.
    """

    names: Mapping[str, str]
    renamed: Mapping[str, str]
    parts: dict[str, list[Part]] = field(default_factory=dict)
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
            item for node in self.schemas for item in self._applications(node.directives)
        )
        node: Node = self.schemas[0] if self.schemas else NameNode(value="schema")
        first = next((n for n in self.schemas if isinstance(n, SchemaDefinitionNode)), None)
        return Element("schema", _description(first), applications, node)

    def type(self, name: str) -> TypeDefinition:
        """One type from its definition and extensions."""
        parts = self.parts[name]
        base = next((node for node in parts if isinstance(node, TypeDefinitionNode)), parts[0])
        applications = tuple(
            item for part in parts for item in self._applications(part.directives, part)
        )
        is_extension = not isinstance(base, TypeDefinitionNode) or any(
            item.name == "extends" for item in applications
        )
        return TypeDefinition(
            name=name,
            description=_description(base),
            applications=tuple(
                item
                for item in applications
                if item.name != "extends" or KINDS[type(base)] not in EXTENDED
            ),
            node=base,
            kind=KINDS[type(base)],
            is_extension=is_extension,
            fields=self._fields(parts),
            input_fields=self._input_fields(parts),
            interfaces=self._named(parts, "interfaces"),
            members=self._named(parts, "types"),
            values=self._values(parts),
            parts=tuple(parts),
        )

    def directive_arguments(self) -> dict[str, InputValue]:
        """The arguments of the document's own directives, by coordinate."""
        return {
            f"@{name}({argument}:)": value
            for name, node in self.directives.items()
            for argument, value in self._inputs(node.arguments).items()
        }

    def _applications(
        self, directives: Iterable[ConstDirectiveNode] | None, part: Part | None = None
    ) -> Iterator[Application]:
        """Directive applications under the specifications' names."""
        for node in directives or ():
            written = node.name.value
            name = self.names.get(written)
            if name is None:
                name = f"@{written}" if written in SPECIFIED else written
            arguments = {item.name.value: item.value for item in node.arguments or ()}
            yield Application(name, written, arguments, node, part)

    def _fields(self, parts: list[Part]) -> dict[str, FieldDefinition]:
        found: dict[str, FieldDefinition] = {}
        for part in parts:
            if KINDS[type(part)] not in {Kind.OBJECT, Kind.INTERFACE}:
                continue
            nodes = cast("tuple[FieldDefinitionNode, ...]", getattr(part, "fields", None) or ())
            for node in nodes:
                name = node.name.value
                if name not in MACHINERY_FIELDS:
                    found[name] = FieldDefinition(
                        name=name,
                        description=_description(node),
                        applications=tuple(self._applications(node.directives)),
                        node=node,
                        type=self._renamed(node.type),
                        arguments=self._inputs(node.arguments),
                        part=part,
                    )
        return found

    def _input_fields(self, parts: list[Part]) -> dict[str, InputValue]:
        found: dict[str, InputValue] = {}
        for part in parts:
            if KINDS[type(part)] is Kind.INPUT:
                found |= self._inputs(getattr(part, "fields", None))
        return found

    def _inputs(self, nodes: Iterable[InputValueDefinitionNode] | None) -> dict[str, InputValue]:
        return {
            node.name.value: InputValue(
                name=node.name.value,
                description=_description(node),
                applications=tuple(self._applications(node.directives)),
                node=node,
                type=node.type,
                default=node.default_value,
            )
            for node in nodes or ()
        }

    def _values(self, parts: list[Part]) -> dict[str, Element]:
        """Values of an enum; one that is given twice has the directives of both."""
        found: dict[str, Element] = {}
        for value in (value for part in parts for value in getattr(part, "values", None) or ()):
            name = value.name.value
            before = found.get(name)
            applications = tuple(self._applications(value.directives))
            if before is not None:
                applications = (*before.applications, *applications)
            found[name] = Element(name, _description(value), applications, value)
        return found

    def _named(self, parts: Iterable[Node], attribute: str) -> tuple[str, ...]:
        listed = (
            item.name.value for part in parts for item in getattr(part, attribute, None) or ()
        )
        return tuple(dict.fromkeys(self.renamed.get(name, name) for name in listed))

    def _renamed(self, node: TypeNode) -> TypeNode:
        """A type whose innermost name is a root type under its usual name."""
        if not self.renamed:
            return node
        if isinstance(node, NamedTypeNode):
            name = self.renamed.get(node.name.value)
            return node if name is None else NamedTypeNode(name=NameNode(value=name))
        if isinstance(node, NonNullTypeNode):
            inner = cast("NamedTypeNode | ListTypeNode", self._renamed(node.type))
            return NonNullTypeNode(type=inner)
        if isinstance(node, ListTypeNode):
            return ListTypeNode(type=self._renamed(node.type))
        return node


def _description(node: Node | None) -> str | None:
    found = getattr(node, "description", None)
    return found.value if isinstance(found, StringValueNode) else None
