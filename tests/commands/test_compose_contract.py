"""`compose --contract`: the part of a supergraph that tags choose.

https://www.apollographql.com/docs/graphos/platform/schema-management/delivery/contracts/reference
"""

from __future__ import annotations

import json

import pytest
from click.testing import Result
from graphql import parse, print_ast, print_schema

from router.supergraph.api_schema import api_schema
from router.supergraph.read_sdl import read_sdl
from tests.commands.command_line import run

LINK = """extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@tag", "@inaccessible"])
"""


def contract(sdl: str, chosen: str, *flags: str) -> Result:
    config = {"subgraphs": {"a": {"routing_url": "http://a", "schema": {"sdl": LINK + sdl}}}}
    arguments = ["compose", "--config", "-", "--contract", chosen, *flags]
    return run(*arguments, given=json.dumps(config))


def seen(sdl: str, chosen: str, *flags: str) -> str:
    """The schema that clients of the contract see."""
    result = contract(sdl, chosen, *flags)
    assert (result.exit_code, result.stderr) == (0, "")
    return print_schema(api_schema(read_sdl(result.stdout)))


def words(text: str) -> str:
    return " ".join(text.split())


def parts(sdl: str) -> set[str]:
    """The definitions, however laid out and ordered."""
    return {words(print_ast(definition)) for definition in parse(sdl).definitions}


EVERYWHERE = """
type Query {
  open(plain: Int, secret: Int @tag(name: "internal")): Color
  hidden: Secret @tag(name: "internal")
  find(by: Filter): Node
  media: Media
}
interface Node { id: ID!, cost: Int @tag(name: "internal") }
type Book implements Node { id: ID!, cost: Int }
type Draft implements Node @tag(name: "internal") { id: ID!, cost: Int }
union Media = Book | Draft
enum Color { RED, INFRARED @tag(name: "internal") }
input Filter { name: String, rank: Int @tag(name: "internal") }
scalar Secret @tag(name: "internal")
"""


def test_an_excluded_tag_hides_elements_of_every_kind() -> None:
    assert parts(seen(EVERYWHERE, "exclude=internal")) == parts(
        """
        type Query { open(plain: Int): Color find(by: Filter): Node media: Media }
        interface Node { id: ID! }
        type Book implements Node { id: ID! cost: Int }
        union Media = Book
        enum Color { RED }
        input Filter { name: String }
        """
    )


def test_without_included_tags_everything_that_is_not_excluded_is_seen() -> None:
    sdl = 'type Query { a: Int @tag(name: "x") b: Int c: Int @tag(name: "y") }'
    assert parts(seen(sdl, "exclude=y")) == parts("type Query { a: Int b: Int }")


def test_with_included_tags_only_unions_and_fields_that_have_one_are_seen() -> None:
    sdl = """
    type Query {
      color(shade: Int): Color @tag(name: "public")
      media: Media @tag(name: "public")
      other: Int
    }
    union Media @tag(name: "public") = Book
    union Unseen = Book
    type Book { title: String @tag(name: "public"), price: Int }
    type Nothing { of: Int }
    enum Color { RED }
    """
    assert parts(seen(sdl, "include=public")) == parts(
        """
        type Query { color(shade: Int): Color media: Media }
        union Media = Book
        type Book { title: String }
        enum Color { RED }
        """
    )


def test_fields_have_the_tags_of_their_type() -> None:
    sdl = """
    type Query @tag(name: "public") { a: A, b: Int @tag(name: "internal") }
    type A @tag(name: "public") { one: Int, two: Int }
    """
    assert parts(seen(sdl, "include=public,exclude=internal")) == parts(
        "type Query { a: A } type A { one: Int two: Int }"
    )


def test_types_of_which_nothing_is_left_are_hidden_whole() -> None:
    sdl = """
    type Query { a: Int }
    type Mutation { b: Int @tag(name: "x") }
    enum E { A @tag(name: "x") }
    input J { e: E @tag(name: "x") }
    input I { a: Int @tag(name: "x") }
    type T { a: Int @tag(name: "x") }
    union U = T
    """
    assert parts(seen(sdl, "exclude=x")) == parts("type Query { a: Int }")


def test_a_field_of_an_interface_is_hidden_where_an_implementation_hides_it() -> None:
    sdl = """
    type Query { node: Node }
    interface Top { id: ID!, cost: Int }
    interface Node implements Top { id: ID!, cost: Int }
    type A implements Node & Top { id: ID!, cost: Int @tag(name: "x") }
    type B implements Node & Top { id: ID!, cost: Int }
    """
    assert parts(seen(sdl, "exclude=x")) == parts(
        """
        type Query { node: Node }
        interface Top { id: ID! }
        interface Node implements Top { id: ID! }
        type A implements Node & Top { id: ID! }
        type B implements Node & Top { id: ID! cost: Int }
        """
    )


UNREACHABLE = """
type Query { a: A, gone: Gone @tag(name: "x") }
interface Node { id: ID! }
type A implements Node { id: ID!, by(filter: Filter): Int }
type Other implements Node { id: ID! }
input Filter { kind: Kind }
enum Kind { ONE }
type Gone { inner: Inner }
type Inner { scalar: Only }
scalar Only
type Kept @tag(name: "y") { a: Int }
"""


def test_unreachable_types_stay_unless_they_are_to_be_hidden() -> None:
    assert "type Gone" in seen(UNREACHABLE, "exclude=x")
    shown = parts(seen(UNREACHABLE, "exclude=x", "--hide-unreachable-types"))
    assert shown == parts(
        """
        type Query { a: A }
        interface Node { id: ID! }
        type A implements Node { id: ID! by(filter: Filter): Int }
        type Other implements Node { id: ID! }
        input Filter { kind: Kind }
        enum Kind { ONE }
        """
    )


def test_an_unreachable_type_with_an_included_tag_stays() -> None:
    sdl = 'type Query @tag(name: "y") { a: Int } type Kept @tag(name: "y") { a: Int }'
    shown = parts(seen(sdl, "include=y", "--hide-unreachable-types"))
    assert shown == parts("type Query { a: Int } type Kept { a: Int }")


def test_what_subgraphs_hide_themselves_stays_hidden() -> None:
    sdl = 'type Query { a: Int @inaccessible, b: Int, c: Int @tag(name: "x") }'
    assert parts(seen(sdl, "exclude=x")) == parts("type Query { b: Int }")


def test_a_contract_that_leaves_no_valid_schema_says_what_it_hides_and_why() -> None:
    result = contract(
        'type Query { account: Account }\ntype Account @tag(name: "internal") { id: ID! }',
        "exclude=internal",
    )
    assert (result.exit_code, result.stdout) == (1, "")
    assert (
        result.stderr
        == """error[E029]: Encountered 1 build error while trying to build a supergraph.

Caused by:
    REFERENCED_INACCESSIBLE  Query.account
      In the contract: Type "Account" is @inaccessible, but "Query.account", which is in the API \
schema, refers to it. The contract hides "Account": it is tagged "internal", which the contract \
excludes.
      a:3:14
        3 | type Query { account: Account }
          |              ^
      Change the tags so that the contract hides both or neither.

"""
    )


@pytest.mark.parametrize(
    ("sdl", "code"),
    [
        ('type Query @tag(name: "x") { a: Int }', "QUERY_ROOT_TYPE_INACCESSIBLE"),
        ('type Query { a: Int @tag(name: "x") }', "QUERY_ROOT_TYPE_INACCESSIBLE"),
        ('type Query { a(b: Int! @tag(name: "x")): Int }', "REQUIRED_INACCESSIBLE"),
        (
            'type Query { a(b: E = B): Int } enum E { A, B @tag(name: "x") }',
            "DEFAULT_VALUE_USES_INACCESSIBLE",
        ),
        (
            """type Query implements I { a(b: Int @tag(name: "x")): Int }
            interface I { a(b: Int): Int }""",
            "IMPLEMENTED_BY_INACCESSIBLE",
        ),
    ],
)
def test_each_way_to_leave_no_valid_schema_has_its_code(sdl: str, code: str) -> None:
    result = contract(sdl, "exclude=x")
    assert result.exit_code == 1
    assert f"\n    {code}  " in result.stderr


def test_a_supergraph_that_does_not_compose_whole_has_no_contract_either() -> None:
    result = contract('type Query { a: Int, b: Nothing @tag(name: "x") }', "exclude=x")
    assert result.exit_code == 1
    assert "In the contract" not in result.stderr


def test_a_tag_that_nothing_has_is_pointed_out() -> None:
    result = contract('type Query { a: Int, b: Int @tag(name: "internal") }', "exclude=internl")
    assert result.exit_code == 0
    assert result.stderr == (
        'HINT: [CONTRACT_TAG_UNUSED]: The contract names the tag "internl", which nothing has. '
        'Did you mean "internal"?\n'
    )


def test_a_contract_of_subgraphs_without_inaccessible_links_its_specification() -> None:
    result = contract('type Query { a: Int, b: Int @tag(name: "x") }', "exclude=x")
    assert (
        '@link(url: "https://specs.apollo.dev/inaccessible/v0.2", for: SECURITY)' in result.stdout
    )
    assert 'b: Int @tag(name: "x") @inaccessible' in words(result.stdout)
