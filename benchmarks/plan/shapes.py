"""Graphs and operations whose plans are hard to find: each makes one part of the search work most.

A shape is the SDL of as many subgraphs as asked for and one operation. Small graphs plan all of
them at once; what grows with the number of subgraphs or levels shows on fifty.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

LEVELS = 10
WIDTH = 15


class Shape(NamedTuple):
    """Schemas (without @link) by subgraph, and the operation to plan."""

    sdls: list[str]
    operation: str


def wide_shareable(subgraphs: int) -> Shape:
    """Entity fields that every subgraph has, fifteen at each of ten levels, with a field of each.

    Any subgraph can answer any of them: what each costs below must not be asked again and again.
    """
    links = " ".join(f"v{field}: E @shareable" for field in range(WIDTH))
    sdls = [
        f'type E @key(fields: "id") {{ id: ID! own{at}: Int {links} }}' for at in _all(subgraphs)
    ]
    sdls[0] += " type Query { e: E }"
    return Shape(sdls, f"{{ e {{ {_nested(LEVELS, min(subgraphs, 4))} }} }}")


def split_values(subgraphs: int) -> Shape:
    """A value type in parts, below shareable fields that lead from value to value."""
    links = " ".join(f"v{field}: Value @shareable" for field in range(WIDTH))
    sdls = [
        f"type Query {{ root: Value @shareable }} type Value {{ own{at}: Int {links} }}"
        for at in _all(subgraphs)
    ]
    return Shape(sdls, f"{{ root {{ {_nested(LEVELS, min(subgraphs, 4))} }} }}")


def split_parents(subgraphs: int) -> Shape:
    """Values in parts behind different shareable parents of one entity, at several levels."""
    parents = " ".join(f"p{field}: Value @shareable" for field in range(WIDTH))
    sdls = [
        f'type E @key(fields: "id") {{ id: ID! {parents} to: E @shareable }}'
        f" type Value {{ own{at}: Int same: Int @shareable deep: Value @shareable }}"
        for at in _all(subgraphs)
    ]
    sdls[0] += " type Query { e: E }"
    own = " ".join(f"own{at}" for at in _all(min(subgraphs, 4)))
    value = f"{{ same {own} deep {{ {own} }} }}"
    selected = " ".join(f"p{field} {value}" for field in range(WIDTH))
    return Shape(sdls, f"{{ e {{ {selected} to {{ {selected} to {{ {selected} }} }} }} }}")


def requires_chain(length: int) -> Callable[[int], Shape]:
    """A field that requires one of the next subgraph, that one of the next, and so on."""

    def shape(subgraphs: int) -> Shape:
        sdls = [
            f'type E @key(fields: "id") {{ id: ID! r{at - 1}: Int @external '
            f'r{at}: Int @requires(fields: "r{at - 1}") }}'
            for at in range(1, subgraphs)
        ]
        first = 'type Query { e: E } type E @key(fields: "id") { id: ID! r0: Int }'
        return Shape([first, *sdls], f"{{ e {{ r{min(length, subgraphs) - 1} }} }}")

    return shape


def members_differ(subgraphs: int) -> Shape:
    """A union and an interface of which each subgraph knows some members only."""
    sdls = []
    for at in _all(subgraphs):
        known = sorted({(at + step) % LEVELS for step in range(LEVELS // 2)} | {0})
        objects = " ".join(
            f'type M{member} implements Any @key(fields: "id") {{ id: ID! name: String @shareable '
            f"f{member}x{at}: Int next: Any @shareable some: Some @shareable }}"
            for member in known
        )
        union = " | ".join(f"M{member}" for member in known)
        root = "type Query { any: Any @shareable some: Some @shareable }"
        sdls.append(
            f"{root} interface Any {{ id: ID! name: String }} union Some = {union} {objects}"
        )

    def selected(left: int) -> str:
        parts = []
        for member in range(LEVELS):
            holders = [at for at in _all(subgraphs) if (member - at) % LEVELS < LEVELS // 2][:3]
            own = " ".join(f"f{member}x{at}" for at in holders)
            below = f"next {{ id name {selected(left - 1)} }}" if left and member < 2 else ""
            parts.append(f"... on M{member} {{ name {own} {below} }}")
        return " ".join(parts)

    return Shape(sdls, f"{{ any {{ name {selected(3)} }} some {{ {selected(2)} }} }}")


def many_keys(subgraphs: int) -> Shape:
    """Each subgraph knows an entity by two of the keys, so that keys are gathered in a chain."""
    sdls = [
        f'type E @key(fields: "k{at}") @key(fields: "k{at + 1} c {{ d }}") {{ k{at}: ID! '
        f"k{at + 1}: ID! c: C @shareable f{at}: Int to: E @shareable }} "
        "type C { d: ID @shareable }"
        for at in _all(subgraphs)
    ]
    sdls[0] += " type Query { e: E }"
    fields = " ".join(f"f{at}" for at in _all(min(subgraphs, LEVELS)))
    return Shape(sdls, f"{{ e {{ {fields} to {{ {fields} to {{ {fields} }} }} }} }}")


def interface_objects(subgraphs: int) -> Shape:
    """An interface that all subgraphs but one have as an object, with fields of their own."""
    sdls = [
        f'type Media @key(fields: "id") @interfaceObject {{ id: ID! f{at}: Int to{at}: Media }}'
        for at in range(1, subgraphs)
    ]
    objects = " ".join(
        f'type M{member} implements Media @key(fields: "id") {{ id: ID! m{member}: Int }}'
        for member in range(LEVELS)
    )
    first = (
        f'type Query {{ all: [Media] }} interface Media @key(fields: "id") {{ id: ID! }} {objects}'
    )
    real = " ".join(f"... on M{member} {{ m{member} }}" for member in range(LEVELS))

    def selected(left: int) -> str:
        fields = " ".join(f"f{at}" for at in range(1, subgraphs))
        below = f"to{left} {{ __typename {selected(left - 1)} }}" if left else ""
        return f"id {fields} {real} {below}"

    return Shape([first, *sdls], f"{{ all {{ {selected(min(4, subgraphs - 1))} }} }}")


def fragments(subgraphs: int) -> Shape:
    """A client's large operation: some hundred fields in fragments that spread each other."""
    sdls = [
        f'type E{at} @key(fields: "id") {{ id: ID! {_fields("own", WIDTH)} '
        f"to: E{(at + 1) % subgraphs} by: E{(at + 7) % subgraphs} }}"
        f' type E{(at + 1) % subgraphs} @key(fields: "id") {{ id: ID! {_fields(f"more{at}x", 3)} }}'
        f' type E{(at + 7) % subgraphs} @key(fields: "id") {{ id: ID! {_fields(f"also{at}x", 3)} }}'
        for at in _all(subgraphs)
    ]
    sdls[0] += " type Query { e: E0 }"
    parts = []
    for at in range(min(subgraphs, LEVELS)):
        names = [f"own{field}" for field in range(WIDTH)]
        names += [f"more{(at - 1) % subgraphs}x{field}" for field in range(3)]
        names += [f"also{(at - 7) % subgraphs}x{field}" for field in range(3)]
        parts.append(f"fragment Own{at} on E{at} {{ {' '.join(names)} }}")
        below = f"to {{ ...All{at + 1} }} by {{ id }}" if at + 1 < min(subgraphs, LEVELS) else ""
        parts.append(f"fragment All{at} on E{at} {{ id ...Own{at} {below} }}")
    operation = "{ e { ...All0 to { ...Own1 } again: to { ...All1 } } other: e { ...All0 } }"
    return Shape(sdls, operation + " ".join(parts))


SHAPES: dict[str, Callable[[int], Shape]] = {
    "wide shareable": wide_shareable,
    "10 chained @requires": requires_chain(10),
    "30 chained @requires": requires_chain(30),
    "split values": split_values,
    "split values, many parents": split_parents,
    "members differ": members_differ,
    "many keys": many_keys,
    "@interfaceObject": interface_objects,
    "fragments": fragments,
}


def _all(subgraphs: int) -> range:
    return range(subgraphs)


def _fields(prefix: str, count: int) -> str:
    return " ".join(f"{prefix}{number}: Int" for number in range(count))


def _nested(left: int, owners: int) -> str:
    """Fifteen fields with one of each owner below; one of them has as many below it, and so on."""
    own = " ".join(f"own{at}" for at in range(owners))
    if left == 0:
        return own
    wide = " ".join(f"v{field} {{ {own} }}" for field in range(1, WIDTH))
    return f"{own} {wide} v0 {{ {_nested(left - 1, owners)} }}"
