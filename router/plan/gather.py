"""Selecting for our own use: keys and what @requires names, under names that clash with nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from router.graph.operation import Conditions, FieldItem, FragmentItem, Item
from router.plan import walk as walking
from router.plan.nodes import Path, RequiredField, RequiredFragment, RequiredSelection
from router.plan.steps import Gathered, Position, Step

if TYPE_CHECKING:
    from router.plan.walk import Walk


def gather(
    walk: Walk, position: Position, items: tuple[Item, ...], conditions: Conditions
) -> tuple[tuple[RequiredSelection, ...], set[Step]]:
    """Select a field set for our own use: what to send of it, and the steps it comes from."""
    position = position.undeferred()
    first = position.places[0] if position.places else None
    known = position.gathered.get((id(items), conditions))
    if known is not None and known.place is first and known.items is items:
        walk.touch(known.place.step)
        return known.required, {known.place.step}
    walk.traces.append(set())
    ours = _renamed(position, items, walk)
    walking.select(walk, position, ours, first, conditions)
    walking.typename(walk, position)
    required, steps = tuple(_required(ours)), walk.traces.pop()
    if first is not None and steps == {first.step}:
        position.gathered[id(items), conditions] = Gathered(items, first, required)
    return required, steps


def _renamed(position: Position, items: tuple[Item, ...], walk: Walk) -> tuple[Item, ...]:
    """The field set under response names that clash with nothing in the operation."""
    return tuple(_rename(walk, position.path, item) for item in items)


def _rename(walk: Walk, path: Path, item: Item) -> Item:
    if isinstance(item, FragmentItem):
        inner = tuple(_rename(walk, path, below) for below in item.items)
        return FragmentItem(item.type_condition, item.directives, item.conditions, inner)
    response = walking.variant(walk, path, "").response_name(item.signature, item.name)
    inner = tuple(_rename(walk, (*path, response), below) for below in item.items)
    return FieldItem(
        item.name, response, item.signature, item.arguments, (), item.conditions, inner
    )


def _required(items: Iterable[Item]) -> list[RequiredSelection]:
    required: list[RequiredSelection] = []
    for item in items:
        below = tuple(_required(item.items))
        if isinstance(item, FragmentItem):
            required.append(RequiredFragment(item.type_condition or "", below))
        else:
            alias = item.response if item.response != item.name else None
            required.append(RequiredField(item.name, alias, below))
    return required


def fields_of(selections: Iterable[RequiredSelection]) -> list[RequiredField]:
    """Fields on the level of the key itself, where the type is known."""
    fields: list[RequiredField] = []
    for item in selections:
        if isinstance(item, RequiredField):
            fields.append(item)
        else:
            fields.extend(fields_of(item.selections))
    return fields
