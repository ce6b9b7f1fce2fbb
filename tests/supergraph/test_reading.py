"""Reading a supergraph: what is refused and why, and what clients get to see of it."""

import pytest
from graphql import print_schema

from router.execute.served_schema import served_schema
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


@pytest.mark.parametrize(
    ("types", "told"),
    [
        (
            "type Query @join__type(graph: A) { a: boolean }",
            '"Query.a" names the type "boolean", which the supergraph does not define',
        ),
        (
            "type Query @join__type(graph: A) { a(of: [Size!]): Int }",
            r'"Query.a\(of:\)" names the type "Size"',
        ),
        ("union Query @join__type(graph: A) = B", 'query root "Query", which is no object'),
        ("type Other @join__type(graph: A) { a: Int }", 'query root "Query", which the supergraph'),
        ("type Query @join__type(graph: B) { a: Int }", '"Query" is joined to graph "B"'),
        (
            "type Query @join__type(graph: A) { a: Int @join__field(graph: B) }",
            '"Query.a" is joined to graph "B", which enum join__Graph does not have',
        ),
        (
            "type Query implements Node @join__type(graph: A) { a: Int }",
            '"Query" implements "Node", which the supergraph does not define',
        ),
        ("type Query @join__type { a: Int }", "\"Query\" or in it lacks its argument 'graph'"),
        (
            "type Query @join__type(graph: A) { a: Int } type Query { b: Int }",
            'defines "Query" twice',
        ),
        (
            'type Query @join__type(graph: A, key: "a {") { a: Int }',
            'in "Query": "a {" is not a field set',
        ),
        (
            "type Query @join__type(graph: A) { a: join__FieldSet }",
            "clients would see is no schema: .*join__FieldSet",
        ),
    ],
)
def test_a_supergraph_that_names_what_it_does_not_have_is_refused_with_the_place(
    types: str, told: str
) -> None:
    with pytest.raises(SupergraphError, match=told):
        served_schema(supergraph(types))


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
