"""Two API schemas in; every change between them, with its severity, out."""

from __future__ import annotations

import pytest
from graphql import build_schema

from router.check.schema_changes import schema_changes

BASE = """
directive @show(only: Int, until: String = "x") repeatable on FIELD | QUERY
type Query { a(x: Int, y: Int! = 1, z: Int!): Node, b: [Int], e: E, find(by: I): Int, u: U }
interface Node { id: ID! }
type A implements Node { id: ID!, old: Int @deprecated(reason: "gone") }
type B implements Node { id: ID! }
union U = A | B
enum E { ONE TWO }
enum Sent { ONE }
input I { x: Int, y: Int! = 1, z: Int!, sent: Sent }
scalar S
"""

CASES = [
    # removed
    ("b: [Int], ", "", "breaking FIELD_REMOVED Query.b"),
    ("x: Int, y: Int! = 1, z: Int!)", "y: Int! = 1, z: Int!)", "breaking ARG_REMOVED Query.a(x:)"),
    ("{ x: Int, y", "{ y", "breaking FIELD_REMOVED_FROM_INPUT_OBJECT I.x"),
    ("scalar S", "", "breaking TYPE_REMOVED S"),
    ("U = A | B", "U = A", "breaking TYPE_REMOVED_FROM_UNION U"),
    ("B implements Node", "B", "breaking TYPE_REMOVED_FROM_INTERFACE B"),
    ("ONE TWO", "ONE", "breaking VALUE_REMOVED_FROM_ENUM E.TWO"),
    # added
    ("b: [Int]", "b(r: Int!): [Int]", "breaking REQUIRED_ARG_ADDED Query.b(r:)"),
    ("b: [Int]", "b(r: Int! = 1): [Int]", "safe OPTIONAL_ARG_ADDED Query.b(r:)"),
    ("b: [Int]", "b(r: Int): [Int]", "safe OPTIONAL_ARG_ADDED Query.b(r:)"),
    ("sent: Sent", "sent: Sent, r: ID!", "breaking REQUIRED_FIELD_ADDED_TO_INPUT_OBJECT I.r"),
    ("sent: Sent", "sent: Sent, r: ID", "safe OPTIONAL_FIELD_ADDED_TO_INPUT_OBJECT I.r"),
    ("sent: Sent", "sent: Sent, r: Int! = 1", "safe OPTIONAL_FIELD_ADDED_TO_INPUT_OBJECT I.r"),
    ("b: [Int]", "b: [Int], c: Int", "safe FIELD_ADDED Query.c"),
    ("scalar S", "scalar S scalar T", "safe TYPE_ADDED T"),
    ("ONE TWO", "ONE TWO THREE", "dangerous VALUE_ADDED_TO_ENUM E.THREE"),
    ("Sent { ONE", "Sent { ONE TWO", "safe VALUE_ADDED_TO_ENUM Sent.TWO"),
    (
        "type B implements Node { id: ID! }\nunion U = A | B",
        "type B implements Node { id: ID! }\nunion U = A | B | Query",
        "dangerous TYPE_ADDED_TO_UNION U",
    ),
    (
        "type Query {",
        "type Query implements Empty { n: Int",
        "dangerous TYPE_ADDED_TO_INTERFACE Query",
    ),
    # types
    ("b: [Int]", "b: [Int!]!", "safe FIELD_CHANGED_TYPE Query.b"),
    ("b: [Int]", "b: Int", "breaking FIELD_CHANGED_TYPE Query.b"),
    ("b: [Int]", "b: [Float]", "breaking FIELD_CHANGED_TYPE Query.b"),
    ("old: Int", "old: Int!", "safe FIELD_CHANGED_TYPE A.old"),
    ("(x: Int,", "(x: Int!,", "breaking ARG_CHANGED_TYPE Query.a(x:)"),
    ("(x: Int,", "(x: [Int],", "breaking ARG_CHANGED_TYPE Query.a(x:)"),
    ("z: Int!)", "z: Int)", "safe ARG_CHANGED_TYPE Query.a(z:)"),
    ("z: Int!, sent", "z: Int, sent", "safe FIELD_ON_INPUT_OBJECT_CHANGED_TYPE I.z"),
    ("{ x: Int, y", "{ x: ID, y", "breaking FIELD_ON_INPUT_OBJECT_CHANGED_TYPE I.x"),
    ("scalar S", "enum S { A }", "breaking TYPE_CHANGED_KIND S"),
    # defaults
    ("(x: Int,", "(x: Int = 1,", "dangerous ARG_DEFAULT_VALUE_CHANGE Query.a(x:)"),
    (
        "y: Int! = 1, z: Int!)",
        "y: Int! = 2, z: Int!)",
        "dangerous ARG_DEFAULT_VALUE_CHANGE Query.a(y:)",
    ),
    ("y: Int! = 1, z: Int!)", "y: Int!, z: Int!)", "breaking ARG_DEFAULT_VALUE_CHANGE Query.a(y:)"),
    ("z: Int!)", "z: Int! = 3)", "safe ARG_DEFAULT_VALUE_CHANGE Query.a(z:)"),
    (
        "y: Int! = 1, z: Int!, sent",
        "y: Int! = 2, z: Int!, sent",
        "dangerous FIELD_ON_INPUT_OBJECT_DEFAULT_VALUE_CHANGE I.y",
    ),
    # directives
    (
        "directive @show",
        "directive @hide",
        "breaking DIRECTIVE_REMOVED @show|safe DIRECTIVE_ADDED @hide",
    ),
    ("only: Int, ", "", "breaking DIRECTIVE_ARG_REMOVED @show(only:)"),
    ("only: Int,", "only: Int, r: Int!,", "breaking REQUIRED_DIRECTIVE_ARG_ADDED @show(r:)"),
    ("only: Int,", "only: Int, r: Int,", "safe OPTIONAL_DIRECTIVE_ARG_ADDED @show(r:)"),
    ("only: Int,", "only: ID,", "breaking DIRECTIVE_ARG_CHANGED_TYPE @show(only:)"),
    ('= "x")', '= "y")', "dangerous DIRECTIVE_ARG_DEFAULT_VALUE_CHANGE @show(until:)"),
    (" repeatable", "", "breaking DIRECTIVE_REPEATABLE_REMOVED @show"),
    ("FIELD | QUERY", "FIELD", "breaking DIRECTIVE_LOCATION_REMOVED @show"),
    ("FIELD | QUERY", "FIELD | QUERY | MUTATION", "safe DIRECTIVE_LOCATION_ADDED @show"),
    # words
    ('old: Int @deprecated(reason: "gone")', "old: Int", "safe FIELD_DEPRECATION_REMOVED A.old"),
    ("b: [Int]", "b: [Int] @deprecated", "safe FIELD_DEPRECATED Query.b"),
    ('"gone"', '"gone soon"', "safe FIELD_DEPRECATED_REASON_CHANGE A.old"),
    ("(x: Int,", "(x: Int @deprecated,", "safe ARG_DEPRECATED Query.a(x:)"),
    ("ONE TWO", "ONE TWO @deprecated", "safe ENUM_DEPRECATED E.TWO"),
    ("type A", '"An A." type A', "safe TYPE_DESCRIPTION_CHANGE A"),
    ("b: [Int]", '"The b." b: [Int]', "safe FIELD_DESCRIPTION_CHANGE Query.b"),
    ("ONE TWO", 'ONE "Two." TWO', "safe ENUM_VALUE_DESCRIPTION_CHANGE E.TWO"),
    ("(x: Int,", '("An x." x: Int,', "safe ARG_DESCRIPTION_CHANGE Query.a(x:)"),
    ("directive @show", '"Shows." directive @show', "safe DIRECTIVE_DESCRIPTION_CHANGE @show"),
    ("scalar S", 'scalar S @specifiedBy(url: "u")', "dangerous SCALAR_SPECIFICATION_CHANGE S"),
]


@pytest.mark.parametrize(("before", "after", "expected"), CASES)
def test_each_change_is_told_by_coordinate(before: str, after: str, expected: str) -> None:
    assert BASE.count(before) == 1
    more = "interface Empty { n: Int }" if "Empty" in after else ""
    old, new = build_schema(BASE + more), build_schema(BASE.replace(before, after) + more)
    found = [f"{it.severity.word} {it.code} {it.coordinate}" for it in schema_changes(old, new)]
    assert [item for item in found if item != "safe FIELD_ADDED Query.n"] == expected.split("|")


def test_a_schema_has_not_changed_from_itself() -> None:
    assert schema_changes(build_schema(BASE), build_schema(BASE)) == ()


def test_an_object_that_becomes_an_interface_has_changed_its_kind() -> None:
    old = build_schema("type Query { a: A } type A { x: Int }")
    new = build_schema("type Query { a: A } interface A { x: Int }")
    [change] = schema_changes(old, new)
    assert change.message == '"A" was an object and is an interface.'


def test_the_worst_changes_come_first_and_equal_ones_by_coordinate() -> None:
    old = build_schema("type Query { a: Int, b: Int, e: E } enum E { X } union U = Query")
    new = build_schema(
        "type Query { a: ID, c: Int, e: E } enum E { X Y } union U = Query | B | A "
        "type A { x: Int } type B { x: Int }"
    )
    assert [change.message for change in schema_changes(old, new)] == [
        '"Query.a" was of type Int and is of type ID.',
        '"Query.b" was removed, without being deprecated.',
        '"E.Y" was added: a client that knows the others only may be answered it.',
        '"A" was added to the union "U": a client that knows the others only may be answered it.',
        '"B" was added to the union "U": a client that knows the others only may be answered it.',
        '"A" was added.',
        '"B" was added.',
        '"Query.c" was added.',
    ]


def test_the_order_of_the_fields_of_a_default_does_not_matter() -> None:
    sdl = "type Query {{ a(by: I = {}): Int }} input I {{ x: Int, y: Int }}"
    one, other = sdl.format("{x: 1, y: 2}"), sdl.format("{y: 2, x: 1}")
    assert schema_changes(build_schema(one), build_schema(other)) == ()
