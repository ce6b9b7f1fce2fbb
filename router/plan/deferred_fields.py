"""Where a deferred field is taken from, when its objects are known already.

Whatever can be had by a key is fetched by it later, even from the subgraph the objects came from.
What cannot (a field of a type without a key), and what costs nothing more, is taken along by the
fetch that the objects come with.
"""

from __future__ import annotations

from collections.abc import Iterable

from router.graph.entering import reentry
from router.graph.field_sets import field_set_items
from router.graph.lookup import Node
from router.graph.operation import Conditions, FieldItem, FragmentItem, Item
from router.graph.reach import Reach
from router.plan.selection import SelectedField, SelectedFragment, Selection
from router.plan.steps import Part, Place, Position


def place_for(
    reach: Reach, position: Position, known: Place, item: FieldItem, conditions: Conditions
) -> Place | None:
    """Where a field is taken from objects that are `known` at its node; None: enter it anew."""
    if known.step.part is position.part or position.part is None:
        return known
    if _comes_along(reach, position, known, item, conditions):
        return known
    return _own_place(position, known.node)


def detour(
    reach: Reach, position: Position, node: Node, item: FieldItem, conditions: Conditions
) -> int:
    """How many stages more it takes to have a deferred field from a node where objects are."""
    known = position.place(node) if position.part is not None else None
    if known is None or known.step.part is position.part or _own_place(position, node) is not None:
        return 0
    found = reach.local(node, item.name, known.provided)
    if found is None or found.requires is not None or found.context_arguments:
        return 0  # takes a step of its own in any case
    return 0 if _comes_along(reach, position, known, item, conditions) else 1


def part_below(reach: Reach, position: Position, place: Place) -> Part | None:
    """The part that is planned below a field taken at a place; None below one that had to be taken
    along: all that its subgraph has of it comes along, too.
    """
    part = position.part
    if part is None or place.step.part is part:
        return part
    hop = reentry(reach, position.starts(), position.type_name, place.node)
    return part if hop is not None and hop.key is not None else None


def own_nodes(position: Position) -> set[Node]:
    """The nodes that a position's part, if it has one, has requests to already."""
    part = position.part
    return {place.node for place in position.places if part is None or place.step.part is part}


def _own_place(position: Position, node: Node) -> Place | None:
    return next(
        (
            place
            for place in position.places
            if place.node == node and place.step.part is position.part
        ),
        None,
    )


def _comes_along(
    reach: Reach, position: Position, known: Place, item: FieldItem, conditions: Conditions
) -> bool:
    """Whether a deferred field is taken along where the objects are known from."""
    node, type_name = known.node, position.type_name
    if _is_selected(known.selection, item, conditions):
        return True
    if reach.is_root(type_name):
        return False
    hop = reentry(reach, position.starts(), type_name, node)
    if hop is None or hop.key is None or reach.below(node, type_name, item, ()) is None:
        return True
    key = field_set_items(hop.key.selections)
    return _is_among(item, key) or _is_light(reach, node, known.selection, item, conditions)


def _is_selected(selection: Selection, item: FieldItem, conditions: Conditions) -> bool:
    """Whether a field, with all that is below it, is part of a selection already."""
    found = _selected(selection, item, conditions)
    if found is None or not item.items:
        return found is not None
    below = found.selection
    return below is not None and _are_selected(below, item.items)


def _are_selected(selection: Selection, items: Iterable[Item]) -> bool:
    for item in items:
        if isinstance(item, FieldItem):
            if not _is_selected(selection, item, item.conditions):
                return False
            continue
        inner = _inside(selection, item.type_condition)
        if item.conditions or inner is None or not _are_selected(inner, item.items):
            return False
    return True


def _selected(
    selection: Selection, item: FieldItem, conditions: Conditions
) -> SelectedField | None:
    entries = (entry for entry in selection.entries.values() if isinstance(entry, SelectedField))
    return next(
        (
            entry
            for entry in entries
            if entry.response == item.response and entry.conditions <= conditions
        ),
        None,
    )


def _inside(selection: Selection, type_condition: str | None) -> Selection | None:
    if type_condition in {None, selection.type_name}:
        return selection
    found = selection.entries.get(type_condition)
    return found.selection if isinstance(found, SelectedFragment) else None


def _is_among(item: FieldItem, key: tuple[Item, ...]) -> bool:
    """Whether all of a field is part of a key, which is fetched in any case."""
    for part in key:
        if isinstance(part, FieldItem) and part.signature == item.signature:
            return all(
                isinstance(below, FieldItem) and _is_among(below, part.items)
                for below in item.items
            )
    return False


def _is_light(
    reach: Reach, node: Node, selection: Selection, item: FieldItem, conditions: Conditions
) -> bool:
    """Whether a field that is selected already leads to objects with keys of their own, so that
    nothing but these is added where it is.
    """
    found, below = _selected(selection, item, conditions), reach.local(node, item.name, ())
    if found is None or found.selection is None or below is None:
        return False
    inner = Node(node.graph, below.target)
    return _are_light(reach, inner, found.selection, item.items)


def _are_light(reach: Reach, node: Node, selection: Selection, items: Iterable[Item]) -> bool:
    hop = reentry(reach, {node: ()}, node.type_name, node)
    has_key = hop is not None and hop.key is not None
    for item in items:
        if isinstance(item, FragmentItem):
            is_same = reach.covers(item.type_condition, node.type_name)
            if item.label is None and not (
                is_same and _are_light(reach, node, selection, item.items)
            ):
                return False
        elif not (
            has_key
            or item.name == "__typename"
            or reach.local(node, item.name, ()) is None
            or _is_selected(selection, item, item.conditions)
            or _is_light(reach, node, selection, item, item.conditions)
        ):
            return False
    return True
