"""The supergraph while it is merged: plain data that rules check and that is written out last.

A draft knows, for every element, what the supergraph says of it and which subgraphs said what.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from graphql import ConstValueNode, DirectiveDefinitionNode, Node, NonNullTypeNode, TypeNode

from router.compose.subgraph import Subgraph
from router.diagnostics import Diagnostic
from router.supergraph.model import Kind

Source = tuple[Subgraph, Node]


@dataclass(frozen=True, slots=True)
class Applied:
    """A directive on an element of the supergraph.

    `name` is the specification's, `local` what the supergraph calls it, `arguments` the text after
    it, parentheses included. `requirement` is an OR of ANDs (@requiresScopes, @policy), `values`
    are the arguments of a directive that is composed by hand.
    """

    name: str
    local: str
    arguments: str = ""
    requirement: tuple[tuple[str, ...], ...] = ()
    values: Mapping[str, ConstValueNode] = field(default_factory=dict)


@dataclass(slots=True)
class Element:
    """What all elements have. `joins` are the join specification's directives, as text."""

    name: str
    coordinate: str
    sources: tuple[Source, ...] = ()
    description: str | None = None
    applied: list[Applied] = field(default_factory=list)
    joins: list[str] = field(default_factory=list)

    def has(self, directive: str) -> bool:
        """Whether a directive stands on it, by the specification's name."""
        return any(item.name == directive for item in self.applied)

    @property
    def is_inaccessible(self) -> bool:
        """Whether clients may not see it."""
        return self.has("inaccessible")

    def problem(
        self, code: str, message: str, hint: str, only: str = "", at: Sequence[Source] = ()
    ) -> Diagnostic:
        """A problem with it, told where it is: `at` these places, or where subgraphs define it.

        With `only`, in that subgraph alone.
        """
        sources = [item for item in at or self.sources if only in {"", item[0].name}]
        return Diagnostic(
            code=code,
            message=message,
            coordinate=self.coordinate,
            subgraphs=tuple(dict.fromkeys(subgraph.name for subgraph, _ in sources)),
            hint=hint,
            locations=tuple(place for subgraph, node in sources for place in subgraph.place(node)),
        )

    def requirement(self, directive: str) -> tuple[tuple[str, ...], ...]:
        """The OR of ANDs that a directive asks for; nothing when it asks for nothing."""
        return next((item.requirement for item in self.applied if item.name == directive), ())


@dataclass(slots=True)
class DraftInput(Element):
    """An argument or an input field."""

    type: TypeNode = field(kw_only=True)
    default: ConstValueNode | None = None

    @property
    def is_required(self) -> bool:
        """Whether it must be given."""
        return isinstance(self.type, NonNullTypeNode) and self.default is None


@dataclass(slots=True)
class DraftField(Element):
    """A field. `requires` are the field sets of its @requires, by subgraph name."""

    type: TypeNode = field(kw_only=True)
    arguments: dict[str, DraftInput] = field(default_factory=dict)
    requires: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class DraftType(Element):
    """A type; of the last five only those of its kind are filled."""

    kind: Kind = field(kw_only=True)
    interfaces: list[str] = field(default_factory=list)
    fields: dict[str, DraftField] = field(default_factory=dict)
    input_fields: dict[str, DraftInput] = field(default_factory=dict)
    members: list[str] = field(default_factory=list)
    values: dict[str, Element] = field(default_factory=dict)

    def children(self) -> Iterator[Element]:
        """Its fields, input fields or values."""
        yield from self.fields.values()
        yield from self.input_fields.values()
        yield from self.values.values()


@dataclass(slots=True)
class DraftDirective(Element):
    """A directive that clients may use in operations."""

    arguments: dict[str, DraftInput] = field(default_factory=dict)
    is_repeatable: bool = False
    locations: tuple[str, ...] = ()


@dataclass(slots=True)
class Draft:
    """All types by name, root types by operation kind, the schema, and directives.

    `directives` are for clients, `composed` the definitions that @composeDirective brings in.
    Types whose names start as `specifications` do are of those, and not in the API schema.
    """

    types: dict[str, DraftType]
    roots: Mapping[str, str]
    schema: Element
    directives: Sequence[DraftDirective] = ()
    composed: Sequence[tuple[Subgraph, DirectiveDefinitionNode]] = ()
    specifications: frozenset[str] = frozenset()

    def kind(self, name: str) -> Kind | None:
        """What a named type is, None for one the supergraph does not have."""
        type_ = self.types.get(name)
        return None if type_ is None else type_.kind

    def is_for_clients(self, type_: DraftType) -> bool:
        """Whether a type is in the API schema."""
        prefix, separator, _ = type_.name.partition("__")
        return not type_.is_inaccessible and not (separator and prefix in self.specifications)

    def implementations(self) -> dict[str, list[DraftType]]:
        """Interface name -> the types that implement it."""
        found: dict[str, list[DraftType]] = {}
        for type_ in self.types.values():
            for interface in type_.interfaces:
                found.setdefault(interface, []).append(type_)
        return found

    def of_kind(self, *kinds: Kind) -> Iterator[DraftType]:
        """The types of some kinds."""
        return (type_ for type_ in self.types.values() if type_.kind in kinds)
