"""An operation and a graph in, a plan out.

normalize   operation.py    fragments spread, equal fields merged
walk        walk.py         each field to the nearest subgraph, fetch by fetch
emit        emit.py         fetches by stages, those of one subgraph as one request
search      search.py       both again with other decisions; the cheapest plan is taken
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.graph.operation import ALWAYS, Item, Operation, PlanningError, operation
from router.graph.reach import Reach
from router.plan.choices import Choices
from router.plan.emit import Emitter, common_conditions, merge
from router.plan.nodes import Fetch, PlanNode, QueryPlan, Sequence, Subscription
from router.plan.search import best
from router.plan.steps import Step
from router.plan.walk import Walk, register, select, variant

if TYPE_CHECKING:
    from graphql import DocumentNode

    from router.graph.model import Graph

__all__ = ["PlanningError", "plan"]


def plan(
    document: DocumentNode,
    graph: Graph,
    operation_name: str | None = None,
    override_labels: frozenset[str] = frozenset(),
) -> QueryPlan:
    """Plan one operation of a document that is valid against the API schema.

    Raises PlanningError when a field cannot be reached from where the operation asks for it.
    """
    asked = operation(document, operation_name)
    root = graph.supergraph.roots.get(asked.kind)
    if root is None:
        raise PlanningError("UNPLANNABLE", f"The schema has no {asked.kind} type.")
    reach = Reach(graph, override_labels)
    return QueryPlan(best(lambda choices: _build(asked, reach, choices)))


def _build(asked: Operation, reach: Reach, choices: Choices) -> PlanNode | None:
    emitter = Emitter(reach.graph, asked)
    if asked.kind == "query":
        return emitter.emit(_steps(asked, asked.items, reach, choices), "query")
    if asked.kind == "subscription":
        return _subscription(asked, emitter, reach, choices)
    parts = [emitter.emit(steps, "mutation") for steps in _in_turn(asked, reach, choices)]
    nodes = tuple(node for node in parts if node is not None)
    return None if not nodes else nodes[0] if len(nodes) == 1 else Sequence(nodes)


def _in_turn(asked: Operation, reach: Reach, choices: Choices) -> list[list[Step]]:
    """Mutations one after the other; what follows a complete one at its subgraph joins it."""
    parts: list[list[Step]] = []
    for item in asked.items:
        steps = _steps(asked, (item,), reach, choices)
        before = parts[-1] if parts else []
        if len(before) == 1 and steps and _can_join(before[0], steps[0]):
            joined = before[0].selection
            merge(joined, steps[0].selection)
            steps[0].selection = joined
            parts[-1] = steps
        elif steps:
            parts.append(steps)
    return parts


def _can_join(before: Step, after: Step) -> bool:
    return before.graph == after.graph and not before.conditions and not after.conditions


def _steps(asked: Operation, items: tuple[Item, ...], reach: Reach, choices: Choices) -> list[Step]:
    walk = Walk(reach.graph, reach, choices=choices)
    register(walk, (), asked.items)
    root = variant(walk, (), reach.graph.supergraph.roots[asked.kind])
    select(walk, root, items, None, ALWAYS)
    for step in walk.steps:
        step.conditions = common_conditions(step.selection)
    return walk.steps


def _subscription(
    asked: Operation, emitter: Emitter, reach: Reach, choices: Choices
) -> PlanNode | None:
    steps = _steps(asked, asked.items, reach, choices)
    primary = emitter.emit(steps[:1], "subscription")
    for step in steps[1:]:
        step.depends.discard(steps[0])
    rest = emitter.emit(steps[1:], "query")
    if not isinstance(primary, Fetch):
        raise PlanningError("UNPLANNABLE", "A subscription needs exactly one root field.")
    return Subscription(primary, rest)
