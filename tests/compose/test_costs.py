"""@cost and @listSize: the most that any subgraph expects."""

from tests.compose.story import errors, supergraph


def test_the_highest_cost_counts_and_sizes_are_united() -> None:
    field = "a(first: Int): [Int] @shareable"
    found = supergraph(
        a=f'type Query {{ {field} @cost(weight: 3) @listSize(slicingArguments: ["first"]) }}',
        b=f"type Query {{ {field} @cost(weight: 5) @listSize(assumedSize: 9) }}",
    )
    assert (
        "  a(first: Int): [Int] @cost(weight: 5) @listSize(assumedSize: 9, "
        'slicingArguments: ["first"], requireOneSlicingArgument: true)\n' in found
    )


def test_a_size_is_said_by_a_number() -> None:
    a = 'type Query { a(name: String): [Int] @listSize(slicingArguments: ["name"]) }'
    assert errors(a=a) == [("LIST_SIZE_INVALID_SLICING_ARGUMENT", "Query.a")]


def test_what_is_no_list_has_no_size() -> None:
    a = "type Query { a: Int @listSize(assumedSize: 1) }"
    assert errors(a=a) == [("LIST_SIZE_APPLIED_TO_NON_LIST", "Query.a")]
