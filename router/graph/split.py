"""One composite field from several nodes: a value type whose fields are spread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from router.graph.operation import FieldItem, FragmentItem, Item

if TYPE_CHECKING:
    from router.graph.lookup import Node, Provided
    from router.graph.reach import Reach

Parts = list[tuple["Node", FieldItem]]


def split(
    reach: Reach,
    starts: Mapping[Node, Provided],
    type_name: str,
    item: FieldItem,
) -> tuple[Parts, FieldItem | None]:
    """The parts of a field by node, the nearest first, and what no node within reach answers."""
    parts: Parts = []
    rest: FieldItem | None = item
    table = reach.table(starts, type_name)
    for node in sorted(table, key=lambda node: table[node].depth):
        if rest is None:
            break
        part, rest = _part(reach, node, type_name, rest, starts.get(node, ()))
        if part is not None:
            parts.append((node, part))
    return parts, rest


def _part(
    reach: Reach, node: Node, type_name: str, item: FieldItem, provided: Provided
) -> tuple[FieldItem | None, FieldItem | None]:
    """(what the node can answer of a field, what it cannot)."""
    if reach.below(node, type_name, item, provided) is not None:
        return item, None
    found = reach.local(node, item.name, provided)
    if found is None or not item.items:
        return None, item
    if found.requires and reach.below(node, type_name, replace(item, items=()), provided) is None:
        return None, item
    inner = type(node)(node.graph, found.target)
    below = reach.provided_below(node, found, provided)
    good, bad = _parts(reach, inner, item.items, below)
    if not good:
        return None, item
    return replace(item, items=good), (replace(item, items=bad) if bad else None)


def _parts(
    reach: Reach, node: Node, items: tuple[Item, ...], provided: Provided
) -> tuple[tuple[Item, ...], tuple[Item, ...]]:
    good: list[Item] = []
    bad: list[Item] = []
    for item in items:
        if reach.estimate(node, node.type_name, (item,), provided) is not None:
            good.append(item)
            continue
        part: Item | None = None
        rest: Item | None = item
        if isinstance(item, FieldItem):
            part, rest = _part(reach, node, node.type_name, item, provided)
        elif isinstance(item, FragmentItem):
            inner_good, inner_bad = _parts(reach, node, item.items, provided)
            part = replace(item, items=inner_good) if inner_good else None
            rest = replace(item, items=inner_bad) if inner_bad else None
        good += [part] if part is not None else []
        bad += [rest] if rest is not None else []
    return tuple(good), tuple(bad)
