"""@override(label:): where a field that moves step by step may be needed, and what is written."""

from __future__ import annotations

import pytest

from tests.compose.composing import codes, hint_codes, linked, supergraph

HEAD = linked("key", "override", "external", "requires", "shareable")
TO = HEAD + (
    "type Query { t: T }\n"
    'type T @key(fields: "id") { id: ID! u: Int @override(from: "b", label: "l") }'
)
FROM = HEAD + 'type T @key(fields: "id") { id: ID! u: Int }'
REQUIRING = HEAD + (
    'type T @key(fields: "id") { id: ID! u: Int @external v: Int @requires(fields: "u") }'
)


def test_a_moving_field_may_be_asked_for_but_not_required() -> None:
    assert hint_codes(TO, FROM) == {"OVERRIDE_MIGRATION_IN_PROGRESS"}
    assert codes(TO, FROM, REQUIRING) == {"SATISFIABILITY_ERROR"}


def test_it_may_be_required_where_a_third_subgraph_always_has_it() -> None:
    shared = [sdl.replace("u: Int", "u: Int @shareable") for sdl in (TO, FROM)]
    third = HEAD + 'type T @key(fields: "id") { id: ID! u: Int @shareable }'
    assert not codes(*shared, REQUIRING, third)


def test_the_label_is_not_written_once_the_field_has_moved() -> None:
    moved = HEAD + 'type T @key(fields: "id") { id: ID! }'
    assert 'overrideLabel: "l"' in supergraph(TO, FROM)
    assert 'override: "b"' in supergraph(TO, moved)
    assert "overrideLabel:" not in supergraph(TO, moved).split("type T", 1)[1]


def test_a_context_does_not_come_from_a_field_that_is_being_moved() -> None:
    head = linked("key", "override", "context", "fromContext")
    owner = (
        'type Query { t: T }\ntype T @key(fields: "id") @context(name: "c") {'
        ' id: ID! u: U p: String @override(from: "b", label: "percent(50)") }\n'
        'type U @key(fields: "id") { id: ID! f(a: String @fromContext(field: "$c { p }")): Int }'
    )
    other = head + 'type T @key(fields: "id") { id: ID! p: String }'
    assert codes(head + owner, other) == {"SATISFIABILITY_ERROR"}
    assert not codes(head + owner.replace(', label: "percent(50)"', ""), other)
    still = owner.replace("u: U", "u: U q: String").replace("{ p }", "{ q }")
    assert not codes(head + still, other)


@pytest.mark.parametrize("number", ["0", "00", "07.5", "99.12345678", "100"])
def test_a_percentage_has_at_most_two_digits_and_eight_after_the_point(number: str) -> None:
    assert not codes(TO.replace('label: "l"', f'label: "percent({number})"'), FROM)


@pytest.mark.parametrize("number", ["", ".5", "5.", "007", "1.123456789", "100.0", "101", "1e1"])
def test_other_numbers_are_no_percentages(number: str) -> None:
    moving = TO.replace('label: "l"', f'label: "percent({number})"')
    assert codes(moving, FROM) == {"OVERRIDE_LABEL_INVALID"}
