"""Interfaces, unions, @interfaceObject: what is asked of all objects at once, what by type."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from router.graph.lookup import Node, Provided
from router.graph.model import Graph, SubgraphType
from router.graph.operation import Conditions, FieldItem, FragmentItem, Item, PlanningError
from router.plan import deferral
from router.plan import walk as walking
from router.plan.assign import assign
from router.plan.choices import BY_TYPE
from router.plan.enter import enter
from router.plan.steps import Place, Position
from router.supergraph.model import Kind

if TYPE_CHECKING:
    from router.plan.walk import Walk


@dataclass(slots=True)
class _Sorting:
    """Items of one abstract place being told apart: `remote` ones, and those of one type each."""

    walk: Walk
    position: Position
    via: Place
    view: SubgraphType
    by_type: dict[str, list[Item]] = field(default_factory=dict)
    remote: list[tuple[FieldItem, Conditions, frozenset[Node]]] = field(default_factory=list)


def is_abstract(graph: Graph, node: Node) -> bool:
    """Whether the subgraph has the type as an interface or a union."""
    view = graph.types[node.graph].get(node.type_name)
    return view is not None and (view.kind is Kind.INTERFACE or view.kind is Kind.UNION)


def select(
    walk: Walk, position: Position, items: tuple[Item, ...], via: Place, conditions: Conditions
) -> None:
    """Plan items for objects of an abstract type at a place; by type only where it must be."""
    view = walk.graph.view(*via.node)
    if view is None:
        raise PlanningError("UNPLANNABLE", f"{via.node.type_name} is unknown there.")
    via.selection.typename()
    sorting = _Sorting(walk, position, via, view)
    _sort(sorting, items, conditions)
    for item, when, nodes in sorting.remote:
        wanted = [(item, when)]
        for node, part, _ in assign(walk.reach, position, wanted, walk.asking(), nodes):
            walking.take(walk, position, node, part, when)
    for type_name, selected in sorting.by_type.items():
        if via.members is not None and type_name not in via.members:
            continue
        variant = _variant(walk, position, via, type_name)
        walking.select(walk, variant, tuple(selected), variant.places[-1], conditions)


def _variant(walk: Walk, position: Position, via: Place, type_name: str) -> Position:
    """The objects of one type among those of a position, at one place."""
    key = ("...", type_name)
    known = position.children.get(key)
    if known is None:
        known = walking.variant(walk, position.path, type_name)
        known.origin, known.part = (position, ""), position.part
        position.children[key] = known
    node = Node(via.node.graph, type_name)
    selection = via.selection.fragment(type_name)
    if not any(place.selection is selection for place in known.places):
        known.places.append(Place(node, via.step, selection, via.provided))
    return known


def _sort(sorting: _Sorting, items: Iterable[Item], conditions: Conditions) -> None:
    """Take what all objects have here; put the rest aside."""
    walk, via, view = sorting.walk, sorting.via, sorting.view
    for item in items:
        when = conditions | item.conditions
        if isinstance(item, FragmentItem):
            _sort_fragment(sorting, item, when)
        elif item.name == "__typename":
            walk.touch(via.step)
        elif item.name.startswith("__"):
            continue
        elif _is_for_all(sorting, item):
            found = walk.reach.local(via.node, item.name, via.provided)
            if found is not None:
                walking.add_field(walk, sorting.position, via, found, item, when)
        elif nodes := _whole_interface(walk, sorting.position, item):
            sorting.remote.append((item, when, nodes))
        elif not view.runtime:
            raise PlanningError(
                "UNPLANNABLE",
                f"{view.name}.{item.name} cannot be reached at {'.'.join(sorting.position.path)}: "
                "the subgraph there implements the interface by no type.",
            )
        else:
            for name in view.runtime:
                sorting.by_type.setdefault(name, []).append(FragmentItem(None, (), when, (item,)))


def _is_for_all(sorting: _Sorting, item: FieldItem) -> bool:
    """Whether to ask all objects alike: possible, and not better told apart by type."""
    walk, via, view = sorting.walk, sorting.via, sorting.view
    if not _is_common(walk, via.node, view, item, via.provided):
        return False
    if not item.items:
        return True
    choices = walk.asking()
    key = (sorting.position.path, view.name, item.response, item.signature, BY_TYPE)
    if choices.taken.get(key) == BY_TYPE:
        return False
    below = walk.reach.below(via.node, view.name, item, via.provided)
    if below is not None and below.fetches:
        choices.offer(key, [BY_TYPE])
    return True


def _sort_fragment(sorting: _Sorting, item: FragmentItem, when: Conditions) -> None:
    view = sorting.view
    if item.label is not None:
        deferral.put_off(sorting.walk, sorting.position, sorting.via, item, when)
        return
    wide = set(sorting.walk.graph.runtime.get(item.type_condition or view.name, ()))
    meeting = [name for name in view.runtime if name in wide]
    if item.type_condition in {None, view.name} or len(meeting) == len(view.runtime):
        _sort(sorting, item.items, when)
        return
    for name in meeting:
        selected = FragmentItem(None, item.directives, when, item.items)
        sorting.by_type.setdefault(name, []).append(selected)


def _is_common(
    walk: Walk, node: Node, view: SubgraphType, item: FieldItem, provided: Provided
) -> bool:
    """Whether the field can be asked of the interface itself, whatever the object is."""
    if view.kind is not Kind.INTERFACE:
        return False
    if walk.reach.below(node, view.name, item, provided) is None:
        return False
    for name in view.runtime:
        found = walk.reach.local(Node(node.graph, name), item.name, provided)
        if found is None or found.requires is not None or found.context_arguments:
            return False
    return True


def _whole_interface(walk: Walk, position: Position, item: FieldItem) -> frozenset[Node]:
    """Other nodes that answer a field for the interface as a whole (as by @interfaceObject)."""
    table = walk.reach.table(position.starts(), position.type_name)
    return frozenset(
        node
        for node, _ in walk.reach.able(table, position.type_name, item.name)
        if node not in position.nodes()
        and (view := walk.graph.view(*node)) is not None
        and walk.reach.below(node, position.type_name, item, ()) is not None
        and (view.kind is Kind.OBJECT or _is_common(walk, node, view, item, ()))
    )


def select_truth(walk: Walk, position: Position, items: tuple[Item, ...]) -> None:
    """Plan what depends on the real type of objects that a subgraph has by their interface only."""
    table = walk.reach.table(position.starts(), position.type_name)
    real = [node for node in table if is_abstract(walk.graph, node)]
    if not real:
        raise PlanningError(
            "UNPLANNABLE",
            f"The real type of {position.type_name} at {'.'.join(position.path)} is unknown: no "
            "subgraph that implements the interface can be entered from there.",
        )
    node = min(real, key=lambda node: table[node].depth)
    place = enter(walk, position, node, frozenset())
    if any(isinstance(item, FieldItem) for item in items):
        place.step.is_for_type = True
    select(walk, position, items, place, frozenset())
