"""A plan is found, or refused, in a bounded number of steps, however an operation is nested."""

import pytest
from graphql import parse

from router.graph.lookup import Node
from router.graph.model import Graph
from router.graph.operation import PlanningError, operation
from router.graph.reach import Reach
from router.plan import plan
from router.plan.search import measure
from tests.plan.graphs import graph_of

SUBGRAPHS = 4
WIDTH = 15
DEPTH = 10


def nested(depth: int) -> str:
    """Fifteen fields any subgraph has, one of them with as many below it, and so on."""
    own = " ".join(f"own{number}" for number in range(SUBGRAPHS))
    if depth == 0:
        return own
    wide = " ".join(f"v{number} {{ {own} }}" for number in range(1, WIDTH))
    return f"{own} {wide} v0 {{ {nested(depth - 1)} }}"


@pytest.fixture(scope="module")
def values() -> Graph:
    """A value type that each subgraph has a part of, in fields that all of them share."""
    shared = " ".join(f"v{number}: Value @shareable" for number in range(WIDTH))
    return graph_of(
        *(
            f"type Query {{ root: Value @shareable }} type Value {{ own{n}: Int {shared} }}"
            for n in range(SUBGRAPHS)
        )
    )


def test_a_value_in_parts_ten_levels_deep_takes_one_request_to_each_subgraph(
    values: Graph,
) -> None:
    found = plan(parse(f"{{ root {{ {nested(DEPTH)} }} }}"), values)
    assert measure(found.node)[:2] == (1, SUBGRAPHS)


def test_a_chain_of_thirty_requirements_takes_thirty_requests() -> None:
    links = [
        f'type E @key(fields: "id") {{ id: ID! r{n - 1}: Int @external '
        f'r{n}: Int @requires(fields: "r{n - 1}") }}'
        for n in range(1, 30)
    ]
    graph = graph_of('type Query { e: E } type E @key(fields: "id") { id: ID! r0: Int }', *links)
    found = plan(parse("{ e { r29 } }"), graph)
    assert measure(found.node)[:2] == (30, 30)


def test_fields_behind_a_chain_of_keys_take_a_request_to_each_link() -> None:
    links = [
        f'type E @key(fields: "k{n}") @key(fields: "k{n + 1} c {{ d }}") {{ k{n}: ID! '
        f"k{n + 1}: ID! c: C @shareable f{n}: Int }} type C {{ d: ID @shareable }}"
        for n in range(30)
    ]
    graph = graph_of("type Query { e: E }" + links[0], *links[1:])
    fields = " ".join(f"f{n}" for n in range(30))
    found = plan(parse(f"{{ e {{ {fields} }} }}"), graph)
    assert measure(found.node)[:2] == (30, 30)


def test_a_search_that_takes_too_many_steps_says_so(values: Graph) -> None:
    asked = operation(parse(f"{{ root {{ {nested(DEPTH)} }} }}"), None)
    reach = Reach(values, frozenset(), budget=50)
    with pytest.raises(PlanningError, match="within 50 steps") as raised:
        reach.estimate(Node("S0", "Query"), "Query", asked.items)
    assert raised.value.code == "QUERY_PLANNING_BUDGET_EXCEEDED"
