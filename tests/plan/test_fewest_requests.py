"""Of several ways to share an operation among subgraphs, the one with the fewest requests."""

import pytest
from graphql import parse

from router.plan import plan
from router.plan.search import measure
from tests.plan.graphs import graph_of

ENTRY = "type Query { v: V @shareable } type V @shareable"


def requests(subgraphs: list[str], text: str) -> tuple[int, int]:
    """(stages, requests) of an operation's plan."""
    return measure(plan(parse(text), graph_of(*subgraphs)).node)[:2]


def test_the_second_subgraph_is_the_one_that_answers_most_of_what_the_first_left() -> None:
    subgraphs = [
        f"{ENTRY} {{ a: Int b: Int c: Int f: Int }}",
        f"{ENTRY} {{ a: Int b: Int c: Int d: Int }}",
        f"{ENTRY} {{ d: Int e: Int }}",
    ]
    assert requests(subgraphs, "{ v { a b c d e f } }") == (1, 2)


def test_what_a_subgraph_could_only_ask_another_for_is_left_to_the_other_when_it_is_asked() -> None:
    entry = "type Query { v: V @shareable } type V { book: Book @shareable"
    book = 'type Book @key(fields: "id") { id: ID! title: String @shareable'
    subgraphs = [f"{entry} a: Int }} {book} x: Int }}", f"{entry} b: Int c: Int }} {book} }}"]
    assert requests(subgraphs, "{ v { a b c book { title x } } }") == (1, 2)


@pytest.mark.parametrize("times", [1, 2, 3])
def test_a_request_that_several_decisions_together_can_spare_is_spared(times: int) -> None:
    names = [f"in{number}" for number in range(times)]
    ways = " ".join(f"{name}: In! @shareable" for name in names)
    subgraphs = [
        f"type Query {{ {ways} left: Int }} type In {{ to: Query! @shareable }}",
        f"type Query {{ {ways} right: Int }} type In {{ to: Query! @shareable }}",
    ]
    asked = " ".join(f"{name} {{ to {{ left right }} }}" for name in names)
    assert requests(subgraphs, f"{{ {asked} }}") == (1, 2)
