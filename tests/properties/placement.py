"""A random split: which subgraph has what of a world, and the subgraphs' SDL."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.properties.choices import Choices
from tests.properties.world import SCALARS, Field, Type, World

Coordinate = tuple[str, str]


@dataclass
class Placement:
    """`keys`: which keys of an entity a subgraph knows, if it has the entity at all.
    `owners`: who resolves a field. `overridden`: who had it before and must not be asked.
    `provides`: fields of the target that a subgraph's field brings along.
    """

    world: World
    subgraphs: list[str]
    keys: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    owners: dict[Coordinate, tuple[str, ...]] = field(default_factory=dict)
    overridden: dict[Coordinate, str] = field(default_factory=dict)
    provides: dict[tuple[str, str, str], tuple[str, ...]] = field(default_factory=dict)

    def has(self, subgraph: str, entity: str) -> bool:
        return (subgraph, entity) in self.keys

    def key_fields(self, subgraph: str, entity: str) -> list[str]:
        keys = self.keys.get((subgraph, entity), ())
        return list(dict.fromkeys(name for key in keys for name in key.split()))

    def is_shared(self, owner: str, name: str) -> bool:
        is_provided = any(
            name in fields and owner in self.world.members(self.world.type(at).fields[by].ref.name)
            for (_, at, by), fields in self.provides.items()
        )
        return len(self.owners[owner, name]) > 1 or is_provided

    def has_no_computed_from(self, owner: str, name: str, subgraph: str) -> bool:
        """Whether no field of this subgraph requires the field."""
        return not any(
            item.requires
            and name in _names(item.requires)
            and subgraph in self.owners[owner, item.name]
            for item in self.world.type(owner).fields.values()
        )

    def externals(self, subgraph: str, owner: Type) -> set[str]:
        """Fields a subgraph names without resolving them."""
        found: set[str] = set()
        for item in owner.fields.values():
            if item.requires and subgraph in self.owners[owner.name, item.name]:
                found |= {name for name in _names(item.requires) if name in owner.fields}
        for (where, at, by), fields in self.provides.items():
            target = self.world.type(at).fields[by].ref.name
            if where == subgraph and target == owner.name:
                found |= set(fields)
        return {name for name in found if subgraph not in self.owners[owner.name, name]}


def _names(selection: str) -> list[str]:
    """The top-level fields of a selection."""
    depth, names = 0, []
    for word in selection.split():
        depth += (word == "{") - (word == "}")
        if depth == 0 and word != "}":
            names.append(word)
    return names


def random_placement(choices: Choices, world: World) -> Placement:
    """Draw a split that composes and in which every field can be reached."""
    placement = Placement(world, [f"S{n}" for n in range(choices.count(1, 4))])
    for entity in world.entities.values():
        _place_entity(choices, placement, entity)
    for owner in world.objects():
        for item in owner.fields.values():
            placement.owners[owner.name, item.name] = _owners(choices, placement, owner, item)
    for entity in world.entities.values():
        _move_computed(choices, placement, entity)
    _complete(placement)
    _override(choices, placement)
    _provide(choices, placement)
    _complete(placement)
    _forget_unused(placement)
    return placement


def _place_entity(choices: Choices, placement: Placement, entity: Type) -> None:
    """One home knows every key, so that each subgraph can be reached from each other."""
    home = choices.pick(placement.subgraphs)
    placement.keys[home, entity.name] = entity.keys
    for subgraph in placement.subgraphs:
        if subgraph != home and choices.flag():
            keys = choices.some(entity.keys, least=1)
            if entity.interfaces and "id" not in keys:
                keys.insert(0, "id")
            placement.keys[subgraph, entity.name] = tuple(keys)


def _owners(choices: Choices, placement: Placement, owner: Type, item: Field) -> tuple[str, ...]:
    if owner.name in placement.world.values:
        return tuple(placement.subgraphs)
    if owner.name in placement.world.entities:
        able = [name for name in placement.subgraphs if placement.has(name, owner.name)]
    else:
        able = placement.subgraphs
    is_shareable = item.requires is None and owner.name != "Mutation"
    if is_shareable and choices.flag(25):
        return tuple(choices.some(able, least=1))
    return (choices.pick(able),)


def _move_computed(choices: Choices, placement: Placement, entity: Type) -> None:
    """What a field requires comes from elsewhere; a field that finds no such place is dropped."""
    for item in [item for item in entity.fields.values() if item.requires]:
        resolving = {
            subgraph
            for name in _names(item.requires or "")
            for subgraph in placement.owners[entity.name, name]
        }
        able = [
            name
            for name in placement.subgraphs
            if placement.has(name, entity.name) and name not in resolving
        ]
        if able:
            placement.owners[entity.name, item.name] = (choices.pick(able),)
        else:
            del entity.fields[item.name], placement.owners[entity.name, item.name]


def _complete(placement: Placement) -> None:
    """A subgraph that returns an entity must know it, be it by key alone."""
    world = placement.world
    is_settled = False
    while not is_settled:
        is_settled = True
        for subgraph in placement.subgraphs:
            for name in set(_referenced(placement, subgraph)):
                if not placement.has(subgraph, name):
                    placement.keys[subgraph, name] = world.entities[name].keys[:1]
                    is_settled = False


def _referenced(placement: Placement, subgraph: str) -> Iterator[str]:
    world = placement.world
    for owner in world.objects():
        for item in present_fields(placement, subgraph, owner):
            yield from world.members(item.ref.name)


def declared_abstracts(placement: Placement, subgraph: str) -> set[str]:
    """The interfaces and unions that a subgraph's fields return."""
    world = placement.world
    return {
        item.ref.name
        for owner in world.objects()
        for item in present_fields(placement, subgraph, owner)
        if item.ref.name in world.interfaces or item.ref.name in world.unions
    }


def present_fields(placement: Placement, subgraph: str, owner: Type) -> list[Field]:
    """The fields of a type that a subgraph's SDL names, keys aside."""
    world = placement.world
    if owner.name in world.values:
        return list(owner.fields.values()) if uses_value(placement, subgraph, owner.name) else []
    externals = placement.externals(subgraph, owner)
    return [
        item
        for item in owner.fields.values()
        if subgraph in placement.owners[owner.name, item.name]
        or item.name in externals
        or placement.overridden.get((owner.name, item.name)) == subgraph
    ]


def uses_value(placement: Placement, subgraph: str, value: str) -> bool:
    world = placement.world
    owners = (owner for owner in world.objects() if owner.name not in world.values)
    return any(
        item.ref.name == value
        for owner in owners
        for item in present_fields(placement, subgraph, owner)
    )


def shared_fields(placement: Placement, subgraph: str, interface: str) -> list[str]:
    """The interface's fields that all of its members resolve in a subgraph."""
    members = placement.world.interfaces[interface]
    return [
        name
        for name in placement.world.shared[interface]
        if all(subgraph in placement.owners[member, name] for member in members)
    ]


def _forget_unused(placement: Placement) -> None:
    """What no subgraph declares is not part of the schema."""
    world = placement.world
    declaring = {
        name: [s for s in placement.subgraphs if name in declared_abstracts(placement, s)]
        for name in (*world.interfaces, *world.unions)
    }
    for name in list(world.unions):
        if not declaring[name]:
            del world.unions[name]
    for name in list(world.interfaces):
        if not declaring[name]:
            del world.interfaces[name]
            for entity in world.entities.values():
                entity.interfaces = [item for item in entity.interfaces if item != name]
        else:
            shared = [shared_fields(placement, s, name) for s in declaring[name]]
            world.shared[name] = list(dict.fromkeys(item for part in shared for item in part))
    for name in list(world.values):
        if not any(uses_value(placement, s, name) for s in placement.subgraphs):
            del world.values[name]


def _override(choices: Choices, placement: Placement) -> None:
    for (owner, name), owners in list(placement.owners.items()):
        item = placement.world.type(owner).fields[name]
        others = [
            subgraph
            for subgraph in placement.subgraphs
            if subgraph not in owners
            and (placement.has(subgraph, owner) or owner in placement.world.roots)
        ]
        is_plain = len(owners) == 1 and item.requires is None and item.ref.name in SCALARS
        if is_plain and owner not in placement.world.values and others and choices.flag(15):
            old = choices.pick(others)
            externals = placement.externals(old, placement.world.type(owner))
            if name not in externals and placement.has_no_computed_from(owner, name, owners[0]):
                placement.overridden[owner, name] = old


def _provide(choices: Choices, placement: Placement) -> None:
    world = placement.world
    for owner in (*world.entities.values(), *world.roots.values()):
        for item in owner.fields.values():
            if item.ref.name not in world.entities or owner.name == "Mutation":
                continue
            for subgraph in placement.owners[owner.name, item.name]:
                target = world.entities[item.ref.name]
                able = [
                    name
                    for name, inner in target.fields.items()
                    if inner.ref.name in SCALARS
                    and inner.requires is None
                    and not inner.has_argument
                    and subgraph not in placement.owners[target.name, name]
                    and (target.name, name) not in placement.overridden
                ]
                if able and choices.flag(20):
                    fields = tuple(choices.some(able, least=1))
                    placement.provides[subgraph, owner.name, item.name] = fields
