"""Where objects can go by keys: what is collected at one node opens the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from router.graph.field_sets import field_set_items
from router.graph.lookup import Node, Provided
from router.graph.operation import FieldItem, Item

if TYPE_CHECKING:
    from router.graph.model import Key
    from router.graph.reach import Reach


class Hop(NamedTuple):
    """The way into a node by a key (None for a root type, which takes none, and for a start)."""

    depth: int
    key: Key | None
    provided: Provided = ()


def within_reach(reach: Reach, starts: Mapping[Node, Hop], type_name: str) -> dict[Node, Hop]:
    """Every node within reach of the starts, which come first; each by its nearest key."""
    known = dict(starts)
    if reach.is_root(type_name):
        for graph, views in reach.graph.types.items():
            if type_name in views:
                known.setdefault(Node(graph, type_name), Hop(1, None))
        return known
    # Level by level, so that a node is found at its least depth and never looked at again.
    level = 1 + min((hop.depth for hop in starts.values()), default=0)
    left = [_Open(node, key) for node, key in reach.entries(type_name)]
    fresh: set[str] | None = None
    while left:
        opened = _enter(reach, known, type_name, left, level, fresh)
        left = [entry for entry in left if entry.node not in known]
        later = [entry.depth for entry in left if entry.depth is not None]
        if not opened and not later:
            break
        level = level + 1 if opened else min(later)
        fresh = opened
    return known


def _enter(
    reach: Reach,
    known: dict[Node, Hop],
    type_name: str,
    entries: list[_Open],
    level: int,
    fresh: set[str] | None,
) -> set[str]:
    """Take every entry that is possible at a level; the names of fields that it brings."""
    opened: set[str] = set()
    collected: dict[int, tuple[int | None, str]] = {}  # most entries have a key in common
    for entry in entries:
        if entry.node in known or (entry.lacks and fresh is not None and entry.lacks not in fresh):
            continue
        items = field_set_items(entry.key.selections)
        answer = collected.get(id(items))
        if answer is None:
            answer = collected[id(items)] = _collect(reach, known, type_name, items)
        entry.depth, entry.lacks = answer
        if entry.depth is not None and entry.depth <= level:
            known[entry.node] = Hop(entry.depth, entry.key)
            view = reach.graph.view(*entry.node)
            opened.update(view.fields if view else ())
    return opened


@dataclass(slots=True)
class _Open:
    """An entry that has not been taken: from which stage on it could be, or a field it `lacks`."""

    node: Node
    key: Key
    depth: int | None = None
    lacks: str = ""


def _collect(
    reach: Reach, known: Mapping[Node, Hop], type_name: str, items: tuple[Item, ...]
) -> tuple[int | None, str]:
    """From which stage on a key gives entry; or None, with a field it lacks where one is known."""
    depth = 1
    for item in items:
        part = reach.collect(known, type_name, (item,))
        if part is None:
            return None, item.name if isinstance(item, FieldItem) else ""
        depth = max(depth, part + 1)
    return depth, ""


def reentry(
    reach: Reach, starts: Mapping[Node, Provided], type_name: str, node: Node
) -> Hop | None:
    """The nearest key to enter a node again that the objects are at already."""
    known = reach.table(starts, type_name)
    hops = [
        Hop(depth + 1, key)
        for goal, key in reach.entries(type_name)
        if goal == node
        and (depth := reach.collect(known, type_name, field_set_items(key.selections))) is not None
    ]
    return min(hops, key=lambda hop: hop.depth, default=None)
