"""Own definitions of what Federation defines, and types that are named without being defined."""

from __future__ import annotations

import pytest

from tests.compose.composing import codes, linked, supergraph

QUERY = "type Query { q: Int }\n"
INVALID = {"DIRECTIVE_DEFINITION_INVALID"}


@pytest.mark.parametrize("arguments", ["", "(fields: String)", "(fields: _FieldSet)"])
@pytest.mark.parametrize("name", ["key", "requires", "provides"])
def test_only_federation_1_may_define_field_sets_as_nullable(name: str, arguments: str) -> None:
    place = "OBJECT" if name == "key" else "FIELD_DEFINITION"
    definition = f"scalar _FieldSet directive @{name}{arguments} on {place}\n"
    assert not codes(definition + QUERY)
    assert codes(linked(name) + definition + QUERY) == INVALID


@pytest.mark.parametrize("type_", ["String!", "[String!]!", 'ID! = "x"', "Words!", "[Custom!]!"])
def test_all_but_another_scalar_may_stand_for_a_field_set(type_: str) -> None:
    types = "scalar Custom enum Words { id } "
    definition = f"{types} directive @key(fields: {type_}) on OBJECT\n"
    assert not codes(definition + QUERY)
    assert not codes(linked("key") + definition + QUERY)
    other = definition.replace(type_, "Custom!")
    assert codes(linked("key") + other + QUERY) == INVALID


@pytest.mark.parametrize(
    ("type_", "written", "expected"),
    [
        ("String!", '"id"', set()),
        ("String!", '["id"]', {"INVALID_GRAPHQL"}),
        ("Words!", '"id"', set()),
        ("Int!", '"id"', {"INVALID_GRAPHQL"}),
        ("Input!", '"id"', {"INVALID_GRAPHQL"}),
        ("[String!]!", '["id"]', {"KEY_INVALID_FIELDS_TYPE"}),
        ("String!", "null", {"KEY_INVALID_FIELDS_TYPE"}),
    ],
)
def test_a_field_set_is_a_value_of_the_type_it_is_defined_with(
    type_: str, written: str, expected: set[str]
) -> None:
    types = "enum Words { id } input Input { id: Int } "
    definition = f"{types} directive @key(fields: {type_}) on OBJECT\n"
    entity = f"type T @key(fields: {written}) {{ id: ID }}\n"
    assert codes(linked("key") + definition + entity + QUERY) == expected


@pytest.mark.parametrize(
    ("imported", "expected"),
    [
        ("[String!]", set()),
        ("[[ID]]", set()),
        ("[link__Import!]", set()),
        ("String", INVALID),
        ("[Custom]", INVALID),
        ("[Int]", {"INVALID_GRAPHQL"}),
    ],
)
def test_link_may_import_whatever_strings_fit(imported: str, expected: set[str]) -> None:
    definition = f"directive @link(url: String!, import: {imported}) repeatable on SCHEMA\n"
    scalars = "scalar Custom scalar link__Import\n"
    assert codes(linked("key") + definition + scalars + QUERY) == expected


@pytest.mark.parametrize(("url", "expected"), [("String!", set()), ("ID!", INVALID)])
def test_who_links_the_link_specification_says_what_its_link_takes(
    url: str, expected: set[str]
) -> None:
    arguments = f"url: {url}, import: [Custom], for: String, more: Int"
    definition = f"directive @link({arguments}) repeatable on SCHEMA scalar Custom\n"
    head = 'extend schema @link(url: "https://specs.apollo.dev/link/v1.0")\n'
    assert codes(head + linked("key") + definition + QUERY) == expected
    assert codes(linked("key") + definition + QUERY) == INVALID


@pytest.mark.parametrize("arguments", ["(fields: [String])", "(fields: ID)", "(fields: Custom!)"])
def test_federation_1_may_not_define_them_as_something_else(arguments: str) -> None:
    assert codes(f"scalar Custom directive @key{arguments} on OBJECT\n" + QUERY) == INVALID


def test_a_field_set_is_demanded_even_where_the_definition_has_none() -> None:
    assert codes("directive @key on OBJECT type Query @key { q: Int }") == {"INVALID_GRAPHQL"}


@pytest.mark.parametrize(
    ("type_", "expected"),
    [
        ("Boolean", INVALID),
        ("Boolean = false", INVALID),
        ("Boolean = true", set()),
        ("Boolean! = false", set()),
    ],
)
def test_only_an_optional_argument_keeps_its_default(type_: str, expected: set[str]) -> None:
    definition = f"directive @key(fields: String!, resolvable: {type_}) repeatable on OBJECT\n"
    assert codes(linked("key") + definition + QUERY) == expected


def test_definitions_are_told_before_how_they_are_used() -> None:
    wrong = "directive @external(x: Int!) on FIELD_DEFINITION type Query { q: Int @external }"
    assert codes(wrong) == INVALID
    assert codes(wrong + "type A { a: Int @nobody }") == INVALID | {"INVALID_GRAPHQL"}


def test_what_a_specification_brings_must_be_defined_to_be_named() -> None:
    definition = "directive @key(fields: federation__FieldSet!) repeatable on OBJECT\n"
    assert codes(linked("key") + definition + QUERY) == {"INVALID_GRAPHQL"}
    assert not codes(linked("key") + definition + "scalar federation__FieldSet\n" + QUERY)
    assert codes(linked() + "type Query { q: __Schema }") == {"INVALID_GRAPHQL"}


def test_in_federation_1_a_directive_of_federation_2_is_looked_at_once_all_is_valid() -> None:
    wrong = "directive @override on FIELD_DEFINITION\n" + QUERY
    assert codes(wrong) == INVALID
    assert codes(wrong, linked("key") + 'type A @key(fields: "b") { a: Int }') == {
        "KEY_INVALID_FIELDS"
    }


def test_a_union_is_not_of_a_query_type_that_the_subgraph_does_not_have() -> None:
    assert codes("union U = Query", QUERY) == {"INVALID_GRAPHQL"}
    assert not codes(QUERY + "union U = Query")


def test_a_type_with_the_usual_name_of_a_root_is_not_taken_for_it() -> None:
    schema = "schema { query: Query mutation: M }\n" + QUERY
    both = "type M { a: Int } type Mutation { a: Int }"
    assert codes(schema + both) == {"ROOT_MUTATION_USED"}
    assert codes(schema + both.replace("M { a: Int }", "M")) == {"INVALID_GRAPHQL"}


def test_an_extension_needs_a_base_of_its_kind() -> None:
    extension = linked("key") + QUERY + 'extend type T @key(fields: "id") { id: ID }'
    mismatch = {"TYPE_KIND_MISMATCH"}
    assert codes(extension, linked() + "enum T { id }") == {*mismatch, "EXTENSION_WITH_NO_BASE"}
    assert codes(extension, linked() + "enum T { id }", "type T { id: ID }") == mismatch


def test_an_enum_that_is_something_else_elsewhere_is_told_of_only_once() -> None:
    query = "type Query { e(e: E): E } enum E { A }"
    assert codes(query, "scalar E") == {"TYPE_KIND_MISMATCH"}


def test_values_and_arguments_may_be_given_twice_but_nothing_else() -> None:
    enum = 'enum E { A @deprecated A @tag(name: "t") } extend enum E { A }\n'
    found = supergraph(linked("tag") + enum + "type Query { q(x: E x: E): E }")
    assert 'A @join__enumValue(graph: A) @deprecated @tag(name: "t")' in found
    assert codes("type Query { q: Int q: Int }") == {"INVALID_GRAPHQL"}
    assert codes(f"{QUERY} directive @d(x: Int x: Int) on OBJECT") == {"INVALID_GRAPHQL"}


@pytest.mark.parametrize("sdl", ["enum join__Graph { A @no }", "scalar _Any @no"])
def test_even_types_of_specifications_have_only_directives_that_are_known(sdl: str) -> None:
    assert codes(QUERY + sdl) == {"INVALID_GRAPHQL"}
    assert not codes(QUERY + sdl.replace("@no", ""))


def test_an_extension_lacks_a_base_only_where_it_says_first_of_what_kind_the_type_is() -> None:
    extension, other = linked() + "extend enum E { A }", QUERY + "type E { a: Int }"
    assert codes(extension, other) == {"EXTENSION_WITH_NO_BASE", "TYPE_KIND_MISMATCH"}
    assert codes(other, extension) == {"TYPE_KIND_MISMATCH"}


def test_only_objects_are_roots_by_their_names() -> None:
    found = supergraph(QUERY + "interface Mutation { a: Int } input Subscription { a: Int }")
    assert "mutation:" not in found
    assert "subscription:" not in found
    assert codes("interface Query { a: Int }") == {"INVALID_GRAPHQL"}


def test_a_scalar_of_a_specification_is_not_extended_as_something_else() -> None:
    head = linked("key").replace('"@key"', '"@key", "FieldSet"')
    assert codes(head + QUERY + "extend input FieldSet { a: Int }") == {"TYPE_DEFINITION_INVALID"}
