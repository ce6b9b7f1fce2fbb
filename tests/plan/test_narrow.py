"""Of many subgraphs, those whose part another can play are left out of the search for a plan."""

import pytest
from graphql import parse

from router.graph.model import Graph
from router.graph.narrow import narrowed
from router.graph.operation import operation
from router.plan import plan
from router.plan.search import measure
from tests.plan.graphs import graph_of

OTHERS = 8
ENTITY = 'type E @key(fields: "id") { id: ID! name: String @shareable'


def with_others(*sdls: str, others: str = f"{ENTITY} }}") -> Graph:
    """The subgraphs S0, S1 and so on, then eight that are all the same."""
    return graph_of(*sdls, *[others] * OTHERS)


def kept(graph: Graph, text: str) -> list[str]:
    asked = operation(parse(text), None)
    return list(narrowed(graph, "Query", asked.items).types)


def test_a_subgraph_with_nothing_of_its_own_that_is_asked_for_is_left_aside() -> None:
    graph = with_others("type Query { e: E }" + ENTITY + "}", f"{ENTITY} own: Int }}")
    assert kept(graph, "{ e { name own } }") == ["S0", "S1"]


def test_of_subgraphs_that_are_the_same_the_first_is_kept() -> None:
    graph = with_others('type Query { e: E } type E @key(fields: "id") { id: ID! }')
    assert kept(graph, "{ e { name } }") == ["S0", "S1"]


@pytest.mark.parametrize(
    ("own", "asked"),
    [
        ('x: Int @external sum: Int @requires(fields: "x")', "sum"),
        ("sum: Int", "sum"),
        ('to: To @provides(fields: "y") @shareable', "to { y }"),
    ],
)
def test_a_subgraph_with_a_field_of_its_own_is_kept(own: str, asked: str) -> None:
    to = 'type To @key(fields: "id") { id: ID! y: Int @external }' if "to:" in own else ""
    first = (
        f"type Query {{ e: E }} {ENTITY} x: Int to: To @shareable }}"
        'type To @key(fields: "id") { id: ID! y: Int @shareable }'
    )
    graph = with_others(first, f"{ENTITY} {own} }} {to}")
    assert kept(graph, f"{{ e {{ {asked} }} }}") == ["S0", "S1"]


def test_a_subgraph_that_only_knows_a_key_on_the_way_is_kept() -> None:
    graph = with_others(
        'type Query { e: E } type E @key(fields: "id") { id: ID! }',
        'type E @key(fields: "id") @key(fields: "sku") { id: ID! sku: ID! }',
        'type E @key(fields: "sku") { sku: ID! own: Int }',
    )
    assert kept(graph, "{ e { own } }") == ["S0", "S1", "S2"]
    assert measure(plan(parse("{ e { own } }"), graph).node)[:2] == (3, 3)


def test_a_subgraph_with_what_a_context_takes_is_kept() -> None:
    graph = with_others(
        'type Query { top: Top } type Top @key(fields: "id") { id: ID! }',
        'type Top @key(fields: "id") { id: ID! lang: String }',
        'type Top @key(fields: "id") @context(name: "c") { id: ID! lang: String @external e: E } '
        'type E @key(fields: "id") { id: ID! '
        'text(l: String @fromContext(field: "$c { lang }")): String }',
    )
    assert kept(graph, "{ top { e { text } } }") == ["S0", "S1", "S2"]


def test_few_subgraphs_are_all_kept() -> None:
    graph = graph_of("type Query { e: E }" + ENTITY + "}", f"{ENTITY} }}", f"{ENTITY} }}")
    assert kept(graph, "{ e { name } }") == ["S0", "S1", "S2"]
