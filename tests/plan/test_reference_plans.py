"""Each recorded reference plan bounds ours: never more fetches, never more stages."""

import json
from pathlib import Path
from typing import Any

import pytest
from graphql import parse, validate

from router.graph.build import build
from router.graph.deferral import labelled
from router.graph.model import Graph
from router.plan import plan
from router.plan.nodes import (
    BatchFetch,
    Condition,
    Defer,
    Fetch,
    Flatten,
    Parallel,
    PlanNode,
    QueryPlan,
    Sequence,
    Subscription,
)
from router.supergraph.read_sdl import read_sdl
from tests.plan.subgraph_schema import fetches, subgraph_schema

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "plans.jsonl"
CASES = [json.loads(line) for line in CORPUS.read_text().splitlines()] if CORPUS.exists() else []

if not CASES:
    pytest.skip("the reference cases are not beside this checkout", allow_module_level=True)


def size(node: PlanNode | None) -> tuple[int, int]:
    """(fetches, stages) of a plan."""
    match node:
        case None:
            return 0, 0
        case Fetch() | BatchFetch() | Flatten():
            return 1, 1
        case Sequence():
            parts = [size(child) for child in node.nodes]
            return sum(count for count, _ in parts), sum(depth for _, depth in parts)
        case Parallel():
            parts = [size(child) for child in node.nodes]
            return sum(count for count, _ in parts), max(depth for _, depth in parts)
        case Condition():
            both = [size(node.if_clause), size(node.else_clause)]
            return sum(count for count, _ in both), sum(depth for _, depth in both)
        case Subscription():
            count, depth = size(node.rest)
            return count + 1, depth + 1
        case Defer():
            parts = [size(node.primary), *(size(part.node) for part in node.deferred)]
            return sum(count for count, _ in parts), sum(depth for _, depth in parts)


def recorded_size(node: dict[str, Any] | None) -> tuple[int, int]:
    """The same of a recorded plan (Apollo's JSON)."""
    if not node:
        return 0, 0
    match node["kind"]:
        case "QueryPlan" | "Flatten":
            return recorded_size(node.get("node"))
        case "Fetch":
            return 1, 1
        case "Sequence" | "Parallel":
            parts = [recorded_size(child) for child in node["nodes"]]
            depths = [depth for _, depth in parts]
            deep = sum(depths) if node["kind"] == "Sequence" else max(depths)
            return sum(count for count, _ in parts), deep
        case "Condition":
            parts = [recorded_size(node.get("ifClause")), recorded_size(node.get("elseClause"))]
        case "Defer":
            parts = [recorded_size(node["primary"].get("node"))]
            parts += [recorded_size(part.get("node")) for part in node["deferred"]]
        case _:
            parts = [recorded_size(node["primary"]), recorded_size(node.get("rest"))]
    return sum(count for count, _ in parts), sum(depth for _, depth in parts)


def graph_of(case: dict[str, Any]) -> Graph:
    return build(read_sdl(case["supergraph"]))


def planned(case: dict[str, Any], graph: Graph) -> QueryPlan:
    labels = frozenset(case.get("labels") or ())
    in_parts = case["config"]["incrementalDelivery"]["enableDefer"]
    document = labelled(parse(case["operation"]))
    return plan(document, graph, None, labels, in_parts=in_parts)


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_a_plan_needs_no_more_fetches_and_stages_than_the_recorded_one(
    case: dict[str, Any],
) -> None:
    found = planned(case, graph_of(case))
    count, depth = size(found.node)
    most, deepest = recorded_size(case["plan"])
    assert count <= most
    assert depth <= deepest


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_each_fetch_is_valid_for_its_subgraph(case: dict[str, Any]) -> None:
    graph = graph_of(case)
    found = planned(case, graph)
    for fetch in fetches(found.node):
        schema = subgraph_schema(graph, fetch.subgraph)
        known = validate_quietly(schema, fetch.operation)
        assert known == [], fetch.operation


def validate_quietly(schema: Any, operation: str) -> list[str]:
    """Problems we made, not those of an operation that was odd before we planned it.

    A supergraph keeps no executable directives of subgraphs, and a few recorded operations use
    nullable Booleans in @include; neither says anything about the plan.
    """
    return [
        error.message
        for error in validate(schema, parse(operation))
        if "directive" not in error.message.lower()
        and "expecting type 'Boolean!'" not in error.message
    ]
