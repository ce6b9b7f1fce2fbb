"""Field sets that cannot be read as they stand, and what else is told of them."""

from __future__ import annotations

import pytest

from tests.compose.composing import codes, linked

HEAD = linked("key", "requires", "provides", "external") + "type Query { q: Int }\n"
DIRECTIVE = "REQUIRES_DIRECTIVE_IN_FIELDS_ARG"
REQUIRES = 'type A @key(fields: "id") {{ id: ID a: Int @external b: Int @requires(fields: "{}") }}'


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("a unknown", {"REQUIRES_INVALID_FIELDS"}),
        ("unknown a", {"REQUIRES_INVALID_FIELDS", "EXTERNAL_UNUSED"}),
        ("a @unknown", {"REQUIRES_INVALID_FIELDS", "EXTERNAL_UNUSED"}),
        ("a id unknown", {"REQUIRES_INVALID_FIELDS"}),
        ("x: a id", {"REQUIRES_INVALID_FIELDS"}),
        ("a @skip(if: true)", {"REQUIRES_DIRECTIVE_IN_FIELDS_ARG"}),
        ("id @skip(if: true) a", {DIRECTIVE, "REQUIRES_FIELDS_MISSING_EXTERNAL"}),
        ("a __typename", {"REQUIRES_FIELDS_MISSING_EXTERNAL"}),
        ("a a: a", {"EXTERNAL_MISSING_ON_BASE"}),
    ],
)  # fmt: skip
def test_a_field_set_is_read_up_to_the_first_thing_unknown(fields: str, expected: set[str]) -> None:
    assert codes(HEAD + REQUIRES.format(fields)) == expected


def test_typename_is_no_use_to_provide_and_may_be_a_key() -> None:
    provides = 'extend type Query { a: A @provides(fields: "__typename") }'
    assert codes(HEAD + "type A { a: Int }" + provides) == {"PROVIDES_FIELDS_MISSING_EXTERNAL"}
    assert not codes(HEAD + 'type A @key(fields: "__typename") { a: Int }')


def test_providing_parts_of_a_scalar_is_told_before_anything_else() -> None:
    provides = 'extend type Query { a: Int @provides(fields: "b") }'
    assert codes(HEAD + provides) == {"PROVIDES_ON_NON_OBJECT_FIELD"}
    assert codes(HEAD + provides + 'type A @key(fields: "b") { a: Int @external }') == {
        "PROVIDES_ON_NON_OBJECT_FIELD"
    }


def test_an_invalid_key_of_an_interface_is_not_asked_of_its_implementations() -> None:
    schema = 'interface I @key(fields: "id no") { id: ID } type A implements I { id: ID }'
    assert codes(HEAD + schema) == {"KEY_INVALID_FIELDS"}


def test_the_key_of_an_extended_interface_is_not_external() -> None:
    head = linked("key", "external", "extends", version="2.0") + "type Query { q: Int }\n"
    schema = 'interface I @extends @key(fields: "id") { id: ID @external }'
    assert codes(head + schema) == {"KEY_UNSUPPORTED_ON_INTERFACE"}


def test_an_unreadable_key_of_an_interface_is_told_alone() -> None:
    schema = 'interface I @key(fields: "no") { id: ID }'
    assert codes(HEAD + schema + "type A { a: Int @external }") == {"KEY_INVALID_FIELDS"}


def test_a_fragment_may_be_on_a_type_that_only_other_subgraphs_know_to_overlap() -> None:
    schema = """
    type A @key(fields: "id") {
      id: ID
      i: I @external
      b: Int @requires(fields: "i { ... on J { x } }")
    }
    interface I { x: Int }
    interface J { x: Int }
    type B implements J { x: Int @external }
    """
    assert "REQUIRES_INVALID_FIELDS" not in codes(HEAD + schema)


@pytest.mark.parametrize("fields", ["o o { id }", "o { id } o", "o { id p p { x } } o { x }"])
def test_a_field_selected_twice_is_one_with_all_that_is_selected_of_it(fields: str) -> None:
    schema = f'type A @key(fields: "{fields}") {{ o: O }} type O {{ id: ID x: Int p: O }}'
    assert not codes(HEAD + schema)
