"""A place is visited once for all that is known there, so that the search ends for every schema."""

from __future__ import annotations

from itertools import combinations

from router.compose.satisfiability_visited import Visited
from router.graph.lookup import Node
from router.graph.operation import ALWAYS, FieldItem
from tests.compose.composing import codes, composed, linked

HEAD = linked("key", "shareable", "external")
NOWHERE: frozenset[str] = frozenset()
A, B, C = (Node(graph, "T") for graph in "ABC")


def test_a_place_that_knows_more_than_one_before_is_not_visited() -> None:
    visited = Visited()
    assert visited.is_new("T", [(A, ()), (B, ())], NOWHERE)
    assert not visited.is_new("T", [(A, ()), (B, ())], NOWHERE)
    assert not visited.is_new("T", [(A, ()), (B, ()), (C, ())], NOWHERE)
    assert not visited.is_new("T", [(B, ()), (A, ())], frozenset({"c"}))


def test_a_place_that_knows_less_or_something_else_is_visited() -> None:
    visited = Visited()
    assert visited.is_new("T", [(A, ()), (B, ())], NOWHERE)
    assert visited.is_new("T", [(A, ())], NOWHERE)
    assert visited.is_new("T", [(C, ())], NOWHERE)
    assert visited.is_new("U", [(A, ())], NOWHERE)
    assert visited.count == 4


def test_what_is_provided_and_contexts_are_known_too() -> None:
    provided = FieldItem("x", "x", "x", (), (), ALWAYS, ())
    visited = Visited()
    assert visited.is_new("T", [(A, (provided,))], frozenset({"c"}))
    assert visited.is_new("T", [(A, (provided,))], NOWHERE)
    assert visited.is_new("T", [(A, ())], frozenset({"c"}))
    assert visited.is_new("T", [(A, ())], NOWHERE)


def test_a_copy_remembers_and_does_not_tell() -> None:
    visited = Visited()
    visited.is_new("T", [(A, ())], NOWHERE)
    other = visited.copy()
    assert not other.is_new("T", [(A, ())], NOWHERE)
    assert other.is_new("T", [(B, ())], NOWHERE)
    assert visited.is_new("T", [(B, ())], NOWHERE)


def test_visits_end_when_too_many_ways_lead_to_one_type() -> None:
    visited = Visited(most_of_type=40)
    nodes = [Node(str(number), "T") for number in range(10)]
    pairs = list(combinations(nodes, 2))
    for one, other in pairs[:40]:
        assert visited.is_new("T", [(one, ()), (other, ())], NOWHERE)
    assert not visited.is_full
    assert visited.is_new("T", [(pairs[40][0], ()), (pairs[40][1], ())], NOWHERE)
    assert visited.is_full


def spread(subgraphs: int, depth: int) -> list[str]:
    """Value types of which each subgraph lacks a field, so that each way leads elsewhere."""
    found = []
    for number in range(subgraphs):
        others = [other for other in range(subgraphs) if other != number]
        sdl = HEAD + "type Query @shareable { start: V0 }\n"
        for level in range(depth):
            fields = " ".join(f"f{other}: V{level + 1}" for other in others)
            sdl += f"type V{level} @shareable {{ {fields} }}\n"
        found.append(sdl + f"type V{depth} @shareable {{ leaf: Int }}\n")
    return found


def test_value_types_spread_over_subgraphs_compose_when_each_way_leads_on() -> None:
    assert composed(*spread(8, 4)).supergraph_sdl is not None


def test_a_field_that_only_the_longest_ways_miss_is_found() -> None:
    sdls = spread(6, 3)
    for number in range(3):
        sdls[number] = sdls[number].replace("leaf: Int", "leaf: Int rare: Int")
    [error] = composed(*sdls).errors
    assert (error.code, error.coordinate) == ("SATISFIABILITY_ERROR", "V3.rare")


def test_a_mutation_must_lead_to_everything_though_a_query_that_does_was_looked_at_before() -> None:
    asking = HEAD + "type Query { t: T }\ntype T { x: Int @shareable y: Int }"
    doing = HEAD + "type Mutation { make: T }\ntype T { x: Int @shareable }"
    assert codes(asking, doing) == {"SATISFIABILITY_ERROR"}
    keyed = [
        sdl.replace("T {", 'T @key(fields: "x") {').replace("x: Int @shareable", "x: Int")
        for sdl in (asking, doing)
    ]
    assert not codes(*keyed)


def test_of_the_subgraphs_with_a_mutation_one_must_lead_to_everything() -> None:
    whole = (
        HEAD
        + "type Query { d: Int }\ntype Mutation { make: T @shareable }\n"
        + "type T { x: Int @shareable y: Int @shareable }"
    )
    part = whole.replace(" y: Int @shareable", "").replace("type Query { d: Int }", "")
    assert not codes(whole, part)
    assert not codes(part, whole)
    other = part.replace("x: Int @shareable", "y: Int @shareable")
    assert codes(HEAD + "type Query { d: Int }", part, other) == {"SATISFIABILITY_ERROR"}
