"""An operation and a graph in, a plan out.

normalize   operation.py    fragments spread, equal fields merged
walk        walk.py         each field to the nearest subgraph, fetch by fetch
emit        emit.py         fetches by stages, those of one subgraph as one request
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.graph.operation import ALWAYS, Item, Operation, PlanningError, operation
from router.graph.reach import Reach
from router.plan.emit import Emitter, common_conditions
from router.plan.nodes import Fetch, PlanNode, QueryPlan, Sequence, Subscription
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
    emitter = Emitter(graph, asked)
    if asked.kind == "query":
        return QueryPlan(emitter.emit(_steps(graph, asked, asked.items, override_labels), "query"))
    if asked.kind == "subscription":
        return QueryPlan(_subscription(graph, asked, emitter, override_labels))
    parts = [
        emitter.emit(_steps(graph, asked, (item,), override_labels), "mutation")
        for item in asked.items
    ]
    nodes = tuple(node for node in parts if node is not None)
    return QueryPlan(None if not nodes else nodes[0] if len(nodes) == 1 else Sequence(nodes))


def _steps(
    graph: Graph, asked: Operation, items: tuple[Item, ...], labels: frozenset[str]
) -> list[Step]:
    walk = Walk(graph, Reach(graph, labels))
    register(walk, (), asked.items)
    root = variant(walk, (), graph.supergraph.roots[asked.kind])
    select(walk, root, items, None, ALWAYS)
    for step in walk.steps:
        step.conditions = common_conditions(step.selection)
    return walk.steps


def _subscription(
    graph: Graph, asked: Operation, emitter: Emitter, labels: frozenset[str]
) -> PlanNode | None:
    steps = _steps(graph, asked, asked.items, labels)
    primary = emitter.emit(steps[:1], "subscription")
    for step in steps[1:]:
        step.depends.discard(steps[0])
    rest = emitter.emit(steps[1:], "query")
    if not isinstance(primary, Fetch):
        raise PlanningError("UNPLANNABLE", "A subscription needs exactly one root field.")
    return Subscription(primary, rest)
