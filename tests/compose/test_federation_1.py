"""Schemas of Federation 1: upgraded on the way in, alone or beside those of 2."""

import pytest

from tests.compose.composing import codes, linked
from tests.compose.story import definition, errors, supergraph, text

CATALOG = 'type Query { product: Product } type Product @key(fields: "id") { id: ID! name: String }'

QUERY = "type Query { q: Int }\n"


def test_an_extension_refers_to_the_entity_and_its_key_is_not_external() -> None:
    found = supergraph(
        catalog_1=CATALOG,
        reviews_1='extend type Product @key(fields: "id") { id: ID! @external stars: Int }',
    )
    assert definition(found, "type Product") == text("""
        type Product
          @join__type(graph: CATALOG_1_, key: "id")
          @join__type(graph: REVIEWS_1_, key: "id")
        {
          id: ID!
          name: String @join__field(graph: CATALOG_1_)
          stars: Int @join__field(graph: REVIEWS_1_)
        }
    """)


def test_an_external_field_without_a_use_is_dropped() -> None:
    found = supergraph(
        catalog_1=CATALOG,
        reviews_1="""
          extend type Product @key(fields: "id") {
            id: ID! @external name: String @external stars: Int
          }
        """,
    )
    assert "external" not in definition(found, "type Product")


def test_value_types_are_shared_without_saying_so() -> None:
    money = "type Money { amount: Int }"
    found = supergraph(
        a_1=f"type Query {{ a: Money }} {money}", b_1=f"type Query {{ b: Money }} {money}"
    )
    assert "  amount: Int\n" in definition(found, "type Money")


def test_beside_federation_2_the_new_subgraph_must_say_so_still() -> None:
    money = "type Money { amount: Int }"
    old, new = f"type Query {{ a: Money }} {money}", f"type Query {{ b: Money }} {money}"
    assert errors(a_1=old, b=new) == [("INVALID_FIELD_SHARING", "Money.amount")]


def test_an_extension_needs_a_definition_somewhere() -> None:
    reviews = 'type Query { a: Int } extend type Product @key(fields: "id") { id: ID! @external }'
    assert errors(reviews_1=reviews) == [("EXTENSION_WITH_NO_BASE", "Product")]


def test_a_definition_that_says_extends_is_one_for_the_extensions_of_others() -> None:
    entity = 'type T @extends @key(fields: "id") { id: ID a: Int }'
    other = 'extend type T @key(fields: "id") { id: ID b: Int }'
    assert codes(QUERY + entity) == {"EXTENSION_WITH_NO_BASE"}
    assert codes(QUERY + entity, other) == {"EXTENSION_WITH_NO_BASE"}
    assert not codes(QUERY + entity, entity)


def test_a_field_that_no_other_subgraph_resolves_is_not_shared() -> None:
    first = 'type Query { t: T } type T @key(fields: "id") { id: ID a: Int }'
    head = linked("key", "interfaceObject", "shareable", "external", "requires")
    interface = head + (
        'interface I @key(fields: "id") { id: ID }\n'
        'type T implements I @key(fields: "id") { id: ID @shareable }'
    )
    objects = head + 'type I @interfaceObject @key(fields: "id") { id: ID a: Int @shareable }'
    assert codes(first, interface, objects) == {"INVALID_FIELD_SHARING"}
    assert not codes(first, interface, objects, 'type T @key(fields: "id") { id: ID a: Int }')


def test_a_root_other_than_query_does_not_consist_of_unused_external_fields() -> None:
    mutation = "type Query { q: Int } type Mutation { a: Int @external }"
    assert codes(mutation) == {"TYPE_WITH_ONLY_UNUSED_EXTERNAL"}
    assert not codes("type Query { a: Int @external }", "type Query { q: Int }")


def test_what_extends_the_definition_of_a_value_type_beside_it_is_not_shared() -> None:
    extended = "type Query { q: N } type N { a: Int } extend type N { b: Int }"
    assert codes(extended, "type N { a: Int }") == set()
    assert codes(extended, "type N { b: Int }") == {"INVALID_FIELD_SHARING"}
    entity = extended.replace("type N {", 'type N @key(fields: "a") {', 1)
    assert not codes(entity, 'type N @key(fields: "a") { a: Int b: Int }')


@pytest.mark.parametrize("fields", ["u", "n u", "... on T { u }", "other: n", "m"])
@pytest.mark.parametrize("name", ["provides", "requires"])
def test_a_field_set_that_cannot_be_read_is_told_of_though_nothing_in_it_is_external(
    name: str, fields: str
) -> None:
    own = f'f: T @{name}(fields: "{fields}")'
    sdl = f"{QUERY} type T {{ u: U n: Int m(a: Int!): Int {own} }} type U {{ x: Int }}"
    assert codes(sdl) == {f"{name.upper()}_INVALID_FIELDS"}
    assert not codes(sdl.replace(f'"{fields}"', '"n"'))


@pytest.mark.parametrize("name", ["provides", "requires"])
def test_the_name_of_a_type_in_a_field_set_means_nothing(name: str) -> None:
    head = "type Query { t: T } type T { n: Int u: U"
    sdl = f'{head} f: T @{name}(fields: "__typename u {{ __typename }}") }} type U {{ x: Int }}'
    assert not codes(sdl)


def test_an_extension_without_a_base_is_told_with_all_that_is_wrong_in_merging() -> None:
    extension = "extend enum E { A } type T { x: Int }"
    assert codes(extension) == {"EXTENSION_WITH_NO_BASE", "NO_QUERIES"}
    expected = {"EXTENSION_WITH_NO_BASE", "TYPE_KIND_MISMATCH"}
    assert codes(QUERY + extension, "type E { x: Int }") == expected


def test_the_base_of_an_extended_object_is_an_object_or_interface() -> None:
    extension = QUERY + 'extend type T @key(fields: "id") { id: ID }'
    assert codes(extension, "input T { id: ID }") == {"EXTENSION_WITH_NO_BASE"}
    interface = "interface T { id: ID } type U implements T { id: ID }"
    assert codes(extension, interface) == {"TYPE_KIND_MISMATCH"}


def test_what_hinders_an_upgrade_hides_what_else_is_wrong_in_that_subgraph_alone() -> None:
    wrong = 'type V @key(fields: "none") { a: Int }'
    extension = QUERY + 'extend type T @key(fields: "id") { id: ID }'
    assert codes(f"{extension} {wrong}") == {"EXTENSION_WITH_NO_BASE"}
    assert codes(extension, wrong) == {"EXTENSION_WITH_NO_BASE", "KEY_INVALID_FIELDS"}


@pytest.mark.parametrize(
    "sdl",
    [
        'type T @key(fields: "id") { a: Int @external }',
        "type T { a: Int @external } type U { t: T @external b: Int }",
    ],
)
def test_unused_external_fields_are_not_all_that_a_type_in_use_has(sdl: str) -> None:
    entity = 'type T @key(fields: "id") { id: ID a: Int } type U { t: T b: Int }'
    assert codes(QUERY + entity, sdl) == {"TYPE_WITH_ONLY_UNUSED_EXTERNAL"}


def test_a_fragment_on_a_type_of_others_selects_of_the_type_it_stands_in() -> None:
    provides = '@provides(fields: "... on Elsewhere { n }")'
    sdl = f"type Query {{ t: T {provides} }} type T {{ n: Int }}"
    assert not codes(sdl)
