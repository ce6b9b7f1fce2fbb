"""@inaccessible and @tag: one subgraph is enough to hide an element, tags of all are kept."""

from graphql import print_schema

from router.supergraph.api_schema import api_schema
from router.supergraph.read_sdl import read_sdl
from tests.compose.story import errors, supergraph


def test_tags_are_united_and_one_subgraph_hides_for_all() -> None:
    found = supergraph(
        a='type Query { a: Int @tag(name: "x") @tag(name: "y") @shareable b: Int }',
        b='type Query { a: Int @tag(name: "y") @inaccessible @shareable }',
    )
    assert '  a: Int @tag(name: "x") @tag(name: "y") @inaccessible\n' in found
    assert '@link(url: "https://specs.apollo.dev/inaccessible/v0.2", for: SECURITY)' in found
    assert print_schema(api_schema(read_sdl(found))) == "type Query {\n  b: Int\n}"


def test_a_hidden_type_must_not_be_seen_in_an_answer() -> None:
    a = "type Query { a: Secret b: Int } type Secret @inaccessible { x: Int }"
    assert errors(a=a) == [("REFERENCED_INACCESSIBLE", "Query.a")]


def test_something_of_a_visible_type_must_be_visible() -> None:
    a = "type Query { a: Shown b: Int } type Shown { x: Int @inaccessible }"
    assert errors(a=a) == [("ONLY_INACCESSIBLE_CHILDREN", "Shown")]


def test_a_hidden_argument_must_be_optional() -> None:
    a = "type Query { a(x: Int! @inaccessible): Int }"
    assert errors(a=a) == [("REQUIRED_INACCESSIBLE", "Query.a(x:)")]
