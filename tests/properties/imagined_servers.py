"""Servers of imagined data: one of everything, and one for each subgraph of a supergraph."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLObjectType, GraphQLResolveInfo, GraphQLSchema, build_ast_schema

from router.graph.lookup import Lookup, Node, Provided
from router.graph.model import SubgraphField
from router.supergraph.model import ContextArgument
from tests.properties.imagined_data import Data, Thing


def whole_schema(data: Data) -> GraphQLSchema:
    """Every type and field of the supergraph, the hidden ones too."""
    return build_ast_schema(
        data.graph.supergraph.document, assume_valid=True, assume_valid_sdl=True
    )


def object_type(schema: GraphQLSchema, name: str) -> GraphQLObjectType:
    """A type that objects have."""
    found = schema.type_map[name]
    assert isinstance(found, GraphQLObjectType)
    return found


@dataclass
class Log:
    """The mutations that were made, in order."""

    calls: list[str] = field(default_factory=list)


@dataclass
class Whole:
    """Resolvers of a server that has everything."""

    data: Data
    full: GraphQLSchema
    log: Log = field(default_factory=Log)

    def resolve(self, owner: Thing | None, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        name = info.field_name
        thing = owner or Thing(info.parent_type.name, info.parent_type.name)
        if info.parent_type.name == self.data.graph.supergraph.roots.get("mutation"):
            self.log.calls.append(name)
        given = arguments | self._contexts(thing, name)
        definition = object_type(self.full, thing.type_name).fields[name]
        return self.data.value(thing, name, definition.type, given)

    def type_of(self, thing: Thing, *_: Any) -> str:
        return thing.type_name

    def _contexts(self, thing: Thing, name: str) -> dict[str, Any]:
        found = self.data.graph.supergraph.types[thing.type_name].fields[name]
        return {
            argument.name: self._context(thing, argument)
            for join in found.joins
            for argument in join.context_arguments
        }

    def _context(self, thing: Thing, argument: ContextArgument) -> Any:
        at: Thing | None = thing
        types = self.data.graph.supergraph.types
        while at is not None:
            names = (at.type_name, *self.data.graph.interfaces.get(at.type_name, ()))
            unions = [
                n for n, members in self.data.graph.runtime.items() if at.type_name in members
            ]
            if any(argument.context in types[name].contexts for name in (*names, *unions)):
                text = argument.selection.strip()
                if not text.startswith(("{", "...")):
                    text = f"... on {text}"
                value: Any = self.data.representation(at, text, self.full)
                while isinstance(value, dict):
                    value = next(iter(value.values()), None)
                return value
            at = at.above
        raise LookupError(f"no context {argument.context}")


@dataclass(frozen=True)
class Located:
    """A thing at a subgraph: with its representation, and what the path to it provides."""

    thing: Thing
    type_name: str
    representation: dict[str, Any] | None = None
    provided: Provided = ()


@dataclass
class Part:
    """Resolvers of one subgraph: it answers for what it has, and complains about the rest."""

    data: Data
    full: GraphQLSchema
    name: str
    graph: str
    schema: GraphQLSchema
    labels: frozenset[str] = frozenset()
    log: Log = field(default_factory=Log)

    def resolve(
        self, owner: Located | None, info: GraphQLResolveInfo[Any], **arguments: Any
    ) -> Any:
        name = info.field_name
        if name == "_entities":
            return [self._entity(item) for item in arguments["representations"]]
        at = owner or Located(
            Thing(info.parent_type.name, info.parent_type.name), info.parent_type.name
        )
        if info.parent_type.name == self.data.graph.supergraph.roots.get("mutation"):
            self.log.calls.append(name)
        lookup = Lookup(self.data.graph, self.labels)
        node = Node(self.graph, info.parent_type.name)
        found = lookup.local(node, name, at.provided)
        if found is None:
            raise LookupError(f"{self.name} does not resolve {info.parent_type.name}.{name} here")
        self._check(at, found)
        definition = object_type(self.full, at.thing.type_name).fields[name]
        value = self.data.value(at.thing, name, definition.type, arguments)
        return self._located(value, found, lookup.provided_below(node, found, at.provided))

    def _check(self, at: Located, found: SubgraphField) -> None:
        if found.requires is None:
            return
        if at.representation is None:
            raise LookupError(
                f"{self.name} was not given what {at.type_name}.{found.name} requires"
            )
        wanted = self.data.selected(at.thing, found.requires, self.full)
        if not contains(at.representation, wanted):
            raise LookupError(
                f"{at.type_name}.{found.name} requires {wanted}, given {at.representation}"
            )

    def _located(self, value: Any, found: SubgraphField, provided: Provided) -> Any:
        if isinstance(value, list):
            return [self._located(item, found, provided) for item in value]
        if isinstance(value, Thing):
            return Located(value, found.target, None, provided)
        return value

    def type_of(self, at: Located, *_: Any) -> str:
        """The type of an object, or the interface when the subgraph has that as an object."""
        name = at.thing.type_name
        if name in self.schema.type_map:
            return name
        view = self.data.graph.view(self.graph, at.type_name)
        return at.type_name if view and view.is_interface_object else name

    def _entity(self, representation: dict[str, Any]) -> Located | None:
        name = representation["__typename"]
        view = self.data.graph.view(self.graph, name)
        if view is None:
            raise LookupError(f"{self.name} has no {name}")
        given = {key: value for key, value in representation.items() if key != "__typename"}
        usable = 0
        for key in view.keys:
            if not key.is_resolvable:
                continue
            for thing in self.data.pool(name):
                wanted = self.data.selected(thing, key.selections, self.full)
                if not has_shape(given, wanted):
                    continue
                usable += 1
                if contains(given, wanted):
                    return Located(thing, name, given)
        if not usable:
            raise LookupError(f"{self.name} knows no such key of {name}: {representation}")
        raise LookupError(f"there is no {name} {representation}")


def has_shape(given: Any, wanted: Any) -> bool:
    """Whether all that is wanted is there, whatever it is."""
    if isinstance(wanted, dict):
        return isinstance(given, dict) and all(
            key in given and has_shape(given[key], value) for key, value in wanted.items()
        )
    return True


def contains(given: Any, wanted: Any) -> bool:
    """Whether all that is wanted is there, with the same values."""
    if isinstance(wanted, dict):
        return isinstance(given, dict) and all(
            key in given and contains(given[key], value) for key, value in wanted.items()
        )
    if isinstance(wanted, list):
        return (
            isinstance(given, list)
            and len(given) == len(wanted)
            and all(map(contains, given, wanted))
        )
    return bool(given == wanted)
