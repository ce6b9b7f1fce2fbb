"""What a node answers by itself, all that is below included: the question a search begins with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.graph.operation import FieldItem

if TYPE_CHECKING:
    from router.graph.lookup import Node, Provided
    from router.graph.reach import Reach


def is_settled(reach: Reach, node: Node, item: FieldItem, provided: Provided) -> bool:
    """Whether a field taken at a node takes no further fetch: it is `HERE`, told at first sight."""
    found = reach.local(node, item.name, provided)
    if found is None or found.requires is not None or found.context_arguments:
        return False
    if not item.items:
        return True
    inner = type(node)(node.graph, found.target)
    given = reach.provided_below(node, found, provided)
    key = (inner, id(item), tuple(map(id, given)))
    known = reach.settled.get(key)
    if known is None:
        view = reach.graph.view(*inner)
        known = (
            view is not None
            and not view.is_interface_object
            and all(
                is_settled(reach, member, below, given)
                for member in reach.members(inner) or [inner]
                for below in reach.fields(member.type_name, item.items)
            )
        )
        reach.keep(reach.settled, key, known, (item, given))
    return known
