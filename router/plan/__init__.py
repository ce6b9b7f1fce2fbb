"""An operation and a graph in, a plan out.

normalize   operation.py    fragments spread, equal fields merged
walk        walk.py         each field to the nearest subgraph, fetch by fetch
defer       deferral.py     what may come later, in fetches of its own
emit        emit.py         fetches by stages, those of one subgraph as one request
search      search.py       both again with other decisions; the cheapest plan is taken
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from router.graph.deferral import can_defer, switches
from router.graph.narrow import narrowed
from router.graph.operation import (
    ALWAYS,
    FragmentItem,
    Item,
    Operation,
    PlanningError,
    operation,
)
from router.graph.reach import Reach
from router.plan.choices import Choices
from router.plan.deferral import PartKey, parts_of, select_later
from router.plan.delivery import Delivery, with_parts
from router.plan.emit import Emitter, common_conditions, merge
from router.plan.nodes import Condition, Fetch, PlanNode, QueryPlan, Sequence, Subscription
from router.plan.search import best
from router.plan.steps import Part, Step
from router.plan.walk import Walk, register, select, variant

if TYPE_CHECKING:
    from graphql import DocumentNode

    from router.graph.model import Graph

__all__ = ["PlanningError", "plan"]

Parts = Mapping[PartKey, Part]


def plan(
    document: DocumentNode,
    graph: Graph,
    operation_name: str | None = None,
    override_labels: frozenset[str] = frozenset(),
    *,
    in_parts: bool = False,
) -> QueryPlan:
    """Plan one operation of a document that is valid against the API schema.

    Without `in_parts` nothing is deferred; with it, every @defer must have a label
    (`router.graph.deferral.labelled`). A subscription's events are delivered whole in any case.

    Raises PlanningError when a field cannot be reached from where the operation asks for it.
    """
    asked = operation(document, operation_name)
    if not in_parts or asked.kind == "subscription" or not can_defer(document):
        return QueryPlan(_planned(asked, graph, override_labels))

    def by_switch(names: tuple[str, ...], known: Mapping[str, bool]) -> PlanNode | None:
        if not names:
            asked = operation(document, operation_name, known)
            return _planned(asked, graph, override_labels)
        name, *others = names
        on, off = (by_switch(tuple(others), {**known, name: value}) for value in (True, False))
        return Condition(name, on, off)

    return QueryPlan(by_switch(switches(document, asked.node), {}))


def _planned(asked: Operation, graph: Graph, labels: frozenset[str]) -> PlanNode | None:
    if asked.kind not in graph.supergraph.roots:
        raise PlanningError("UNPLANNABLE", f"The schema has no {asked.kind} type.")
    root = graph.supergraph.roots[asked.kind]
    reach = Reach(narrowed(graph, root, asked.items), labels)
    return best(lambda choices: _build(asked, reach, choices))


def _build(asked: Operation, reach: Reach, choices: Choices) -> PlanNode | None:
    emitter = Emitter(reach.graph, asked)
    if asked.kind == "subscription":
        return _subscription(asked, emitter, reach, choices)
    parts = parts_of(asked.items)
    delivery = Delivery(emitter, tuple(parts.values()))
    if asked.kind == "query":
        steps = delivery.take(_steps(asked, asked.items, reach, choices, parts))
        return with_parts(delivery, emitter.emit(steps, "query"), asked.items)
    turns = _in_turn(asked, reach, choices, parts, delivery)
    nodes = [node for steps in turns if (node := emitter.emit(steps, "mutation")) is not None]
    first = None if not nodes else nodes[0] if len(nodes) == 1 else Sequence(tuple(nodes))
    return with_parts(delivery, first, asked.items)


def _in_turn(
    asked: Operation, reach: Reach, choices: Choices, parts: Parts, delivery: Delivery
) -> list[list[Step]]:
    """Mutations one after the other; neighbours that one subgraph makes are one request to it."""
    turns: list[list[Step]] = []
    for item in _one_by_one(asked.items):
        steps = delivery.take(_steps(asked, (item,), reach, choices, parts))
        if turns and steps and turns[-1][0].graph == steps[0].graph:
            first, joined = turns[-1][0], steps[0]
            merge(first.selection, joined.selection)
            first.conditions = common_conditions(first.selection)
            delivery.replace(joined, first)
            for step in steps[1:]:
                step.depends = {first if one is joined else one for one in step.depends}
            turns[-1] += steps[1:]
        elif steps:
            turns.append(steps)
    return turns


def _one_by_one(items: tuple[Item, ...]) -> Iterator[Item]:
    """Each root field by itself, within the fragments around it."""
    for item in items:
        if isinstance(item, FragmentItem) and item.label is None:
            for inner in _one_by_one(item.items):
                yield replace(item, items=(inner,))
        else:
            yield item


def _steps(
    asked: Operation, items: tuple[Item, ...], reach: Reach, choices: Choices, parts: Parts
) -> list[Step]:
    walk = Walk(reach.graph, reach, choices=choices, parts=parts)
    register(walk, (), asked.items)
    root = variant(walk, (), reach.graph.supergraph.roots[asked.kind])
    select(walk, root, items, None, ALWAYS)
    select_later(walk)
    for position in walk.positions:
        position.release()
    for step in walk.steps:
        step.conditions = ALWAYS if step.is_for_type else common_conditions(step.selection)
    return walk.steps


def _subscription(
    asked: Operation, emitter: Emitter, reach: Reach, choices: Choices
) -> PlanNode | None:
    steps = _steps(asked, asked.items, reach, choices, {})
    primary = emitter.emit(steps[:1], "subscription")
    for step in steps[1:]:
        step.depends.discard(steps[0])
    rest = emitter.emit(steps[1:], "query")
    if not isinstance(primary, Fetch):
        raise PlanningError("UNPLANNABLE", "A subscription needs exactly one root field.")
    return Subscription(primary, rest)
