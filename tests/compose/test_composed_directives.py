"""@composeDirective: directives of one's own in the supergraph."""

import pytest

from tests.compose.composing import codes, linked
from tests.compose.story import definition, errors, hints, supergraph

LIMITS = 'extend schema @link(url: "https://specs.example.dev/limits/v{}", import: ["@limit"])\n'
COMPOSED = '@composeDirective(name: "@limit")\n'
DEFINITION = "directive @limit(max: Int!) on FIELD_DEFINITION\n"


def test_a_composed_directive_comes_with_its_link_definition_and_applications() -> None:
    a = f"{LIMITS.format('1.0')} {COMPOSED} {DEFINITION} type Query {{ a: Int @limit(max: 3) }}"
    found = supergraph(a=a, b="type Query { b: Int }")
    assert '@link(url: "https://specs.example.dev/limits/v1.0", import: ["@limit"])' in found
    assert definition(found, "directive @limit") == f"\n{DEFINITION}"
    assert "  a: Int @join__field(graph: A) @limit(max: 3)\n" in found


def test_a_directive_nobody_composes_stays_in_its_subgraph() -> None:
    assert "limit" not in supergraph(a=f"{DEFINITION} type Query {{ a: Int @limit(max: 3) }}")


def test_a_directive_must_be_linked_to_be_composed() -> None:
    a = f"extend schema {COMPOSED} {DEFINITION} type Query {{ a: Int @limit(max: 3) }}"
    assert errors(a=a) == [("DIRECTIVE_COMPOSITION_ERROR", "schema")]


def test_subgraphs_compose_one_major_version() -> None:
    a = f"{LIMITS.format('1.0')} {COMPOSED} {DEFINITION} type Query {{ a: Int @limit(max: 3) }}"
    b = f"{LIMITS.format('2.0')} {COMPOSED} {DEFINITION} type Query {{ b: Int @limit(max: 3) }}"
    assert errors(a=a, b=b) == [("DIRECTIVE_COMPOSITION_ERROR", "schema")]


def test_who_does_not_compose_may_link_another_major_version() -> None:
    a = f"{LIMITS.format('1.0')} {COMPOSED} {DEFINITION} type Query {{ a: Int @limit(max: 3) }}"
    b = f"{LIMITS.format('2.0')} {DEFINITION} type Query {{ b: Int @limit(max: 3) }}"
    assert hints(a=a, b=b) == [("DIRECTIVE_COMPOSITION_INFO", "schema")]
    assert "limits/v1.0" in supergraph(a=a, b=b)


def test_the_last_definition_of_the_newest_version_counts_wherever_it_is() -> None:
    a = f"{LIMITS.format('1.1')} {COMPOSED} {DEFINITION} type Query {{ a: Int }}"
    other = "directive @limit on OBJECT type Query { b: Int }"
    same, older = (f"{LIMITS.format(version)} {other}" for version in ("1.1", "1.0"))
    assert "directive @limit on OBJECT" in supergraph(a=a, b=same)
    assert DEFINITION in supergraph(a=a, b=older)


@pytest.mark.parametrize(
    ("definition", "code"),
    [
        ("directive @limit(max: Int!) on OBJECT", ""),
        ("directive @limit on FIELD_DEFINITION", ""),
        ("directive @limit(max: Int, min: Int!) on FIELD_DEFINITION", ""),
        ("directive @limit(max: Boolean) on FIELD_DEFINITION", "INVALID_GRAPHQL"),
    ],
)
def test_a_composed_directive_stands_only_as_that_definition_allows(
    definition: str, code: str
) -> None:
    a = f"{LIMITS.format('1.0')} {COMPOSED} {DEFINITION} type Query {{ a: Int @limit(max: 3) }}"
    b = f"{LIMITS.format('1.0')} {COMPOSED} {definition} type Query {{ b: Int }}"
    assert errors(a=a, b=b) == [(code, "Query.a")]
    assert not errors(a=b, b=a)


def test_directives_of_federation_are_composed_without_being_asked_for() -> None:
    a = 'extend schema @composeDirective(name: "@tag") type Query { a: Int @tag(name: "x") }'
    assert hints(a=a) == [("DIRECTIVE_COMPOSITION_INFO", "@tag")]


def test_a_directive_for_operations_is_there_when_all_subgraphs_have_it() -> None:
    a, b = ("directive @lower on FIELD | FRAGMENT_SPREAD", "directive @lower on FIELD")
    found = supergraph(a=f"{a} type Query {{ a: Int }}", b=f"{b} type Query {{ b: Int }}")
    assert definition(found, "directive @lower") == "\ndirective @lower on FIELD\n"
    assert "@lower" not in supergraph(a=f"{a} type Query {{ a: Int }}", b="type Query { b: Int }")


def test_a_type_of_a_specification_is_in_the_supergraph_and_not_for_clients() -> None:
    a = (
        f"{LIMITS.format('1.0')} {COMPOSED} enum limits__By {{ USER }} "
        "directive @limit(by: limits__By) on FIELD_DEFINITION type Query { a: %s @limit(by: USER) }"
    )
    assert "enum limits__By" in supergraph(a=a % "Int")
    assert errors(a=a % "limits__By") == [("REFERENCED_INACCESSIBLE", "Query.a")]


def test_a_composed_directive_may_not_be_called_as_one_that_another_subgraph_has_unused() -> None:
    limits = 'extend schema @link(url: "https://specs.example.dev/limits/v1.0", import: [{}])\n'
    own = (
        linked("composeDirective", version="2.1")
        + limits.format('{name: "@limit", as: "@tag"}')
        + 'extend schema @composeDirective(name: "@tag")\ndirective @tag on FIELD_DEFINITION\n'
        + "type Query { a: Int @tag }\n"
    )
    other = "type T { b: Int }"
    assert codes(own, linked("tag") + other) == {"DIRECTIVE_COMPOSITION_ERROR"}
    assert codes(own, other) == {"DIRECTIVE_COMPOSITION_ERROR"}
    assert not codes(own, linked() + other)


def test_values_for_a_composed_directive_are_those_of_the_merged_types() -> None:
    head = LIMITS.format("1.0") + COMPOSED
    sdl = (
        f"{head} directive @limit(by: By = HERE) on FIELD_DEFINITION enum By {{ HERE THERE }} "
        "type Query { a(by: By): Int @limit(by: THERE) }"
    )
    other = "type Query {{ b(by: By): Int }} enum By {{ {} }}"
    assert not errors(a=sdl, b=other.format("HERE THERE"))
    assert errors(a=sdl, b=other.format("THERE")) == [("INVALID_GRAPHQL", "@limit(by:)")]
    assert errors(a=sdl, b=other.format("HERE")) == [("INVALID_GRAPHQL", "Query.a")]
