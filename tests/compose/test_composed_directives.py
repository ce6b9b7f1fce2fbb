"""@composeDirective: what cannot be composed is told before types are merged."""

from __future__ import annotations

from tests.compose.composing import codes, linked

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
