"""@requires, @provides, @external: fields that one subgraph needs of another or hands on."""

from tests.compose.composing import codes, linked
from tests.compose.story import definition, errors, supergraph, text

CATALOG = 'type Query { product: Product } type Product @key(fields: "id") { id: ID! weight: Int }'


def test_a_required_field_is_external_where_it_is_needed() -> None:
    found = supergraph(
        catalog=CATALOG,
        shipping="""
          type Product @key(fields: "id") {
            id: ID! weight: Int @external quote: Int @requires(fields: "weight")
          }
        """,
    )
    assert definition(found, "type Product") == text("""
        type Product
          @join__type(graph: CATALOG, key: "id")
          @join__type(graph: SHIPPING, key: "id")
        {
          id: ID!
          weight: Int @join__field(graph: CATALOG) @join__field(graph: SHIPPING, external: true)
          quote: Int @join__field(graph: SHIPPING, requires: "weight")
        }
    """)


def test_a_provided_field_must_be_shareable_where_it_is_resolved() -> None:
    search = """
      type Query { found: [Product] @provides(fields: "weight") }
      type Product @key(fields: "id") { id: ID! weight: Int @external }
    """
    assert errors(catalog=CATALOG, search=search) == [("INVALID_FIELD_SHARING", "Product.weight")]
    shared = CATALOG.replace("weight: Int", "weight: Int @shareable")
    found = supergraph(catalog=shared, search=search)
    assert 'found: [Product] @join__field(graph: SEARCH, provides: "weight")' in found


def test_an_external_field_is_written_as_where_it_is_resolved() -> None:
    shipping = """
      type Product @key(fields: "id") {
        id: ID! weight: String @external quote: Int @requires(fields: "weight")
      }
    """
    assert errors(catalog=CATALOG, shipping=shipping) == [
        ("EXTERNAL_TYPE_MISMATCH", "Product.weight")
    ]


def test_an_external_field_without_a_use_is_a_mistake() -> None:
    shipping = 'type Product @key(fields: "id") { id: ID! weight: Int @external }'
    assert errors(catalog=CATALOG, shipping=shipping) == [("EXTERNAL_UNUSED", "Product.weight")]


def test_fields_that_require_each_other_in_a_circle_cannot_be_answered() -> None:
    one = """
      type Query { product: Product }
      type Product @key(fields: "id") {
        id: ID! a: Int @requires(fields: "b") b: Int @external
      }
    """
    other = """
      type Product @key(fields: "id") {
        id: ID! b: Int @requires(fields: "a") a: Int @external
      }
    """
    assert {code for code, _ in errors(one=one, other=other)} == {"SATISFIABILITY_ERROR"}


def test_what_is_provided_is_required_in_vain_without_a_key_of_ones_own() -> None:
    head = linked("key", "external", "provides", "requires", "shareable")
    entity = 'T @key(fields: "id") { id: ID x: Int @external f: Int @requires(fields: "x") }'
    query = head + f'type Query {{ t: T @provides(fields: "x") }} type {entity}'
    other = head + 'type T @key(fields: "id") { id: ID @shareable x: Int @shareable }'
    assert not codes(query, other)
    provided = query.replace('"x") }', '"id x") }', 1).replace("id: ID", "id: ID @external")
    assert codes(provided, other) == {"SATISFIABILITY_ERROR"}


def test_a_required_field_is_given_no_argument_that_its_owner_does_not_define() -> None:
    head = linked("key", "external", "requires")
    price = 'p(c: String): Int @external f: Int @requires(fields: "p(c: 1)")'.replace(
        "1", '\\"x\\"'
    )
    asking = head + f'type T @key(fields: "id") {{ id: ID {price} }}'
    owner = head + 'type Query { t: T } type T @key(fields: "id") { id: ID p: Int }'
    assert codes(asking, owner) == {"REQUIRES_INVALID_FIELDS"}
    assert not codes(asking, owner.replace("p: Int", "p(c: String): Int"))


def test_that_an_external_field_provides_something_is_told_once() -> None:
    head = linked("key", "external", "provides") + "type Query { q: Int }\n"
    field = 'type T @key(fields: "id") { id: ID x: Int @external @provides(fields: "a") }'
    assert codes(head + field) == {"EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE"}
    assert codes(head + field.replace("@external", "")) == {"PROVIDES_ON_NON_OBJECT_FIELD"}
