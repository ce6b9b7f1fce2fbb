"""@composeDirective: what cannot be composed is told before types are merged."""

from __future__ import annotations

from tests.compose.composing import codes, linked, supergraph

MISMATCH = ("type Query { q: Int } type A { a: Int }", "type A { a: String }")


def test_a_directive_that_cannot_be_composed_stops_the_merge() -> None:
    assert codes(*MISMATCH) == {"FIELD_TYPE_MISMATCH"}
    composing = linked("composeDirective") + "extend schema @composeDirective\n"
    assert codes(*MISMATCH, composing) == {"DIRECTIVE_COMPOSITION_ERROR"}


def test_a_directive_under_two_names_stops_the_merge() -> None:
    one = linked("tag") + 'type B { b: Int @tag(name: "b") }'
    renamed = linked().replace("[]", '[{name: "@tag", as: "@label"}]')
    other = renamed + 'type C { c: Int @label(name: "c") }'
    assert codes(*MISMATCH, one, other) == {"LINK_IMPORT_NAME_MISMATCH"}


FOO = 'extend schema @link(url: "https://specs.apollo.dev/foo/v1.{}", import: ["@{}"])\n'


def _composing(minor: int, name: str, more: str) -> str:
    return (
        linked("composeDirective")
        + FOO.format(minor, name)
        + f'extend schema @composeDirective(name: "@{name}")\n'
        + f"directive @{name} on FIELD_DEFINITION\n"
        + more
    )


def test_the_newest_subgraph_that_composes_a_specification_defines_all_composed_of_it() -> None:
    newest = _composing(1, "foo", "type Query { q: Int @foo }")
    older = _composing(0, "bar", "type A { a: Int @bar }")
    assert codes(newest, older) == {"DIRECTIVE_COMPOSITION_ERROR"}
    defined = newest + "directive @foo__bar(x: Int) on FIELD_DEFINITION"
    assert "directive @bar(x: Int) on FIELD_DEFINITION" in supergraph(defined, older)


def test_a_newer_definition_that_nobody_composes_is_not_taken() -> None:
    newer = linked() + FOO.format(1, "bar") + "directive @bar(x: Int) on FIELD_DEFINITION\n"
    composing = _composing(0, "bar", "type Query { q: Int @bar }")
    assert "directive @bar on FIELD_DEFINITION" in supergraph(newer, composing)
