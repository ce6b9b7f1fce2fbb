"""Fields and inputs as several subgraphs define them."""

from __future__ import annotations

import pytest

from tests.compose.composing import codes, hint_codes, linked

HEAD = linked("key", "shareable", "external", "requires", "interfaceObject")


@pytest.mark.parametrize(
    ("types", "external", "expected"),
    [
        (("Int", "Int!"), "Int!", set()),
        (("Int", "Int"), "Int!", {"EXTERNAL_TYPE_MISMATCH"}),
        (("Int!", "Int!"), "Int", {"EXTERNAL_TYPE_MISMATCH"}),
        (("[Int]", "[Int]!"), "[Int!]", set()),
        (("Int", "Int!"), "String", {"EXTERNAL_TYPE_MISMATCH"}),
    ],
)
def test_an_external_type_may_be_narrower_where_types_differ_anyway(
    types: tuple[str, str], external: str, expected: set[str]
) -> None:
    entity = 'type A @key(fields: "id") {{ id: ID! x: {} @shareable }}'
    one, other = (HEAD + entity.format(type_) for type_ in types)
    requiring = HEAD + (
        f'type A @key(fields: "id") {{ id: ID! x: {external} @external '
        'z: Int @requires(fields: "x") }'
    )
    assert codes(one + "type Query { a: A }", other, requiring) == expected


def test_what_one_subgraph_requires_another_cannot_have_deprecated() -> None:
    one = HEAD + "type Query { q(i: I): Int }\ninput I { a: Int @deprecated }"
    other = HEAD + "input I { a: Int! }"
    assert codes(one, other) == {"INVALID_GRAPHQL"}
    assert not codes(one, other.replace("Int!", "Int"))


def test_an_interface_key_without_all_implementations_is_told_with_problems_of_merging() -> None:
    keyed = HEAD + 'type Query { d: Int @shareable }\ninterface I @key(fields: "id") { id: ID }'
    other = HEAD + 'interface I { id: ID }\ntype T implements I @key(fields: "id") { id: ID }'
    missing = {"INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE"}
    assert codes(keyed, other) == missing
    clashing = HEAD + "type Query { d: String @shareable }"
    assert codes(keyed, other, clashing) == missing | {"FIELD_TYPE_MISMATCH"}


def test_a_query_root_may_be_an_entity_in_some_subgraphs_only() -> None:
    keyed = HEAD + 'type Query @key(fields: "d") { d: Int }'
    assert hint_codes(keyed, HEAD + "scalar S") == {"INCONSISTENT_ENTITY"}


def test_types_of_different_kinds_are_merged_as_the_first_subgraph_has_them() -> None:
    query = HEAD + "type Query { q: Int }\n"
    as_input, as_scalar = HEAD + "input X { a: Int }", HEAD + "scalar X"
    assert codes(query, as_scalar, as_input) == {"TYPE_KIND_MISMATCH"}
    assert codes(query, as_input, as_scalar) == {"TYPE_KIND_MISMATCH", "EMPTY_MERGED_INPUT_TYPE"}


def test_a_subgraph_that_only_names_fields_of_a_value_type_need_not_name_all() -> None:
    entity = HEAD + (
        'type Query { u: A } type A @key(fields: "id") { id: ID! y: C } '
        "type C { v: Int w: Int @shareable }"
    )
    requiring = HEAD + (
        'type A @key(fields: "id") { id: ID! y: C @external r: Int @requires(fields: "y { w }") } '
        "type C { w: Int @external }"
    )
    assert not hint_codes(entity, requiring)
    sharing = HEAD + "type Query { c: C } type C { w: Int @shareable }"
    assert "SATISFIABILITY_ERROR" in codes(entity, sharing)
