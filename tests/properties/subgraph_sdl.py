"""What each subgraph of a placement says in its own file."""

from __future__ import annotations

from collections.abc import Iterator

from tests.properties.placement import (
    Placement,
    declared_abstracts,
    present_fields,
    shared_fields,
    uses_value,
)
from tests.properties.world import COLORS, KEY_TYPES, Field, Type

LINK = """extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.9"
  import: [
    "@key" "@external" "@requires" "@provides" "@shareable" "@override" "@interfaceObject"
  ]
)"""


def subgraph_sdl(placement: Placement, subgraph: str) -> str:
    """The subgraph's SDL; empty when nothing was placed there."""
    world = placement.world
    owners = (*world.objects(), *world.merged.values())
    types = [text for owner in owners if (text := _type(placement, subgraph, owner))]
    if not types:
        return ""
    abstracts = [
        _abstract(placement, subgraph, name)
        for name in sorted(declared_abstracts(placement, subgraph))
    ]
    return "\n".join([LINK, f"enum Color {{ {' '.join(COLORS)} }}", *abstracts, *types]) + "\n"


def _abstract(placement: Placement, subgraph: str, name: str) -> str:
    world = placement.world
    if name in world.unions:
        return f"union {name} = {' | '.join(world.unions[name])}"
    member = world.entities[world.interfaces[name][0]]
    fields = [str(member.fields[item]) for item in shared_fields(placement, subgraph, name)]
    key = ' @key(fields: "id")' if placement.home_of.get(name) == subgraph else ""
    return f"interface {name}{key} {{ id: ID! {' '.join(fields)} }}"


def _type(placement: Placement, subgraph: str, owner: Type) -> str:
    world = placement.world
    if owner.name in world.values:
        if not uses_value(placement, subgraph, owner.name):
            return ""
        present = present_fields(placement, subgraph, owner)
        body = " ".join(f"{item} @shareable" for item in present)
        return f"type {owner.name} {{ {body} }}"
    is_keyed = owner.name in world.entities or owner.name in world.merged
    if is_keyed and not placement.has(subgraph, owner.name):
        return ""
    lines = [f"  {line}" for line in _fields(placement, subgraph, owner)]
    if not lines:
        return ""
    abstracts = declared_abstracts(placement, subgraph)
    here = [name for name in owner.interfaces if name in abstracts]
    implements = f" implements {' & '.join(here)}" if here else ""
    keys = "".join(
        f' @key(fields: "{key}")' for key in placement.keys.get((subgraph, owner.name), ())
    )
    object_ = " @interfaceObject" if owner.name in world.merged else ""
    return "\n".join([f"type {owner.name}{implements}{object_}{keys} {{", *lines, "}"])


def _fields(placement: Placement, subgraph: str, owner: Type) -> Iterator[str]:
    for name in placement.key_fields(subgraph, owner.name):
        yield f"{name}: {KEY_TYPES[name]}"
    for item in present_fields(placement, subgraph, owner):
        yield f"{item}{_directives(placement, subgraph, owner, item)}"


def _directives(placement: Placement, subgraph: str, owner: Type, item: Field) -> str:
    if item.name in placement.externals(subgraph, owner):
        return " @external"
    found = ""
    provided = placement.provides.get((subgraph, owner.name, item.name))
    if provided:
        found += f' @provides(fields: "{" ".join(provided)}")'
    old = placement.overridden.get((owner.name, item.name))
    if old == subgraph:
        return found
    if old is not None:
        found += f' @override(from: "{old}")'
    if item.requires:
        found += f' @requires(fields: "{item.requires}")'
    if placement.is_shared(owner.name, item.name):
        found += " @shareable"
    return found
