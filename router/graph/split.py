"""One composite field from several nodes: a value type whose fields are spread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from heapq import heappop, heappush
from itertools import groupby
from math import inf
from typing import TYPE_CHECKING

from router.graph.operation import FieldItem, FragmentItem, Item
from router.graph.settled import is_settled

if TYPE_CHECKING:
    from router.graph.lookup import Node, Provided
    from router.graph.reach import Distance, Reach

Parts = list[tuple["Node", FieldItem]]


def split(
    reach: Reach,
    starts: Mapping[Node, Provided],
    type_name: str,
    item: FieldItem,
    most: int | None = None,
) -> tuple[Parts, FieldItem | None]:
    """The parts of a field by node, and what no node within reach answers.

    The nearest nodes come first, of those the ones that answer most of what is left. With `most`,
    a part is no further than so many stages from its node.
    """
    parts: Parts = []
    rest: FieldItem | None = item
    table = reach.table(starts, type_name)
    splitting = Splitting(reach, most)

    able = sorted(reach.able(table, type_name, item.name), key=lambda entry: entry[1].depth)
    for _, equally_near in groupby(able, key=lambda entry: entry[1].depth):
        # How many leaves each answers, or answered of more than is left: so it only gets less.
        most_useful = [(-inf, node) for node, _ in equally_near]
        while most_useful and rest is not None:
            _, node = heappop(most_useful)
            part, left = _part(splitting, node, type_name, rest, starts.get(node, ()))
            if part is None:
                continue
            useful = (-reach.leaves(part), node)
            if most_useful and useful > most_useful[0]:
                heappush(most_useful, useful)
                continue
            parts.append((node, part))
            rest = left
    return parts, rest


@dataclass(frozen=True, slots=True)
class Splitting:
    """How far from a node a part may be (None: as far as need be)."""

    reach: Reach
    most: int | None

    def is_near(self, distance: Distance | None) -> bool:
        """Whether something is near enough to be part of what the node answers."""
        return distance is not None and (self.most is None or distance.depth <= self.most)


def _part(
    splitting: Splitting, node: Node, type_name: str, item: FieldItem, provided: Provided
) -> tuple[FieldItem | None, FieldItem | None]:
    """(what the node can answer of a field, what it cannot); the same items for the same question.

    Parts of parts are asked about again and again: only answers that are known by identity keep
    deep operations from taking time that doubles with each level.
    """
    key = (node, type_name, id(item), tuple(map(id, provided)), splitting.most)
    known = splitting.reach.parts.get(key)
    if known is None:
        known = _split(splitting, node, type_name, item, provided)
        splitting.reach.keep(splitting.reach.parts, key, known, (item, provided))
    return known


def _split(
    splitting: Splitting, node: Node, type_name: str, item: FieldItem, provided: Provided
) -> tuple[FieldItem | None, FieldItem | None]:
    reach = splitting.reach
    if splitting.is_near(reach.below(node, type_name, item, provided)):
        return item, None
    found = reach.local(node, item.name, provided)
    if found is None or not item.items:
        return None, item
    if found.requires and reach.below(node, type_name, replace(item, items=()), provided) is None:
        return None, item
    inner = type(node)(node.graph, found.target)
    below = reach.provided_below(node, found, provided)
    good, bad = _parts(splitting, inner, item.items, below)
    if not good:
        return None, item
    return replace(item, items=good), (replace(item, items=bad) if bad else None)


def _parts(
    splitting: Splitting, node: Node, items: tuple[Item, ...], provided: Provided
) -> tuple[tuple[Item, ...], tuple[Item, ...]]:
    good: list[Item] = []
    bad: list[Item] = []
    is_one_type = splitting.reach.members(node) == [node]
    for item in items:
        if (
            is_one_type
            and isinstance(item, FieldItem)
            and is_settled(splitting.reach, node, item, provided)
        ):
            good.append(item)
            continue
        if splitting.is_near(splitting.reach.estimate_one(node, item, provided)):
            good.append(item)
            continue
        part: Item | None = None
        rest: Item | None = item
        if isinstance(item, FieldItem):
            part, rest = _part(splitting, node, node.type_name, item, provided)
        elif isinstance(item, FragmentItem):
            inner = _narrowed(splitting.reach, node, item.type_condition)
            if inner is None:
                bad.append(item)
                continue
            inner_good, inner_bad = _parts(splitting, inner, item.items, provided)
            part = replace(item, items=inner_good) if inner_good else None
            rest = replace(item, items=inner_bad) if inner_bad else None
        good += [part] if part is not None else []
        bad += [rest] if rest is not None else []
    return tuple(good), tuple(bad)


def _narrowed(reach: Reach, node: Node, type_condition: str | None) -> Node | None:
    """Where objects at a node are that satisfy a condition; None: the node cannot tell."""
    if type_condition is None or reach.covers(type_condition, node.type_name):
        return node
    view = reach.graph.view(*node)
    if view is None or view.is_interface_object:
        return None
    inner = type(node)(node.graph, type_condition)
    return inner if reach.graph.view(*inner) else None
