"""One subgraph's schema as composition sees it: extensions merged, federation's words understood.

Root types are called Query, Mutation and Subscription whatever the subgraph calls them. A directive
application carries the *specification's* name (`key`), whatever the subgraph imports it as.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from graphql import (
    ConstValueNode,
    DirectiveDefinitionNode,
    DocumentNode,
    Node,
    Token,
    TokenKind,
    TypeDefinitionNode,
    TypeExtensionNode,
    TypeNode,
    value_from_ast_untyped,
)

from router.diagnostics import Diagnostic, Location
from router.supergraph.links import Link
from router.supergraph.model import Kind


@dataclass(frozen=True, slots=True)
class Source:
    """A subgraph as given: its name, where it is served, its SDL and the file that came from."""

    name: str
    url: str
    sdl: str
    file: str = ""


Part = TypeDefinitionNode | TypeExtensionNode


@dataclass(frozen=True, slots=True)
class Application:
    """A directive applied to something: `name` is the specification's, `written` the SDL's.

    A directive of the subgraph's own that happens to be called as one of Federation's has the name
    `@written`, so that it is not mistaken for it. `part` is the definition or extension that a
    type's application stands on.
    """

    name: str
    written: str
    arguments: Mapping[str, ConstValueNode]
    node: Node
    part: Part | None = None

    def value(self, argument: str) -> object:
        """An argument as a plain value, None where it is missing."""
        node = self.arguments.get(argument)
        return None if node is None else value_from_ast_untyped(node)

    def text(self, argument: str) -> str:
        """An argument that must be a string; empty where it is not."""
        value = self.value(argument)
        return value if isinstance(value, str) else ""


@dataclass(frozen=True, slots=True)
class Element:
    """What every definition has."""

    name: str
    description: str | None
    applications: tuple[Application, ...]
    node: Node

    def applied(self, name: str) -> Application | None:
        """The first application of a directive, by the specification's name."""
        return next((item for item in self.applications if item.name == name), None)

    def all_applied(self, name: str) -> Iterator[Application]:
        """Every application of a repeatable directive."""
        return (item for item in self.applications if item.name == name)


@dataclass(frozen=True, slots=True)
class InputValue(Element):
    """An argument or an input field."""

    type: TypeNode
    default: ConstValueNode | None


@dataclass(frozen=True, slots=True)
class FieldDefinition(Element):
    """A field of an object or interface; `part` is the definition or extension it stands in."""

    type: TypeNode
    arguments: Mapping[str, InputValue]
    part: Part | None = None


@dataclass(frozen=True, slots=True)
class TypeDefinition(Element):
    """A type, its extensions included. `is_extension`: the subgraph only extends it.

    `parts` are its definitions (one, in a valid schema) and extensions in the SDL's order.
    """

    kind: Kind
    is_extension: bool = False
    fields: Mapping[str, FieldDefinition] = field(default_factory=dict)
    input_fields: Mapping[str, InputValue] = field(default_factory=dict)
    interfaces: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    values: Mapping[str, Element] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()

    def is_shareable(self, field_name: str) -> bool:
        """Whether @shareable stands on the field, or on the part of the type that declares it."""
        found = self.fields[field_name]
        return found.applied("shareable") is not None or any(
            item.part is found.part for item in self.all_applied("shareable")
        )

    def extends_with(self, key: Application) -> bool:
        """Whether a @key refers to another subgraph's entity: that it stands on an extension."""
        is_beside = isinstance(self.node, TypeDefinitionNode)
        return self.is_extension or (is_beside and isinstance(key.part, TypeExtensionNode))

    @property
    def is_interface_object(self) -> bool:
        """Whether the subgraph has an interface of others as an object."""
        return self.applied("interfaceObject") is not None


@dataclass(frozen=True, slots=True, eq=False)
class Subgraph:
    """A subgraph ready to be checked and merged.

    `version` is the Federation version it links, (1, 0) where it links none. `names` maps what
    its SDL calls a directive to the specification's name. `directives` are its own definitions
    (as the merged schema may need them), `directive_arguments` their arguments by coordinate
    (`@name(argument:)`), `definitions` all that may be applied in it, Federation's
    and GraphQL's included. `specified` are Federation's alone, `specified_types` the kinds of the
    types that linked specifications bring, `machinery` of all it may name that is no part of it.
    """

    name: str
    url: str
    file: str
    lines: tuple[str, ...]
    version: tuple[int, int]
    types: Mapping[str, TypeDefinition]
    directives: Mapping[str, DirectiveDefinitionNode]
    directive_arguments: Mapping[str, InputValue]
    links: tuple[Link, ...]
    names: Mapping[str, str]
    schema: Element
    roots: Mapping[str, str]
    document: DocumentNode
    definitions: Mapping[str, DirectiveDefinitionNode]
    specified: Mapping[str, DirectiveDefinitionNode]
    specified_types: Mapping[str, Kind]
    machinery: Mapping[str, Kind]
    renamed: Mapping[str, str]

    def kind(self, name: str) -> Kind | None:
        """What a named type is, None for one the subgraph does not have."""
        name = self.renamed.get(name, name)
        type_ = self.types.get(name)
        return self.machinery.get(name) if type_ is None else type_.kind

    @property
    def is_federation_2(self) -> bool:
        """Whether the subgraph says what it shares, instead of sharing all it can."""
        return self.version >= (2, 0)

    def problem(
        self, code: str, coordinate: str, message: str, *nodes: Node, hint: str = ""
    ) -> Diagnostic:
        """A problem of this subgraph alone, with where the nodes stand."""
        return Diagnostic(
            code=code,
            message=f"[{self.name}] {message}",
            coordinate=coordinate,
            subgraphs=(self.name,),
            hint=hint,
            locations=tuple(place for node in nodes for place in self.place(node)),
        )

    def place(self, node: Node | None) -> tuple[Location, ...]:
        """Where a node stands in the subgraph's SDL; nowhere, for one composition made up."""
        if node is None or node.loc is None:
            return ()
        start = _start(node, node.loc.start_token)
        line = self.lines[start.line - 1] if 0 < start.line <= len(self.lines) else ""
        return (Location(self.name, self.file or self.name, start.line, start.column, line),)


def _start(node: Node, first: Token) -> Token:
    """Where a definition begins: after its description and the comments there."""
    description = getattr(node, "description", None)
    token = description.loc.end_token.next if description and description.loc else first
    while token.next and token.kind is TokenKind.COMMENT:
        token = token.next
    return token
