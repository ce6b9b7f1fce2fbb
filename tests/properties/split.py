"""A random split of a world into subgraphs that compose, with every field within reach."""

from __future__ import annotations

from collections.abc import Iterator

from tests.properties.choices import Choices
from tests.properties.placement import (
    Placement,
    declared_abstracts,
    present_fields,
    shared_fields,
    top_names,
    uses_value,
)
from tests.properties.world import SCALARS, Field, Type, World


def random_placement(choices: Choices, world: World) -> Placement:
    """Draw a split that composes and in which every field can be reached."""
    least = 2 if world.merged else 1
    placement = Placement(world, [f"S{n}" for n in range(choices.count(least, 4))])
    _place_interface_objects(choices, placement)
    for entity in world.entities.values():
        _place_entity(choices, placement, entity)
    _place_parts(choices, placement)
    for owner in world.objects():
        for item in list(owner.fields.values()):
            owners = _owners(choices, placement, owner, item)
            if owners or world.is_merged(owner.name, item.name):
                placement.owners[owner.name, item.name] = owners
            else:
                del owner.fields[item.name]
    for entity in world.entities.values():
        _move_computed(choices, placement, entity)
    _complete(placement)
    _override(choices, placement)
    _provide(choices, placement)
    _complete(placement)
    _forget_unused(placement)
    return placement


def _place_interface_objects(choices: Choices, placement: Placement) -> None:
    """One subgraph has the interface with its key and all its types, another only the interface."""
    world = placement.world
    for name, merged in world.merged.items():
        placement.home_of[name] = choices.pick(placement.subgraphs)
        others = [item for item in placement.subgraphs if item != placement.home_of[name]]
        placement.object_of[name] = choices.pick(others)
        placement.keys[placement.object_of[name], name] = ("id",)
        for field in merged.fields:
            placement.owners[name, field] = (placement.object_of[name],)


def _barred(placement: Placement, type_name: str) -> set[str]:
    """Subgraphs that know the type's interface as an object must not know the type."""
    names = placement.world.members(type_name)
    return {
        subgraph
        for interface, subgraph in placement.object_of.items()
        if interface != type_name and set(names) & set(placement.world.interfaces[interface])
    }


def _barred_by_type(placement: Placement, type_name: str) -> set[str]:
    """The same for a field of this type, what lies in a value type included."""
    if type_name not in placement.world.values:
        return _barred(placement, type_name)
    fields = placement.world.values[type_name].fields.values()
    return {name for item in fields for name in _barred(placement, item.ref.name)}


def _bars_any(placement: Placement, entity: Type, item: Field, subgraph: str) -> bool:
    return any(
        subgraph in _barred_by_type(placement, entity.fields[name].ref.name)
        for name in top_names(item.requires or "")
    )


def _place_parts(choices: Choices, placement: Placement) -> None:
    """A value type may be defined in parts, if all that lead to it are shared by all parts."""
    world = placement.world
    for name, value in world.values.items():
        leading = [
            owner
            for owner in world.objects()
            for item in owner.fields.values()
            if item.ref.name == name
        ]
        able = [
            subgraph
            for subgraph in placement.subgraphs
            if subgraph not in _barred_by_type(placement, name)
            and all(
                owner.name == "Query" or placement.has(subgraph, owner.name) for owner in leading
            )
        ]
        is_required = any(
            name in _values_required(world, entity) for entity in world.entities.values()
        )
        if len(able) > 1 and len(value.fields) > 1 and not is_required and choices.flag():
            placement.parts[name] = tuple(choices.some(able, least=2))


def _values_required(world: World, entity: Type) -> set[str]:
    return {
        entity.fields[name].ref.name
        for item in entity.fields.values()
        for name in top_names(item.requires or "")
    }


def _place_entity(choices: Choices, placement: Placement, entity: Type) -> None:
    """One home knows every key, so that each subgraph can be reached from each other."""
    barred = _barred(placement, entity.name)
    able = [name for name in placement.subgraphs if name not in barred]
    home = choices.pick(able)
    placement.keys[home, entity.name] = entity.keys
    needed = {placement.home_of[name] for name in entity.interfaces if name in placement.home_of}
    for subgraph in able:
        if subgraph != home and (subgraph in needed or choices.flag()):
            keys = choices.some(entity.keys, least=1)
            if entity.interfaces and "id" not in keys:
                keys.insert(0, "id")
            placement.keys[subgraph, entity.name] = tuple(keys)


def _owners(choices: Choices, placement: Placement, owner: Type, item: Field) -> tuple[str, ...]:
    world = placement.world
    if owner.name in world.values:
        parts = placement.parts.get(owner.name, tuple(placement.subgraphs))
        is_first = item.name == next(iter(owner.fields))
        is_split = owner.name in placement.parts and not is_first
        return tuple(choices.some(parts, least=1)) if is_split else parts
    if world.is_merged(owner.name, item.name):
        return ()
    if item.ref.name in placement.parts:
        return placement.parts[item.ref.name]
    if owner.name in world.entities:
        able = [name for name in placement.subgraphs if placement.has(name, owner.name)]
    else:
        able = placement.subgraphs
    able = [name for name in able if name not in _barred_by_type(placement, item.ref.name)]
    is_shareable = item.requires is None and owner.name != "Mutation"
    if not able:
        return ()
    if is_shareable and choices.flag(25):
        return tuple(choices.some(able, least=1))
    return (choices.pick(able),)


def _move_computed(choices: Choices, placement: Placement, entity: Type) -> None:
    """What a field requires comes from elsewhere; a field that finds no such place is dropped."""
    for item in [item for item in entity.fields.values() if item.requires]:
        resolving = {
            subgraph
            for name in top_names(item.requires or "")
            for subgraph in placement.owners.get((entity.name, name), placement.subgraphs)
        }
        able = [
            name
            for name in placement.subgraphs
            if placement.has(name, entity.name)
            and name not in resolving
            and not _bars_any(placement, entity, item, name)
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
    for owner in (*world.objects(), *world.merged.values()):
        for item in present_fields(placement, subgraph, owner):
            if placement.object_of.get(item.ref.name) != subgraph:
                yield from world.members(item.ref.name)


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
            if name in world.merged:
                shared.append(list(world.merged[name].fields))
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
                    and not world.is_merged(target.name, name)
                    and subgraph not in placement.owners[target.name, name]
                    and (target.name, name) not in placement.overridden
                ]
                if able and choices.flag(20):
                    fields = tuple(choices.some(able, least=1))
                    placement.provides[subgraph, owner.name, item.name] = fields
