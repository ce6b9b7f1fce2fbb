"""Where objects can go by keys: what is collected at one node opens the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from router.graph.field_sets import field_set_items
from router.graph.lookup import Node, Provided
from router.graph.operation import FieldItem

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
    for entry in entries:
        if entry.node in known or (entry.lacks and fresh is not None and entry.lacks not in fresh):
            continue
        entry.collect(reach, known, type_name)
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

    def collect(self, reach: Reach, known: Mapping[Node, Hop], type_name: str) -> None:
        """Tell both anew from what is known."""
        self.depth, self.lacks = 1, ""
        for item in field_set_items(self.key.selections):
            part = reach.collect(known, type_name, (item,))
            if part is None:
                self.depth, self.lacks = None, item.name if isinstance(item, FieldItem) else ""
                return
            self.depth = max(self.depth, part + 1)


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
