"""Data for any supergraph: each value follows from the object and the call it belongs to.

Nothing is stored, so that a server of everything and a server of a part say the same by
construction. An entity type has a few objects; what their keys hold leads back to them.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    FieldNode,
    GraphQLOutputType,
    InlineFragmentNode,
    SelectionSetNode,
    get_argument_values,
    get_named_type,
    is_enum_type,
    is_list_type,
    is_non_null_type,
)

from router.federation.field_set import parse_field_set
from router.graph.model import Graph
from router.supergraph.type_names import innermost

POOL = 3
NULLS_PERCENT = 12
Arguments = Mapping[str, Any]


@dataclass(frozen=True)
class Thing:
    """An object. `above` is whose field it was reached by (for contexts), None by key."""

    type_name: str
    identity: str
    above: Thing | None = field(default=None, compare=False)


@dataclass
class Data:
    """The objects and values of one supergraph, by a seed. `nulls` is a percentage."""

    graph: Graph
    seed: int
    nulls: int = NULLS_PERCENT
    _keyed: dict[str, set[str]] = field(default_factory=dict)
    _entities: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for views in self.graph.types.values():
            for view in views.values():
                for key in view.keys:
                    for name in self.objects(view.name):
                        self._entities.add(name)
                        self._note(name, key.selections)

    def _note(self, type_name: str, selections: SelectionSetNode) -> None:
        """Remember the fields that a key goes through."""
        for node in selections.selections:
            if isinstance(node, FieldNode) and node.name.value != "__typename":
                self._keyed.setdefault(type_name, set()).add(node.name.value)
                if node.selection_set:
                    merged = self.graph.supergraph.types[type_name].fields[node.name.value]
                    for name in self.objects(innermost(merged.type)):
                        self._note(name, node.selection_set)
            elif isinstance(node, InlineFragmentNode):
                self._note(type_name, node.selection_set)

    def objects(self, type_name: str) -> tuple[str, ...]:
        """The object types that a type may turn out to be."""
        return self.graph.runtime.get(type_name, ())

    def pool(self, type_name: str) -> Iterator[Thing]:
        """Every object of an entity type, or of all entities behind an interface."""
        for name in self.objects(type_name):
            if name in self._entities:
                yield from (Thing(name, f"{name}:{number}") for number in range(POOL))

    def value(self, owner: Thing, name: str, type_: GraphQLOutputType, arguments: Arguments) -> Any:
        """What a field of an object holds: leaves as JSON, objects as Things, in lists."""
        called = ",".join(f"{key}={arguments[key]!r}" for key in sorted(arguments))
        label = f"{owner.identity}.{name}" + (f"({called})" if called else "")
        is_key = name in self._keyed.get(owner.type_name, ())
        return self._value(owner, name, type_, label, is_key)

    def _value(
        self, owner: Thing, name: str, type_: GraphQLOutputType, label: str, is_key: bool
    ) -> Any:
        if is_non_null_type(type_):
            return self._some(owner, name, type_.of_type, label, is_key)
        if not is_key and self._dice(label).randrange(100) < self.nulls:
            return None
        return self._some(owner, name, type_, label, is_key)

    def _some(
        self, owner: Thing, name: str, type_: GraphQLOutputType, label: str, is_key: bool
    ) -> Any:
        dice = self._dice(f"{label} some")
        if is_list_type(type_):
            count = 1 if is_key else dice.choice((0, 1, 2, 3))
            inner = type_.of_type
            return [
                self._value(owner, name, inner, f"{label}[{number}]", is_key)
                for number in range(count)
            ]
        named = get_named_type(type_)
        if named.name in self.graph.supergraph.types and self.objects(named.name):
            return self._object(owner, name, named.name, label, is_key, dice)
        return self._leaf(named, label, dice)

    def _object(
        self, owner: Thing, name: str, type_name: str, label: str, is_key: bool, dice: random.Random
    ) -> Thing | None:
        able = self._agreed(owner.type_name, name, type_name)
        if not able:
            return None
        chosen = able[0] if is_key else dice.choice(able)
        if chosen in self.graph.supergraph.roots.values():
            return Thing(chosen, chosen, owner)
        if chosen not in self._entities:
            return Thing(chosen, label, owner)
        number = owner.identity.rpartition(":")[2] if is_key else ""
        place = int(number) if number.isdigit() else dice.randrange(POOL)
        return Thing(chosen, f"{chosen}:{place}", owner)

    def _agreed(self, owner: str, name: str, type_name: str) -> list[str]:
        """The object types that every subgraph with the field can give for it."""
        able = set(self.objects(type_name))
        for views in self.graph.types.values():
            for holder in (owner, *self.graph.interfaces.get(owner, ())):
                view = views.get(holder)
                found = view.fields.get(name) if view else None
                if found is None or found.is_external:
                    continue
                there = views[found.target]
                if not there.is_interface_object:
                    able &= set(there.runtime)
        return [item for item in self.objects(type_name) if item in able]

    def _leaf(self, named: Any, label: str, dice: random.Random) -> Any:
        if is_enum_type(named):
            return dice.choice(self._common_values(named.name))
        match named.name:
            case "Int":
                return dice.randrange(2**31)
            case "Float":
                return dice.randrange(2**31) / 2
            case "Boolean":
                return dice.random() < 0.5
            case _:
                return label

    def _dice(self, label: str) -> random.Random:
        return random.Random(f"{self.seed} {label}")  # noqa: S311 - no secret

    def _common_values(self, name: str) -> list[str]:
        values = self.graph.supergraph.types[name].values
        most = max(len(graphs) for graphs in values.values())
        return [value for value, graphs in values.items() if len(graphs) == most]

    def representation(self, owner: Thing, text: str, schema: Any) -> Any:
        """A field set of an object, as a representation holds it."""
        return self.selected(owner, parse_field_set(text), schema)

    def selected(self, owner: Thing, selections: SelectionSetNode, schema: Any) -> dict[str, Any]:
        """The same for a parsed field set; arguments are literals."""
        found: dict[str, Any] = {}
        for node in selections.selections:
            if isinstance(node, InlineFragmentNode):
                condition = node.type_condition.name.value if node.type_condition else None
                if condition is None or owner.type_name in self.objects(condition):
                    found |= self.selected(owner, node.selection_set, schema)
            elif isinstance(node, FieldNode):
                name = node.name.value
                if name == "__typename":
                    continue
                definition = schema.type_map[owner.type_name].fields[name]
                arguments = get_argument_values(definition, node)
                value = self.value(owner, name, definition.type, arguments)
                found[name] = self._below(value, node.selection_set, schema)
        return found

    def _below(self, value: Any, selections: SelectionSetNode | None, schema: Any) -> Any:
        if isinstance(value, list):
            return [self._below(item, selections, schema) for item in value]
        if isinstance(value, Thing) and selections is not None:
            return self.selected(value, selections, schema)
        return value
