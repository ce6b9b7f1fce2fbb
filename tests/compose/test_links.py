"""What @link may bring in, and when it is followed."""

from __future__ import annotations

import pytest

from tests.compose.composing import codes, linked, supergraph

QUERY = "type Query { q: Int }\n"
LINK = '@link(url: "https://specs.apollo.dev/link/v1.0")'
USAGE = {"INVALID_LINK_DIRECTIVE_USAGE"}


def test_without_the_link_specification_or_federation_nothing_is_linked() -> None:
    assert not codes('extend schema @link(url: "https://specs.apollo.dev/foo")' + QUERY)
    assert codes(f'extend schema {LINK} @link(url: "https://specs.apollo.dev/foo")' + QUERY) == {
        "INVALID_LINK_IDENTIFIER"
    }


@pytest.mark.parametrize("url", ["https://example.com/foo", "https://example.com/v1.0"])
def test_a_linked_url_ends_in_a_name_and_a_version(url: str) -> None:
    assert codes(linked() + f'extend schema @link(url: "{url}")' + QUERY) == {
        "INVALID_LINK_IDENTIFIER"
    }


def test_what_follows_the_first_wrong_link_is_not_told() -> None:
    wrong = '@link(url: "https://specs.apollo.dev/foo") @link(url: "https://x.dev/a__b/v1.0")'
    assert codes(linked() + f"extend schema {wrong}" + QUERY) == {"INVALID_LINK_IDENTIFIER"}


def test_a_type_defined_twice_is_told_before_a_wrong_link() -> None:
    twice = linked() + linked() + QUERY + "type A { a: Int } type A { b: Int }"
    assert codes(twice) == {"INVALID_GRAPHQL"}


def test_an_unknown_federation_brings_no_directives() -> None:
    unknown = linked("key", version="9.0")
    assert codes(unknown + QUERY) == {"UNKNOWN_FEDERATION_LINK_VERSION"}
    assert codes(unknown + 'type Query @key(fields: "q") { q: Int }') == {
        "UNKNOWN_FEDERATION_LINK_VERSION",
        "INVALID_GRAPHQL",
    }


@pytest.mark.parametrize("name", ["1a", "a b", "a_", "a__b", ""])
def test_a_link_is_called_by_a_name_that_can_be_a_prefix(name: str) -> None:
    url = "https://specs.apollo.dev/foo/v1.0"
    assert codes(linked() + f'extend schema @link(url: "{url}", as: "{name}")' + QUERY) == USAGE


@pytest.mark.parametrize("local", ["@federation", "@federation__shareable", "@link", "@link__x"])
def test_an_import_does_not_read_as_another_element(local: str) -> None:
    url = "https://specs.apollo.dev/federation/v2.5"
    renamed = f'extend schema @link(url: "{url}", import: [{{name: "@key", as: "{local}"}}])'
    assert codes(renamed + QUERY) == USAGE


def test_a_smaller_specification_may_be_linked_beside_federation_under_another_name() -> None:
    url = "https://specs.apollo.dev/inaccessible/v0.2"
    beside = linked("inaccessible") + f'extend schema @link(url: "{url}", as: "hide")'
    assert not codes(beside + "type Query { q: Int r: Int @hide }")
    same = linked("inaccessible") + f'extend schema @link(url: "{url}")'
    assert codes(same + QUERY) == USAGE


@pytest.mark.parametrize("name", ["tag/v0.3", "inaccessible/v0.2", "key/v1.0"])
def test_a_federation_1_schema_links_nothing_by_the_name_of_a_directive(name: str) -> None:
    url = f"https://specs.apollo.dev/{name}"
    assert codes(f'extend schema {LINK} @link(url: "{url}")' + QUERY) == USAGE
    assert not codes(f'extend schema {LINK} @link(url: "{url}", as: "other")' + QUERY)


def test_a_directive_named_as_the_joins_is_refused_only_when_composed() -> None:
    url = "https://specs.apollo.dev/foo/v1.0"
    named = (
        linked("composeDirective")
        + f'extend schema @link(url: "{url}", import: [{{name: "@foo", as: "@join__field"}}])'
        + "directive @join__field on FIELD_DEFINITION\n"
        + QUERY
    )
    assert not codes(named)
    assert codes(named + 'extend schema @composeDirective(name: "@join__field")') == USAGE


def test_an_imported_directive_is_not_used_under_its_prefixed_name_too() -> None:
    definition = "directive @federation__key(fields: String!) repeatable on OBJECT\n"
    schema = linked("key") + definition + QUERY
    assert not codes(schema)
    assert codes(schema + 'type A @federation__key(fields: "a") { a: Int }') == USAGE


def test_the_scalar_of_a_specification_linked_by_itself_is_a_type_of_the_subgraph() -> None:
    link = 'extend schema @link(url: "https://specs.apollo.dev/policy/v0.1", as: "p")\n'
    found = supergraph(linked() + link + QUERY)
    assert "\nscalar p__Policy\n  @join__type(graph: A)\n" in found
    plain = link.replace(', as: "p"', "")
    used = 'type Query { q: Int @policy(policies: [["x"]]) }'
    assert supergraph(linked() + plain + used).count("scalar policy__Policy") == 1
    assert not codes(linked() + plain + "type Query { q(a: policy__Policy): Int }")


@pytest.mark.parametrize("link", ["", "tag/v0.3", "other/v1.0"])
def test_a_type_with_the_prefix_of_a_specification_is_one_like_any_other(link: str) -> None:
    name = f"{link.split('/', maxsplit=1)[0] or 'core'}__X"
    given = f'extend schema @link(url: "https://specs.apollo.dev/{link}")\n' if link else ""
    query = f"enum {name} {{ A }} type Query {{ q(a: {name}): Int }}"
    assert f"\nenum {name}\n  @join__type(graph: A)\n" in supergraph(linked() + given + query)


def test_what_links_have_no_part_in_is_told_first_where_the_link_specification_is_linked() -> None:
    twice = linked("key") + linked("key")
    assert codes(f"extend schema {LINK} @nope\n" + twice + QUERY) == {"INVALID_GRAPHQL"}
    assert codes("extend schema @nope\n" + twice + QUERY) == USAGE
    unknown = "type Query @nope { q: Int }"
    assert codes(f"extend schema {LINK}\n" + twice + unknown) == {*USAGE, "INVALID_GRAPHQL"}
    assert codes(twice + unknown) == USAGE


@pytest.mark.parametrize("name", ['as: "lk"', 'import: [{name: "@link", as: "@lk"}]'])
def test_link_has_the_name_in_use_that_its_own_link_gives_it(name: str) -> None:
    own = f'extend schema @link(url: "https://specs.apollo.dev/link/v1.0", {name})\n'
    assert codes(own + linked() + QUERY) == {"INVALID_GRAPHQL"}
    assert codes(linked() + own + QUERY) == USAGE


def test_an_unknown_federation_does_not_say_what_a_directive_of_ones_own_is_like() -> None:
    unknown = linked(version="1.0") + "directive @key on OBJECT\n"
    assert codes(unknown + QUERY) == {"UNKNOWN_FEDERATION_LINK_VERSION"}
