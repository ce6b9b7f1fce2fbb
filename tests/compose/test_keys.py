"""@key: an entity is one type over all subgraphs that know it by a key."""

import pytest

from tests.compose.story import definition, errors, supergraph, text

CATALOG = 'type Query { product: Product } type Product @key(fields: "id") { id: ID! name: String }'


def test_an_entity_has_the_fields_of_all_its_subgraphs_and_every_key_is_kept() -> None:
    found = supergraph(
        catalog="""
          type Query { product: Product }
          type Product @key(fields: "id") @key(fields: "sku") { id: ID! sku: String! name: String }
        """,
        stock='type Product @key(fields: "id") { id: ID! inStock: Boolean }',
    )
    assert definition(found, "type Product") == text("""
        type Product
          @join__type(graph: CATALOG, key: "id")
          @join__type(graph: CATALOG, key: "sku")
          @join__type(graph: STOCK, key: "id")
        {
          id: ID!
          sku: String! @join__field(graph: CATALOG)
          name: String @join__field(graph: CATALOG)
          inStock: Boolean @join__field(graph: STOCK)
        }
    """)


def test_a_subgraph_may_refer_to_an_entity_without_resolving_it() -> None:
    found = supergraph(
        cart="""
          type Query { cart: [Product] }
          type Product @key(fields: "id", resolvable: false) { id: ID! }
        """,
        catalog=CATALOG,
    )
    assert '@join__type(graph: CART, key: "id", resolvable: false)' in definition(
        found, "type Product"
    )


def test_a_key_may_be_of_several_fields_and_reach_into_objects() -> None:
    key = '@key(fields: "order { id } number")'
    found = supergraph(
        orders=f"""
          type Query {{ lines: [Line] }}
          type Line {key} {{ order: Order! number: Int! }}
          type Order @key(fields: "id") {{ id: ID! }}
        """,
        prices=f"""
          type Line {key} {{ order: Order! number: Int! price: Int }}
          type Order @key(fields: "id") {{ id: ID! }}
        """,
    )
    line = definition(found, "type Line")
    assert '@join__type(graph: PRICES, key: "order { id } number")' in line
    assert "  order: Order!\n  number: Int!\n" in line


def test_what_no_key_leads_to_cannot_be_answered() -> None:
    reviews = 'type Product @key(fields: "slug") { slug: String! @external stars: Int }'
    assert errors(catalog=CATALOG, reviews=reviews) == [
        ("EXTERNAL_MISSING_ON_BASE", "Product.slug"),
    ]
    reviews = 'type Product @key(fields: "slug") { slug: String! stars: Int }'
    assert errors(catalog=CATALOG, reviews=reviews) == [
        ("SATISFIABILITY_ERROR", "Product.slug"),
        ("SATISFIABILITY_ERROR", "Product.stars"),
    ]


def test_a_field_that_two_subgraphs_resolve_must_be_shareable_in_both() -> None:
    stock = 'type Product @key(fields: "id") { id: ID! name: String @shareable }'
    assert errors(catalog=CATALOG, stock=stock) == [("INVALID_FIELD_SHARING", "Product.name")]
    shared = CATALOG.replace("name: String", "name: String @shareable")
    assert "  name: String\n" in definition(supergraph(catalog=shared, stock=stock), "type Product")


def test_a_key_on_an_extension_beside_the_definition_refers_to_the_entity_of_others() -> None:
    found = supergraph(
        catalog=CATALOG,
        stock="""
          type Product @key(fields: "sku") { sku: Int }
          extend type Product @key(fields: "id") { id: ID! @external }
        """,
        old_1="""
          type Product @key(fields: "sku") { sku: Int @external }
          extend type Product @key(fields: "id") { id: ID! @external }
        """,
    )
    assert definition(found, "type Product") == text("""
        type Product
          @join__type(graph: CATALOG, key: "id")
          @join__type(graph: OLD_1_, key: "sku")
          @join__type(graph: OLD_1_, key: "id", extension: true)
          @join__type(graph: STOCK, key: "sku")
          @join__type(graph: STOCK, key: "id", extension: true)
        {
          id: ID!
          name: String @join__field(graph: CATALOG)
          sku: Int @join__field(graph: OLD_1_, external: true) @join__field(graph: STOCK)
        }
    """)


@pytest.mark.parametrize("fields", ["i", "i { a }", "n i", "i none", "i { none }", "o i { a }"])
def test_an_interface_in_a_key_hides_what_else_is_wrong_with_it(fields: str) -> None:
    types = "interface I { a(x: Int): Int } type O implements I { a(x: Int): Int }"
    entity = f'type T @key(fields: "{fields}") {{ n(x: Int): Int i: I o: O }}'
    sdl = f"type Query {{ t: T }} {types} {entity}"
    assert errors(a=sdl) == [("KEY_FIELDS_SELECT_INVALID_TYPE", "T")]
    assert errors(a=sdl.replace(f'"{fields}"', f'"none {fields}"')) == [("KEY_INVALID_FIELDS", "T")]


@pytest.mark.parametrize("fields", ["id {}", "o { id {} }", "... on T {}"])
def test_braces_in_a_key_are_not_empty(fields: str) -> None:
    entity = f'type T @key(fields: "{fields}") {{ id: ID o: O }} type O {{ id: ID }}'
    assert errors(a=f"type Query {{ t: T }} {entity}") == [("KEY_INVALID_FIELDS", "T")]
