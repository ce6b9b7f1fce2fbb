"""A compiled query answers what graphql-core answers, or leaves it to graphql-core."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import ExecutionResult, execute, parse, validate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from subgraphs.chassis.caller import Caller
from subgraphs.chassis.compiled.query import CompiledQuery, compile_query
from subgraphs.chassis.refusal import Refusal
from subgraphs.chassis.resolver_context import Context
from tests.chassis.zoo import SCHEMA

JSON = dict[str, Any]


KEEPER = Caller(user_id="usr_1", scopes=frozenset({"zoo:read"}))
VISITOR = Caller(user_id="usr_2")


def compiled(text: str) -> CompiledQuery:
    document = parse(text)
    assert validate(SCHEMA, document) == []
    query = compile_query(SCHEMA, document)
    assert query is not None
    return query


async def reference(text: str, variables: JSON, caller: Caller) -> ExecutionResult:
    running = execute(
        SCHEMA, parse(text), context_value=Context(caller, None), variable_values=variables
    )
    return running if isinstance(running, ExecutionResult) else await running


async def same(text: str, variables: JSON | None = None, caller: Caller = KEEPER) -> JSON:
    """The data, after seeing that graphql-core gives the same without errors."""
    given = variables or {}
    expected = await reference(text, given, caller)
    assert not expected.errors
    assert expected.data is not None
    data = await compiled(text).run(Context(caller, None), given)
    assert data == expected.data
    assert list(data) == list(expected.data)
    return data


async def test_objects_lists_unions_interfaces_and_async_fields() -> None:
    data = await same(
        """
        query($first: Int!) {
          zoos(first: $first) { id mood visitors grid kind: __typename
            animals { __typename name age shout(times: 2) ...on Dog { born mood } }
            star { ...on Cat { price friends { name } } } }
          pets { ...on Animal { name } ...on Cat { price } }
        }
        """,
        {"first": 2},
    )
    assert data["zoos"][0]["star"]["price"] == "1.50"


async def test_entities_come_as_they_were_asked_and_missing_ones_are_null() -> None:
    given = [{"__typename": "Zoo", "id": key} for key in ("2", "404", "1")]
    query = "query($r: [_Any!]!) { _entities(representations: $r) { ...on Zoo { id secret } } }"
    data = await same(query, {"r": given})
    assert [zoo["id"] if zoo else None for zoo in data["_entities"]] == ["2", None, "1"]


async def test_variables_decide_what_is_included() -> None:
    query = """
    query($yes: Boolean!, $no: Boolean! = false) {
      zoos { id @include(if: $yes) mood @skip(if: $yes) ...F @include(if: $no) } }
    fragment F on Zoo { visitors }
    """
    both = compiled(query)
    for variables in ({"yes": True}, {"yes": False, "no": True}, {"yes": True}):
        expected = await reference(query, dict(variables), KEEPER)
        assert await both.run(Context(KEEPER, None), variables) == expected.data


async def test_fields_asked_twice_are_merged() -> None:
    data = await same("{ zoos { animals { name } animals { age } ...F } } fragment F on Zoo { id }")
    assert data["zoos"][0]["animals"][0] == {"name": "Tom", "age": 3}


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ("{ zoos { broken } }", {}),
        ("{ impossible }", {}),
        ("query($k: ID!) { zoo(key: $k) { id } }", {}),
        ("query($k: ID!) { zoo(key: $k) { id } }", {"k": {"a": 1}}),
        ("query($r: [_Any!]!) { _entities(representations: $r) { __typename } }", {"r": "x"}),
        (
            "query($r: [_Any!]!) { _entities(representations: $r) { __typename } }",
            {"r": [{"__typename": "Zoo", "id": "refused"}]},
        ),
    ],
)
async def test_whatever_is_unusual_is_left_to_graphql_core(query: str, variables: JSON) -> None:
    assert (await reference(query, variables, KEEPER)).errors
    with pytest.raises(Exception):  # noqa: B017, PT011 - any exception hands over
        await compiled(query).run(Context(KEEPER, None), variables)


async def test_a_caller_without_the_scope_is_never_answered_by_the_fast_way() -> None:
    query = compiled("{ zoos { secret } }")
    assert (await query.run(Context(KEEPER, None), {}))["zoos"][0]["secret"] == "behind the lions"
    with pytest.raises(Refusal, match="zoo:read"):
        await query.run(Context(VISITOR, None), {})


@pytest.mark.parametrize(
    "query",
    ["{ __schema { types { name } } }", "query A { pets { __typename } } query B { zoos { id } }"],
)
def test_introspection_and_several_operations_are_not_compiled(query: str) -> None:
    assert compile_query(SCHEMA, parse(query)) is None


async def test_async_fields_of_an_object_run_together() -> None:
    data = await compiled("{ a: meet b: meet }").run(Context(KEEPER, None), {})
    assert sorted(data.values()) == [0, 1]


def aliased(prefix: str, fields: list[str]) -> str:
    """Fields under names of their own, so that any of them go together."""
    return " ".join(f"{prefix}{number}: {field}" for number, field in enumerate(fields))


def some(prefix: str, *fields: str) -> st.SearchStrategy[str]:
    chosen = st.lists(st.sampled_from(fields), min_size=1, max_size=4)
    return chosen.map(lambda found: aliased(prefix, found))


@st.composite
def queries(draw: st.DrawFn) -> str:
    animal = draw(some("a", "name", "age", "shout", "shout(times: 3)", "__typename"))
    dog = draw(some("d", "born", "mood", "owner", "name"))
    cat = draw(some("c", "price", "age", f"friends {{ {animal} ... on Dog {{ {dog} }} }}"))
    pet = f"__typename ... on Dog {{ {dog} }} ... on Cat {{ {cat} }} ... on Animal {{ {animal} }}"
    leaves = ("id", "mood", "visitors", "grid", "secret", "__typename", "id", "mood", "broken")
    zoo = draw(some("z", *leaves, f"animals {{ {animal} }}", "star { ...P }"))
    roots = draw(some("r", f"zoos {{ {zoo} }}", f'zoo(key: "1") {{ {zoo} }}', "pets { ...P }"))
    return f"query {{ {roots} p: pets {{ ...P }} }} fragment P on Pet {{ {pet} }}"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(queries(), st.sampled_from([KEEPER, VISITOR]))
async def test_any_query_is_answered_the_same_or_handed_over(text: str, caller: Caller) -> None:
    query = compiled(text)
    expected = await reference(text, {}, caller)
    try:
        data = await query.run(Context(caller, None), {})
    except Refusal:
        assert expected.errors
        return
    assert not expected.errors
    assert data == expected.data
