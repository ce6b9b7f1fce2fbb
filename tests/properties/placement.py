"""Which subgraph has what of a world."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.properties.world import Field, Type, World

Coordinate = tuple[str, str]


@dataclass
class Placement:
    """`keys`: which keys of an entity a subgraph knows, if it has the entity at all.
    `owners`: who resolves a field. `overridden`: who had it before and must not be asked.
    `provides`: fields of the target that a subgraph's field brings along. `object_of`: which
    subgraph knows an interface as an @interfaceObject, `home_of`: which one has its @key.
    `parts`: which subgraphs define a value type in part, each with what it owns of it.
    """

    world: World
    subgraphs: list[str]
    keys: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    owners: dict[Coordinate, tuple[str, ...]] = field(default_factory=dict)
    overridden: dict[Coordinate, str] = field(default_factory=dict)
    provides: dict[tuple[str, str, str], tuple[str, ...]] = field(default_factory=dict)
    object_of: dict[str, str] = field(default_factory=dict)
    home_of: dict[str, str] = field(default_factory=dict)
    parts: dict[str, tuple[str, ...]] = field(default_factory=dict)

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
            and name in top_names(item.requires)
            and subgraph in self.owners[owner, item.name]
            for item in self.world.type(owner).fields.values()
        )

    def externals(self, subgraph: str, owner: Type) -> set[str]:
        """Fields a subgraph names without resolving them."""
        found: set[str] = set()
        for item in owner.fields.values():
            if item.requires and subgraph in self.owners[owner.name, item.name]:
                found |= {name for name in top_names(item.requires) if name in owner.fields}
        for (where, at, by), fields in self.provides.items():
            target = self.world.type(at).fields[by].ref.name
            if where == subgraph and target == owner.name:
                found |= set(fields)
        return {name for name in found if subgraph not in self.owners[owner.name, name]}


def top_names(selection: str) -> list[str]:
    """The top-level fields of a selection."""
    depth, names = 0, []
    for word in selection.split():
        depth += (word == "{") - (word == "}")
        if depth == 0 and word != "}":
            names.append(word.partition("(")[0])
    return names


def declared_abstracts(placement: Placement, subgraph: str) -> set[str]:
    """The interfaces and unions that a subgraph's fields return."""
    world = placement.world
    at_home = {name for name, home in placement.home_of.items() if home == subgraph}
    return at_home | {
        item.ref.name
        for owner in (*world.objects(), *world.merged.values())
        for item in present_fields(placement, subgraph, owner)
        if (item.ref.name in world.interfaces or item.ref.name in world.unions)
        and placement.object_of.get(item.ref.name) != subgraph
    }


def present_fields(placement: Placement, subgraph: str, owner: Type) -> list[Field]:
    """The fields of a type that a subgraph's SDL names, keys aside."""
    world = placement.world
    if owner.name in world.values and not uses_value(placement, subgraph, owner.name):
        return []
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
    owners = [owner for owner in world.objects() if owner.name not in world.values]
    return any(
        item.ref.name == value
        for owner in (*owners, *world.merged.values())
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
