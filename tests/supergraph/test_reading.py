"""Reading a supergraph: what is refused and why, and what clients get to see of it."""

import pytest
from graphql import print_schema

from router.supergraph.api_schema import api_schema
from router.supergraph.model import SupergraphError
from router.supergraph.read_sdl import read_sdl

HEAD = """
schema @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION) {extra} {{ query: Query }}
enum join__Graph {{ A @join__graph(name: "a", url: "http://a/graphql") }}
scalar join__FieldSet
"""


def supergraph(types: str, extra: str = "") -> str:
    return HEAD.format(extra=extra) + types


def test_a_text_that_is_not_graphql_is_refused_with_its_place() -> None:
    with pytest.raises(SupergraphError, match=r"not GraphQL.*\n*.*1:"):
        read_sdl("type {")


def test_a_subgraph_schema_is_no_supergraph_and_the_error_says_how_to_get_one() -> None:
    with pytest.raises(SupergraphError, match=r"links no join specification.*compose"):
        read_sdl("type Query { a: Int }")


def test_a_feature_nobody_understands_stops_the_router_when_it_is_for_security() -> None:
    text = supergraph(
        "type Query @join__type(graph: A) { a: Int }",
        '@link(url: "https://example.com/masking/v1.0", for: SECURITY)',
    )
    with pytest.raises(SupergraphError, match=r"masking/v1\.0 for SECURITY"):
        read_sdl(text)


def test_clients_see_neither_the_machinery_nor_what_is_inaccessible() -> None:
    text = supergraph(
        """
        directive @inaccessible on FIELD_DEFINITION | OBJECT | ARGUMENT_DEFINITION | ENUM_VALUE
        type Query @join__type(graph: A) {
          shown(kept: Int, hidden: Int @inaccessible): Shown @join__field(graph: A)
          hidden: Hidden @inaccessible
        }
        type Shown @join__type(graph: A) { size: Size @deprecated(reason: "old") }
        type Hidden @join__type(graph: A) @inaccessible { a: Int }
        enum Size @join__type(graph: A) {
          S @join__enumValue(graph: A)
          XXL @join__enumValue(graph: A) @inaccessible
        }
        """,
        '@link(url: "https://specs.apollo.dev/inaccessible/v0.2", for: SECURITY)',
    )
    printed = print_schema(api_schema(read_sdl(text)))
    assert "shown(kept: Int): Shown" in printed
    assert '@deprecated(reason: "old")' in printed
    for gone in ("hidden", "Hidden", "XXL", "join__", "link__", "inaccessible"):
        assert gone not in printed


def test_a_field_belongs_to_every_subgraph_of_its_type_unless_it_says_otherwise() -> None:
    text = """
    schema @link(url: "https://specs.apollo.dev/link/v1.0")
      @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION) { query: Query }
    enum join__Graph {
      A @join__graph(name: "a", url: "http://a") B @join__graph(name: "b", url: "http://b")
    }
    type Query @join__type(graph: A) @join__type(graph: B) {
      both: Int
      one: Int @join__field(graph: B, override: "a", overrideLabel: "percent(5)")
    }
    """
    query = read_sdl(text).types["Query"]
    assert query.graphs() == ("A", "B")
    assert query.fields["both"].joins == ()
    (join,) = query.fields["one"].joins
    assert (join.graph, join.override, join.override_label) == ("B", "a", "percent(5)")


def test_a_root_type_that_is_inaccessible_is_no_root_for_clients() -> None:
    text = supergraph(
        """
        type Query @join__type(graph: A) { a: Int }
        type Mutation @join__type(graph: A) @inaccessible { b: Int }
        """,
        '@link(url: "https://specs.apollo.dev/inaccessible/v0.2", for: SECURITY)',
    ).replace("query: Query }", "query: Query mutation: Mutation }")
    assert print_schema(api_schema(read_sdl(text))) == "type Query {\n  a: Int\n}"


def test_clients_that_may_defer_see_the_directive() -> None:
    supergraph_ = read_sdl(supergraph("type Query @join__type(graph: A) { a: Int }"))
    assert api_schema(supergraph_).get_directive("defer") is None
    directive = api_schema(supergraph_, can_defer=True).get_directive("defer")
    assert directive is not None
    assert set(directive.args) == {"if", "label"}
