"""Whatever is tagged and chosen: a contract is told why not, or is a valid schema without it."""

from __future__ import annotations

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    parse,
    validate_schema,
)
from graphql.language import Visitor, visit
from hypothesis import given, settings
from hypothesis import strategies as st

from router.compose import Source, Variant, compose
from router.compose.contract import Contract
from router.supergraph.api_schema import api_schema
from router.supergraph.read_sdl import read_sdl

LINK = """extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.9", import: ["@tag", "@inaccessible"])
"""
SCHEMA = """
type Query {0} {{ a(x: Int {1}, y: I): A {2} b: N {3} c: U {4} d: [E] {5} e: Int {6} }}
interface N {7} {{ id: ID {8} s: S {9} }}
type A implements N {10} {{ id: ID {11} s: S {12} }}
type B implements N {13} {{ id: ID {14} s: S {15} }}
union U {16} = A | B
enum E {17} {{ P {18} Q {19} }}
input I {20} {{ x: E = P {21} y: Int {22} }}
scalar S {23}
type Alone {24} {{ x: Int {25} }}
"""
MARKS = st.sampled_from(["", "", "", '@tag(name: "one")', '@tag(name: "two")', "@inaccessible"])
TAGS = st.sets(st.sampled_from(["one", "two"]))


def coordinates(schema: GraphQLSchema) -> set[str]:
    """The types, fields, arguments and values that clients see."""
    found: set[str] = set()
    for name, type_ in schema.type_map.items():
        found.add(name)
        match type_:
            case GraphQLObjectType() | GraphQLInterfaceType():
                for field, definition in type_.fields.items():
                    found.add(f"{name}.{field}")
                    found |= {f"{name}.{field}({it}:)" for it in definition.args}
            case GraphQLInputObjectType():
                found |= {f"{name}.{field}" for field in type_.fields}
            case GraphQLEnumType():
                found |= {f"{name}.{value}" for value in type_.values}
    return found


def tagged(sdl: str, tags: frozenset[str]) -> set[str]:
    """The coordinates with one of the tags on them."""
    found: set[str] = set()

    class Tags(Visitor):
        def enter(self, node: object, _: object, __: object, ___: object, above: object) -> None:
            for directive in getattr(node, "directives", None) or ():
                if directive.name.value == "tag" and directive.arguments[0].value.value in tags:
                    names = [it.name.value for it in (*above, node) if hasattr(it, "name")]  # type: ignore[misc]
                    place = ".".join(names[:2])
                    found.add(f"{place}({names[2]}:)" if len(names) > 2 else place)

    visit(parse(sdl), Tags())
    return found


@given(st.lists(MARKS, min_size=26, max_size=26), TAGS, TAGS, st.booleans())
@settings(max_examples=150, deadline=None)
def test_a_contract_is_refused_or_shows_a_valid_schema_without_what_it_excludes(
    marks: list[str], include: set[str], exclude: set[str], hides_unreachable: bool
) -> None:
    sdl = SCHEMA.format(*marks)
    source = Source("a", "http://a", LINK + sdl)
    whole = compose([source])
    contract = Contract(frozenset(include - exclude), frozenset(exclude), hides_unreachable)
    part = compose([source], Variant(contract))
    if whole.supergraph_sdl is None:
        assert part.errors == whole.errors
    elif part.supergraph_sdl is None:
        assert part.errors
        assert all("In the contract: " in error.message for error in part.errors)
    else:
        schema = api_schema(read_sdl(part.supergraph_sdl))
        assert validate_schema(schema) == []
        seen = coordinates(schema)
        assert seen <= coordinates(api_schema(read_sdl(whole.supergraph_sdl)))
        assert not seen & tagged(sdl, contract.exclude)
