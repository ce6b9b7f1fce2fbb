"""Getting to a node from where objects are: by a key, and with what a field there requires."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from router.graph.entering import reentry
from router.graph.field_sets import field_set_items
from router.graph.lookup import Node
from router.graph.model import SubgraphField
from router.graph.operation import Conditions, FieldItem, Item, PlanningError
from router.plan.choices import SEPARATE
from router.plan.deferred_fields import place_for
from router.plan.gather import fields_of, gather
from router.plan.nodes import RequiredField, RequiredSelection, ValueSetter
from router.plan.selection import Selection
from router.plan.steps import Place, Position, Step, hidden, with_inputs

if TYPE_CHECKING:
    from router.plan.walk import Walk

TYPENAME = RequiredField("__typename")


@dataclass(frozen=True, slots=True)
class Extra:
    """What an entry is sent besides its key: the field set, what to send of it, its sources."""

    items: tuple[Item, ...] = ()
    required: tuple[RequiredSelection, ...] = ()
    sources: set[Step] = field(default_factory=set)


def enter(
    walk: Walk,
    position: Position,
    node: Node,
    conditions: Conditions,
    item: FieldItem | None = None,
) -> Place:
    """The place of a position at a node; a new step enters it by the nearest key.

    When the `item` it is entered for is deferred, it may take a step of its own all the same.
    """
    known = position.place(node)
    if known is not None and item is not None:
        known = place_for(walk.reach, position, known, item, conditions)
        known = _not_late(walk, position, known, item)
    if known is not None:
        if known.is_entry and not known.when <= conditions:
            # Entered under conditions, it is now needed under others: so is what it is sent.
            known.when &= conditions
            _gather_again(walk, known)
        return known
    if walk.reach.is_root(position.type_name):
        root = Selection(node.type_name)
        step = Step(node.graph, position.path, root, is_entity=False, part=walk.part)
        if position.path:  # a root type inside the response: only where its object is there
            step.depends.add(position.places[0].step)
        walk.new_step(step)
        place = Place(node, step, root)
        position.places.append(place)
        return place
    return make_entry(walk, position, node, conditions, Extra())


def _not_late(walk: Walk, position: Position, known: Place | None, item: FieldItem) -> Place | None:
    """The place; or one that waits for its key alone, if what others there require takes longer."""
    if known is None or not item.items or known.is_plain():
        return known
    question = (position.path, known.node, item.response, SEPARATE)
    if walk.choices.taken.get(question) == SEPARATE:
        there = (place for place in position.places if place.node == known.node)
        return next((place for place in there if place.is_plain()), None)
    walk.choices.offer(question, [SEPARATE])
    return known


def _gather_again(walk: Walk, place: Place) -> None:
    """What a step is sent, under other conditions: never from itself or what waits for it."""
    part, walk.part = walk.part, place.step.part
    for position, items in place.given:
        with hidden(position, place.step):
            place.step.depends |= gather(walk, position, items, place.when)[1]
    walk.part = part


def make_entry(
    walk: Walk, position: Position, node: Node, conditions: Conditions, extra: Extra
) -> Place:
    """A new step into the node, given its nearest key and more.

    Raises PlanningError when no key of the node can be collected.
    """
    key_items = _key(walk, position, node)
    key, sources = gather(walk, position, key_items, conditions)
    inputs = with_inputs([TYPENAME, *fields_of(key)], extra.required)
    if inputs is None:
        raise PlanningError(
            "UNPLANNABLE", f"{position.type_name} would need two values of one key field."
        )
    root = Selection("")
    step = Step(
        node.graph,
        position.path,
        root,
        is_entity=True,
        inputs={position.type_name: inputs},
        part=walk.part,
    )
    if node.type_name != position.type_name or walk.is_interface_object(node):
        path = (f"... on {position.type_name}", "__typename")
        step.rewrites[position.type_name] = ValueSetter(path, node.type_name)
    step.depends |= sources | extra.sources
    walk.new_step(step)
    place = Place(
        node,
        step,
        root.fragment(node.type_name),
        is_entry=True,
        given=[(position, key_items), (position, extra.items)],
        when=conditions,
    )
    position.places.append(place)
    return place


def _key(walk: Walk, position: Position, node: Node) -> tuple[Item, ...]:
    others = {other: given for other, given in position.starts().items() if other != node}
    hop = None
    if position.part is None or len(others) == len(position.starts()):
        hop = walk.reach.table(others, position.type_name, position.delays()).get(node)
    if hop is None or hop.key is None:
        hop = reentry(walk.reach, position.starts(), position.type_name, node)
    if hop is None or hop.key is None:
        raise PlanningError(
            "UNPLANNABLE",
            f"{position.type_name} cannot be entered in subgraph "
            f'"{walk.graph.subgraph_name(node.graph)}": no resolvable key of it can be collected.',
        )
    return field_set_items(hop.key.selections)


def with_required(
    walk: Walk, position: Position, node: Node, found: SubgraphField, conditions: Conditions
) -> Place:
    """A place at the node whose step is sent what the field's @requires names."""
    items = field_set_items(found.requires) if found.requires else ()
    required, sources = gather(walk, position, items, conditions)
    extra = Extra(items, tuple(fields_of(required)), sources)
    question = (position.path, node, found.name, SEPARATE)
    if walk.choices.taken.get(question) != SEPARATE:
        for candidate in position.places:
            is_ours = candidate.step.part is walk.part
            if candidate.node == node and candidate.is_entry and is_ours:
                waits = candidate.step.depends != sources  # for what one of both alone does not
                if _join(walk, position, candidate, extra, conditions):
                    walk.choices.offer(question, [SEPARATE] if waits else [])
                    return candidate
    return make_entry(walk, position, node, conditions, extra)


def _join(
    walk: Walk, position: Position, place: Place, extra: Extra, conditions: Conditions
) -> bool:
    """Send more along with a step that is there already, where it can wait for it."""
    step = place.step
    if place.when != conditions and not extra.sources <= step.depends:
        return False  # what a skipped field requires is not fetched for the others' sake
    inputs = with_inputs(step.inputs[position.type_name], extra.required)
    if inputs is None or any(source.needs(step) for source in extra.sources):
        return False
    step.inputs[position.type_name] = inputs
    step.depends |= extra.sources
    place.given.append((position, extra.items))
    if conditions != place.when:
        place.when &= conditions
        _gather_again(walk, place)
    return True
