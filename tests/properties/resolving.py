"""The same data behind one schema, and behind a subgraph's part of it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    FieldNode,
    GraphQLResolveInfo,
    GraphQLSchema,
    OperationDefinitionNode,
    SelectionSetNode,
    build_schema,
    parse,
)

from tests.properties.placement import Placement
from tests.properties.subgraph_sdl import subgraph_sdl
from tests.properties.world import Instance, World

ENTITIES = """
scalar _Any
union _Entity = %s
extend type Query { _entities(representations: [_Any!]!): [_Entity]! }
"""


@dataclass(frozen=True)
class Node:
    """An object as one server sees it: with `representation` when it was asked for by key, and
    the fields that the path to it provides.
    """

    instance: Instance
    representation: Instance | None = None
    provided: frozenset[str] = frozenset()

    def provides(self, requires: str) -> bool:
        """Whether the object comes with all that a field requires."""
        return self.provided.issuperset(requires.split())


@dataclass
class Server:
    """A schema with resolvers; of the whole world, or of one subgraph."""

    world: World
    schema: GraphQLSchema
    placement: Placement | None = None
    name: str = ""
    counter: list[int] = field(default_factory=lambda: [0])

    def resolve(self, node: Node, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        """Any field's value."""
        owner, name = info.parent_type.name, info.field_name
        if name == "_entities":
            return [self._entity(item) for item in arguments["representations"]]
        if name.startswith("bump"):
            self.counter[0] += 1
            return self.counter[0]
        if self.placement is not None:
            self._check(node, owner, name)
        item = self.world.type(owner).fields.get(name)
        if item is None:
            return node.instance[name]
        if item.requires:
            is_known = self.placement is None or node.provides(item.requires)
            source = node.instance if is_known else node.representation
            return computed(item.requires, source or {})
        return self._wrapped(node.instance[name], owner, name, arguments.get("suffix"))

    def type_of(self, node: Node, *_: Any) -> str:
        """The type of an object behind an interface or union, as far as the server knows it."""
        found: str = node.instance["__typename"]
        if self.placement is not None and found not in self.schema.type_map:
            return next(n for n, server in self.placement.object_of.items() if server == self.name)
        return found

    def _wrapped(self, value: Any, owner: str, name: str, suffix: str | None) -> Any:
        if isinstance(value, list):
            return [self._wrapped(item, owner, name, suffix) for item in value]
        if isinstance(value, dict):
            provides = self.placement.provides if self.placement else {}
            return Node(value, None, frozenset(provides.get((self.name, owner, name), ())))
        return f"{value}{suffix}" if suffix is not None and value is not None else value

    def _check(self, node: Node, owner: str, name: str) -> None:
        """A subgraph answers for what it owns, and for nothing else."""
        placement = self.placement
        if placement is None or (owner in self.world.values and owner not in placement.parts):
            return
        if name in placement.key_fields(self.name, owner) or name in node.provided:
            return
        item = self.world.type(owner).fields[name]
        if self.name not in placement.owners[owner, name]:
            raise LookupError(f"{self.name} cannot resolve {owner}.{name} here")
        if item.requires and node.representation is None and not node.provides(item.requires):
            raise LookupError(f"{self.name} was not given what {owner}.{name} requires")

    def _entity(self, representation: Instance) -> Node | None:
        name = representation["__typename"]
        if self.placement is None:
            raise LookupError("only subgraphs have entities")
        keys = self.placement.keys.get((self.name, name), ())
        if self.placement.home_of.get(name) == self.name:
            keys = ("id",)
        instances = [
            instance
            for member in self.world.members(name)
            for instance in self.world.instances[member]
        ]
        for key in keys:
            fields = key.split()
            if all(item in representation for item in fields):
                for instance in instances:
                    if all(instance[item] == representation[item] for item in fields):
                        return Node(instance, representation)
                return None
        raise LookupError(f"{self.name} knows no such key of {name}: {representation}")


def computed(requires: str, source: Instance) -> str:
    """What a field with @requires says: what it was given. Raises KeyError when that is not all."""
    (operation,) = parse(f"{{ {requires} }}").definitions
    assert isinstance(operation, OperationDefinitionNode)
    return json.dumps(_part(operation.selection_set, source))


def _part(selections: SelectionSetNode, value: Any) -> Any:
    if isinstance(value, list):
        return [_part(selections, item) for item in value]
    if value is None:
        return None
    found: Instance = {}
    for node in selections.selections:
        assert isinstance(node, FieldNode)
        inner = value[node.name.value]
        found[node.name.value] = _part(node.selection_set, inner) if node.selection_set else inner
    return found


def monolith(world: World) -> Server:
    """One server that has everything."""
    return Server(world, build_schema(world.sdl()))


def subgraph(placement: Placement, name: str, counter: list[int]) -> Server:
    """A subgraph's server."""
    sdl = subgraph_sdl(placement, name)
    entities = [entity for subgraph_, entity in placement.keys if subgraph_ == name]
    if "type Query" not in sdl:
        sdl += "type Query\n"
    if entities:
        sdl += ENTITIES % " | ".join(entities)
    schema = build_schema(sdl, assume_valid=True, assume_valid_sdl=True)
    return Server(placement.world, schema, placement, name, counter)
