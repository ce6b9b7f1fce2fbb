"""What objects really are, where a subgraph has their interface as an object."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from router.graph.operation import FragmentItem, Item
from router.supergraph.model import Kind

if TYPE_CHECKING:
    from router.graph.lookup import Node, Provided
    from router.graph.reach import Distance, Reach


def real_types(
    reach: Reach, node: Node, items: tuple[Item, ...], provided: Provided
) -> Distance | None:
    """The distance of what depends on the real type of objects at a node; None: too far."""
    from router.graph.reach import HERE, Distance  # noqa: PLC0415 - they need each other

    view = reach.graph.view(*node)
    if view is None or not view.is_interface_object:
        return HERE
    wanted = tuple(_of_real_type(reach, node.type_name, items))
    if not wanted:
        return HERE
    best: Distance | None = None
    for goal, hop in reach.table({node: provided}, node.type_name).items():
        there = reach.graph.view(*goal)
        if there is None or there.kind not in {Kind.INTERFACE, Kind.UNION}:
            continue
        below = reach.estimate(goal, node.type_name, wanted)
        if below is not None:
            found = Distance(hop.depth + below.depth, below.fetches + 1, below.moved)
            best = found if best is None else min(best, found)
    return best


def _of_real_type(reach: Reach, type_name: str, items: tuple[Item, ...]) -> Iterator[Item]:
    for item in items:
        if not isinstance(item, FragmentItem):
            if item.name == "__typename":
                yield item
        elif reach.covers(item.type_condition, type_name):
            yield from _of_real_type(reach, type_name, item.items)
        else:
            yield item
