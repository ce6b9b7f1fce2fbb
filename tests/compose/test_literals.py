"""Defaults and arguments of directives: how loosely they may be written, and what comes of it."""

from __future__ import annotations

import pytest

from tests.compose.composing import codes, linked, supergraph

TYPES = "enum E { A } scalar S input I { e: E n: Int s: S }\n"


@pytest.mark.parametrize(
    ("type_", "written", "expected"),
    [
        ("E", '"A"', "A"),
        ("[E]", '["A"]', "[A]"),
        ("I", '{e: "A", n: 1.0, s: A}', '{e: A, n: 1, s: "A"}'),
        ("String", "A", '"A"'),
        ("Int!", "1e3", "1000"),
        ("ID", "2.0", "2"),
        ("ID", '"2"', "2"),
        ("ID", '"02"', '"02"'),
        ("Float", "0.50", "0.50"),
        ("Float", "5.0", "5"),
        ("S", "[A, {b: C}, 1.0, null]", '["A", {b: "C"}, 1, null]'),
    ],
)
def test_a_value_may_be_written_in_another_way_and_is_then_as_its_type_has_it(
    type_: str, written: str, expected: str
) -> None:
    query = f"type Query {{ a(x: {type_} = {written}): Int }}\n"
    assert f"a(x: {type_} = {expected}): Int" in supergraph(query + TYPES)


@pytest.mark.parametrize(
    ("type_", "written"),
    [("E", '"B"'), ("Int", "1.5"), ("Int", '"1"'), ("ID", "1.5"), ("I", '{e: "B"}')],
)
def test_other_values_are_none_of_the_type(type_: str, written: str) -> None:
    query = f"type Query {{ a(x: {type_} = {written}): Int }}\n"
    assert codes(query + TYPES) == {"INVALID_GRAPHQL"}


def test_values_that_are_written_differently_are_one_value_all_the_same() -> None:
    head = linked("tag", "shareable")
    sdls = (
        f"{head} type Query {{ a(x: E = {value}): Int @shareable @tag(name: {tag}) }} {TYPES}"
        for value, tag in (("A", "t"), ('"A"', '"t"'))
    )
    found = supergraph(*sdls)
    assert found.count('@tag(name: "t")') == 1
    assert "(x: E = A)" in found


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("type Query { a(x: M = A): Int } enum M { A B }", "enum M { B }"),
        ("type Query { a(x: M = {n: 1}): Int } input M { n: Int m: Int }", "input M { m: Int }"),
        ("type Query { a(x: M): Int } input M { e: N = A } enum N { A B }", "enum N { B }"),
    ],
)
def test_a_default_must_be_a_value_of_the_merged_type(first: str, second: str) -> None:
    use = f"type Query {{ b(x: {'N' if 'N' in second else 'M'}): Int }}"
    assert codes(first, f"{second} {use}") == {"INVALID_GRAPHQL"}
    assert not codes(first)
