"""What of an operation comes in parts, and what each part waits for: operation in, plan out."""

from graphql import parse

from router.plan import plan
from router.plan.display import to_json, to_text
from router.plan.mermaid import to_mermaid
from tests.plan.deferring_shop import brief, planned, shop, text

SHOWN = """\
QueryPlan {
  Defer {
    Primary {
      {
        product(id: 1) {
          name
        }
      }:
      Fetch(service: "catalog", id: 0) {
        {
          product(id: 1) {
            name
            id
            __typename
          }
        }
      }
    }
    Deferred(depends: [0], path: "product", label: "s") {
      {
        stars
      }:
      Flatten(path: "product") {
        Fetch(service: "reviews") {
          {
            ... on Product {
              __typename
              id
            }
          }
          =>
          query ($representations: [_Any!]!) {
            _entities(representations: $representations) {
              ... on Product {
                stars
              }
            }
          }
        }
      }
    }
  }
}
"""


def test_nested_parts_wait_for_the_requests_that_give_their_keys() -> None:
    operation = "{ product(id: 1) { name ... @defer { stars ... @defer { weight } } } }"
    assert brief(operation) == text("""
        catalog#0: {product(id:1){name id __typename}}
        later at product after [0]: { stars }
          reviews at product: {...on Product{stars}}
          later at product after [0]: { weight }
            catalog at product: {...on Product{weight}}
    """)
    assert brief("{ ... @defer { product(id: 1) { ... @defer { stars } } } }") == text("""
        later at the root after []: None
          catalog#0: {product(id:1){id __typename}}
          later at product after [0]: { stars }
            reviews at product: {...on Product{stars}}
    """)


def test_several_parts_at_one_place_are_fetched_apart() -> None:
    operation = """{ product(id: 1) {
      ... @defer(label: "slow") { stars } ... @defer(label: "slower") { reviews { stars } }
    } }"""
    assert brief(operation) == text("""
        catalog#0: {product(id:1){id __typename}}
        later "slow" at product after [0]: { stars }
          reviews at product: {...on Product{stars}}
        later "slower" at product after [0]: { reviews { stars } }
          reviews at product: {...on Product{reviews{stars}}}
    """)


def test_items_of_lists_are_one_part() -> None:
    assert brief("{ products { name ... @defer { stars } } }") == text("""
        catalog#0: {products{name id __typename}}
        later at products after [0]: { stars }
          reviews at products.@: {...on Product{stars}}
    """)


def test_fragments_are_deferred_where_they_are_spread() -> None:
    operation = """{
      product(id: 1) { ...F @defer(label: "a") }
      newest { product { ...F @defer(label: "b") } }
    }
    fragment F on Product { weight }"""
    assert brief(operation) == text("""
        | catalog#0: {product(id:1){id __typename}}
        | reviews#1: {newest{product{id __typename}}}
        later "a" at product after [0]: { ... on Product { weight } }
          catalog at product: {...on Product{weight}}
        later "b" at newest.product after [1]: { ... on Product { weight } }
          catalog at newest.product: {...on Product{weight}}
    """)


def test_a_fragment_may_defer_what_is_inside_it_at_each_place() -> None:
    operation = """{ product(id: 1) { ...F } newest { product { ...F } } }
    fragment F on Product { name ... @defer(label: "f") { stars } }"""
    assert brief(operation) == text("""
        | catalog#0: {product(id:1){name id __typename}}
        | reviews#1: {newest{product{id __typename}}}
        catalog at newest.product: {...on Product{name}}
        later "f" at product after [0]: { stars }
          reviews at product: {...on Product{stars}}
        later "f" at newest.product after [1]: { stars }
          reviews at newest.product: {...on Product{stars}}
    """)


def test_results_of_mutations_have_parts_and_mutations_stay_in_order() -> None:
    operation = """mutation {
      rename(id: 1, name: "a") { id ... @defer { stars } }
      rate(id: 1, stars: 5) { id ... @defer { reviews { stars } } }
    }"""
    assert brief(operation) == text("""
        catalog#0: mutation{rename(id:1,name:"a"){id __typename} rate(id:1,stars:5){id __typename}}
        later at rename after [0]: { stars }
          reviews at rename: {...on Product{stars}}
        later at rate after [0]: { reviews { stars } }
          reviews at rate: {...on Product{reviews{stars}}}
    """)


def test_a_skipped_part_is_not_fetched() -> None:
    assert brief(
        "query ($s: Boolean!) { product(id: 1) { name ... @defer @skip(if: $s) { stars } } }"
    ) == text("""
        catalog#0: query($s:Boolean!){product(id:1){name id@skip(if:$s) __typename}}
        later at product after [0]: { ... @skip(if:$s) { stars } }
          unless $s
            reviews at product: {...on Product{stars@skip(if:$s)}}
    """)


def test_a_literal_if_decides_at_once_and_a_variable_when_it_is_known() -> None:
    assert brief("{ product(id: 1) { name ... @defer(if: false) { weight } } }") == text("""
        catalog: {product(id:1){name weight}}
    """)
    assert brief(
        "query ($d: Boolean) { product(id: 1) { name ... @defer(if: $d) { weight } } }"
    ) == text("""
        if $d
          catalog#0: {product(id:1){name id __typename}}
          later at product after [0]: { weight }
            catalog at product: {...on Product{weight}}
        unless $d
          catalog: {product(id:1){name weight}}
    """)


def test_without_parts_nothing_is_deferred() -> None:
    operation = parse("{ product(id: 1) { name ... @defer { weight } } }")
    assert plan(operation, shop()) == plan(parse("{ product(id: 1) { name weight } }"), shop())


def test_a_plan_is_shown_as_text() -> None:
    found = planned('{ product(id: 1) { name ... @defer(label: "s") { stars } } }')
    assert to_text(found) == SHOWN


def test_a_plan_is_shown_as_json_and_picture() -> None:
    found = planned('{ product(id: 1) { name ... @defer(label: "s") { stars } } }')
    shown_defer = to_json(found)["node"]
    assert shown_defer["primary"]["subselection"] == "{ product(id: 1) { name } }"
    assert shown_defer["primary"]["node"]["id"] == "0"
    (part,) = shown_defer["deferred"]
    assert part.pop("node")["kind"] == "Flatten"
    assert part == {
        "depends": [{"id": "0"}],
        "label": "s",
        "queryPath": ["product"],
        "subselection": "{ stars }",
    }
    assert '-->|"deferred s"|' in to_mermaid(found)


def test_labels_of_ours_are_not_shown() -> None:
    found = planned("{ product(id: 1) { name ... @defer { stars } } }")
    assert "label" not in to_text(found)
    assert "label" not in to_json(found)["node"]["deferred"][0]
