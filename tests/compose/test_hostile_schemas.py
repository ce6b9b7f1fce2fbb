"""Schemas nobody would write: each is composed or refused with a reason, in bounded time."""

import pytest

from tests.compose.story import composition, errors

NOT_SDL = {
    "nothing": "",
    "blanks": " \n\t\n",
    "a comment": "# to do",
    "a byte": "\0",
    "JSON": '{"type": "Query"}',
    "YAML": "type: Query\nfields:\n  - a",
    "bytes of an image": bytes(range(256)).decode("latin-1"),
    "half a surrogate": '"\ud800" type Query { a: Int }',
    "a name that is no ASCII": "type Quéry { a: Int }",
    "an operation": "query { a }",
    "braces": "{" * 5000,
    "a list of lists of lists": f"type Query {{ a: {'[' * 5000}Int{']' * 5000} }}",
    "a default in a default": f"type Query {{ a(x: J = {'{a:' * 5000}1{'}' * 5000}): Int }}",
}
DEEP = "t { " * 3000 + "id" + " }" * 3000
WIDE = " ".join(f"k{number}" for number in range(2000))
FIELDS = " ".join(f"k{number}: ID" for number in range(2000))


@pytest.mark.parametrize("sdl", NOT_SDL.values(), ids=NOT_SDL)
def test_what_is_no_schema_is_refused_with_its_place(sdl: str) -> None:
    found = composition(federation_1=sdl)
    assert {error.code for error in found.errors} == {"INVALID_GRAPHQL"}
    assert all(error.locations for error in found.errors)


@pytest.mark.parametrize("directive", ["key", "requires", "provides"])
def test_a_field_set_nested_without_end_is_refused(directive: str) -> None:
    on_type = f'@{directive}(fields: "{DEEP}")' if directive == "key" else ""
    on_field = f'@{directive}(fields: "{DEEP}")' if directive != "key" else ""
    sdl = f"type Query {{ t: T }} type T {on_type} {{ id: ID! t: T {on_field} }}"
    assert errors(a=sdl)[0][0] == f"{directive.upper()}_INVALID_FIELDS"


def test_wide_keys_and_wide_types_compose() -> None:
    sdl = f'type T @key(fields: "{WIDE}") {{ {FIELDS} %s: Int }}'
    assert errors(a=f"type Query {{ t: T }} {sdl % 'a'}", b=sdl % "b") == []


def test_keys_that_lead_in_a_circle_compose() -> None:
    types = """
      type A @key(fields: "b { a { b { id } } }") { b: B! %s: Int }
      type B @key(fields: "a { b { id } }") { id: ID! a: A! }
    """
    assert errors(one="type Query { a: A }" + types % "x", other=types % "y") == []


def test_fields_that_require_each_other_for_longer_than_can_be_followed_are_refused() -> None:
    steps = range(1, 200)
    one = " ".join(f'f{n}: Int @requires(fields: "g{n}") g{n}: Int @external' for n in steps)
    other = " ".join(
        f'g{n}: Int @requires(fields: "f{n - 1}") f{n - 1}: Int @external' for n in steps
    )
    sdl = 'type T @key(fields: "id") {{ id: ID! {} }}'
    found = errors(
        a="type Query { t: T } " + sdl.format(f"f0: Int {one}"),
        b=sdl.format(other),
    )
    assert [code for code, _ in found] == ["MAX_VALIDATION_SUBGRAPH_PATHS_EXCEEDED"]


def test_types_that_the_supergraph_keeps_for_itself_are_no_answers() -> None:
    assert errors(a="type Query { a: Int } enum join__Graph { A }") == []
    sdl = "type Query { a: join__Thing } type join__Thing { a: Int }"
    assert errors(a=sdl) == [("INVALID_GRAPHQL", "Query.a")]
