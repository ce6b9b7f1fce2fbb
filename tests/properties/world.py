"""A random world: a schema and data that fit it, before anybody splits it into subgraphs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.properties.choices import Choices

SCALARS = ("String", "Int", "Boolean", "Float", "ID", "Color")
COLORS = ("RED", "GREEN", "BLUE")
KEY_TYPES = {"id": "ID!", "code": "String!", "part": "Int!"}
Instance = dict[str, Any]


@dataclass(frozen=True)
class Ref:
    """A field's type. `is_required` is of the field, `is_item_required` of a list's items."""

    name: str
    is_list: bool = False
    is_required: bool = False
    is_item_required: bool = False

    def __str__(self) -> str:
        inner = (
            f"[{self.name}{'!' if self.is_item_required else ''}]" if self.is_list else self.name
        )
        return f"{inner}!" if self.is_required else inner


@dataclass(frozen=True)
class Field:
    """`has_argument`: (suffix: String) is appended to the value. `requires`: the fields of the
    same object, as a selection, that the value is computed from.
    """

    name: str
    ref: Ref
    has_argument: bool = False
    requires: str | None = None

    def __str__(self) -> str:
        return f"{self.name}{'(suffix: String)' if self.has_argument else ''}: {self.ref}"


@dataclass
class Type:
    """An object type; an entity when it has keys."""

    name: str
    keys: tuple[str, ...] = ()
    fields: dict[str, Field] = field(default_factory=dict)
    interfaces: list[str] = field(default_factory=list)

    def key_fields(self) -> list[str]:
        return list(dict.fromkeys(name for key in self.keys for name in key.split()))


@dataclass
class World:
    """Entities, value types, interfaces and a union of entities, and the root fields.

    `shared` are an interface's own fields; `merged` those of interfaces that all their entities
    get from one subgraph (@interfaceObject).
    """

    entities: dict[str, Type] = field(default_factory=dict)
    values: dict[str, Type] = field(default_factory=dict)
    interfaces: dict[str, list[str]] = field(default_factory=dict)
    unions: dict[str, list[str]] = field(default_factory=dict)
    shared: dict[str, list[str]] = field(default_factory=dict)
    merged: dict[str, Type] = field(default_factory=dict)
    roots: dict[str, Type] = field(default_factory=dict)
    instances: dict[str, list[Instance]] = field(default_factory=dict)
    root_data: Instance = field(default_factory=dict)

    def objects(self) -> Iterator[Type]:
        yield from self.roots.values()
        yield from self.entities.values()
        yield from self.values.values()

    def type(self, name: str) -> Type:
        known = self.entities.get(name) or self.values.get(name) or self.merged.get(name)
        return known or self.roots[name]

    def is_merged(self, owner: str, name: str) -> bool:
        """Whether an entity has the field only through an interface object."""
        return owner in self.entities and any(name in item.fields for item in self.merged.values())

    def members(self, name: str) -> list[str]:
        """The entities that a type name stands for; empty for values and scalars."""
        if name in self.entities:
            return [name]
        return self.interfaces.get(name) or self.unions.get(name) or []

    def sdl(self) -> str:
        """The schema in one piece."""
        parts = [f"enum Color {{ {' '.join(COLORS)} }}"]
        for name, members in self.interfaces.items():
            fields = [str(self.entities[members[0]].fields[item]) for item in self.shared[name]]
            parts.append(f"interface {name} {{ id: ID! {' '.join(fields)} }}")
        for name, members in self.unions.items():
            parts.append(f"union {name} = {' | '.join(members)}")
        for item in self.objects():
            implements = f" implements {' & '.join(item.interfaces)}" if item.interfaces else ""
            keys = [f"{name}: {KEY_TYPES[name]}" for name in item.key_fields()]
            body = " ".join([*keys, *map(str, item.fields.values())])
            parts.append(f"type {item.name}{implements} {{ {body} }}")
        return "\n".join(parts)


def random_world(choices: Choices) -> World:
    """Draw a world."""
    world = World()
    for number in range(choices.count(1, 3)):
        keys = choices.pick((("id",), ("id", "code"), ("id", "code part"), ("id", "code", "part")))
        world.entities[f"E{number}"] = Type(f"E{number}", keys)
    for number in range(choices.count(0, 2)):
        world.values[f"V{number}"] = Type(f"V{number}")
    if choices.flag(60):
        _add_abstract_types(choices, world)
    for owner in (*world.entities.values(), *world.values.values()):
        _add_fields(choices, world, owner)
    if choices.flag(40):
        _add_interface_object(choices, world)
    _add_roots(choices, world)
    _add_data(choices, world)
    return world


def _add_abstract_types(choices: Choices, world: World) -> None:
    names = list(world.entities)
    members = choices.some(names, least=1)
    world.interfaces["I0"] = members
    world.shared["I0"] = ["common"] if choices.flag() else []
    for name in members:
        world.entities[name].interfaces.append("I0")
        for item in world.shared["I0"]:
            world.entities[name].fields[item] = Field(item, Ref("String"))
    world.unions["U0"] = choices.some(names, least=1)


def _add_interface_object(choices: Choices, world: World) -> None:
    members = choices.some(list(world.entities), least=1)
    merged = world.merged["M0"] = Type("M0", ("id",))
    for number in range(choices.count(1, 2)):
        name = f"m0f{number}"
        merged.fields[name] = Field(name, _leaf(choices))
    world.interfaces["M0"] = members
    world.shared["M0"] = list(merged.fields)
    for name in members:
        world.entities[name].interfaces.append("M0")
        world.entities[name].fields |= merged.fields


def _add_fields(choices: Choices, world: World, owner: Type) -> None:
    prefix = owner.name.lower()
    for number in range(choices.count(1, 4)):
        name = f"{prefix}f{number}"
        owner.fields[name] = Field(name, _leaf(choices), has_argument=choices.flag(20))
        if owner.fields[name].ref.name != "String" or owner.fields[name].ref.is_list:
            owner.fields[name] = Field(name, owner.fields[name].ref)
    targets = [*world.entities, *world.interfaces, *world.unions]
    if owner.name in world.entities:
        targets += list(world.values)
    for number in range(choices.count(0, 2)):
        name = f"{prefix}r{number}"
        owner.fields[name] = Field(name, _reference(choices, targets))
    simple = [
        name
        for name, item in owner.fields.items()
        if _is_simple(item) or item.ref.name in world.values
    ]
    if owner.name in world.entities and simple and choices.flag(40):
        wanted = choices.some(simple, least=1)
        name = f"{prefix}computed"
        selection = " ".join(_selection(world, owner.fields[item]) for item in wanted)
        owner.fields[name] = Field(name, Ref("String"), requires=selection)


def _is_simple(item: Field) -> bool:
    return item.ref.name in SCALARS and not item.has_argument and item.requires is None


def _selection(world: World, item: Field) -> str:
    if item.ref.name in SCALARS:
        return item.name
    inner = [
        name for name, field_ in world.values[item.ref.name].fields.items() if _is_simple(field_)
    ]
    return f"{item.name} {{ {' '.join(inner) or '__typename'} }}"


def _leaf(choices: Choices) -> Ref:
    return Ref(choices.pick(SCALARS), choices.flag(20), choices.flag(30), choices.flag(30))


def _reference(choices: Choices, targets: list[str]) -> Ref:
    return Ref(choices.pick(targets), choices.flag(40), choices.flag(15), choices.flag(20))


def _add_roots(choices: Choices, world: World) -> None:
    query = world.roots["Query"] = Type("Query")
    targets = [*world.entities, *world.interfaces, *world.unions, *world.values]
    for number in range(choices.count(1, 3)):
        query.fields[f"q{number}"] = Field(f"q{number}", _reference(choices, targets))
    if choices.flag(30):
        mutation = world.roots["Mutation"] = Type("Mutation")
        for number in range(choices.count(1, 3)):
            mutation.fields[f"bump{number}"] = Field(f"bump{number}", Ref("Int", is_required=True))
        target = choices.pick(list(world.entities))
        mutation.fields["touch"] = Field("touch", Ref(target))


def _add_data(choices: Choices, world: World) -> None:
    for name, owner in world.entities.items():
        world.instances[name] = [
            {"__typename": name, **{key: _key(name, key, n) for key in owner.key_fields()}}
            for n in range(choices.count(1, 3))
        ]
    for name, found in world.instances.items():
        for instance in found:
            _fill(choices, world, world.entities[name], instance, depth=0)
    for root in world.roots.values():
        _fill(choices, world, root, world.root_data, depth=0)


def _key(owner: str, key: str, number: int) -> Any:
    return {"id": f"{owner}-{number}", "code": f"{owner}/{number}", "part": number}[key]


def _fill(choices: Choices, world: World, owner: Type, instance: Instance, depth: int) -> None:
    label = str(instance.get("id", owner.name))
    for item in owner.fields.values():
        if item.requires is None:
            instance[item.name] = _value(choices, world, item.ref, f"{label}.{item.name}", depth)


def _value(choices: Choices, world: World, ref: Ref, label: str, depth: int) -> Any:
    if not ref.is_required and choices.flag(15):
        return None
    if ref.is_list:
        return [
            None
            if not ref.is_item_required and choices.flag(15)
            else _item(choices, world, ref.name, f"{label}[{n}]", depth)
            for n in range(choices.count(0, 3))
        ]
    return _item(choices, world, ref.name, label, depth)


def _item(choices: Choices, world: World, name: str, label: str, depth: int) -> Any:
    if name in world.values:
        instance: Instance = {"__typename": name}
        _fill(choices, world, world.values[name], instance, depth + 1)
        return instance
    members = world.members(name)
    if members:
        return choices.pick(world.instances[choices.pick(members)])
    match name:
        case "Int":
            return choices.count(-9, 9)
        case "Float":
            return choices.count(-9, 9) / 2
        case "Boolean":
            return choices.flag()
        case "Color":
            return choices.pick(COLORS)
        case _:
            return label
