"""What graphql-core finds breaking is breaking here too, on schemas changed at random."""

from __future__ import annotations

import re

from graphql import BreakingChangeType, GraphQLSchema, build_schema
from graphql.utilities import find_schema_changes
from hypothesis import given, settings
from hypothesis import strategies as st

from router.check.change import Severity
from router.check.schema_changes import schema_changes

OUTPUTS = ["Int", "Int!", "[Int]", "[Int!]!", "A", "B", "N", "U", "E", "E!"]
INPUTS = ["Int", "Int!", "[Int]", "[Int!]!", "E", "E!", "I"]


@st.composite
def schemas(draw: st.DrawFn) -> GraphQLSchema:
    """Small schemas over the same names, so that two of them have much in common."""

    def some(names: str) -> list[str]:
        return draw(st.lists(st.sampled_from(names), unique=True, min_size=1, max_size=3))

    def inputs() -> str:
        return ", ".join(f"{name}: {draw(st.sampled_from(INPUTS))}" for name in some("xy"))

    def fields(names: str) -> str:
        return " ".join(
            f"{name}{draw(st.sampled_from(['', f'({inputs()})']))}: "
            f"{draw(st.sampled_from(OUTPUTS))}"
            for name in some(names)
        )

    implements = draw(st.sampled_from(["", " implements N"]))
    own = "id: ID" if implements else ""
    return build_schema(
        f"""
        directive @d({inputs()}) {draw(st.sampled_from(["", "repeatable"]))} on FIELD
        type Query {{ {fields("abc")} }}
        interface N {{ id: ID }}
        type A{implements} {{ {own} {fields("abc")} }}
        {draw(st.sampled_from(["type", "interface"]))} B {{ {fields("abc")} }}
        union U = {" | ".join({"A", "Query"} if draw(st.booleans()) else {"A"})}
        enum E {{ {" ".join(some("OPQ"))} }}
        input I {{ {", ".join(f"{name}: Int" for name in some("xy"))} }}
        {draw(st.sampled_from(["", "scalar S"]))}
        """,
        assume_valid=True,
    )


def named(text: str) -> frozenset[str]:
    """The coordinates in a sentence, whatever else it says."""
    return frozenset(re.findall(r"@?[A-Z]\w*(?:\.\w+)?(?:\(\w+:\))?|@\w+(?:\(\w+:\))?", text))


@given(schemas(), schemas())
@settings(max_examples=60, deadline=None)
def test_each_change_that_breaks_clients_for_graphql_core_does_here(
    old: GraphQLSchema, new: GraphQLSchema
) -> None:
    theirs = [
        change
        for change in find_schema_changes(old, new)
        if isinstance(change.type, BreakingChangeType)
        and not change.description.startswith("Standard scalar")
    ]
    ours = [it for it in schema_changes(old, new) if it.severity is Severity.BREAKING]
    assert len(ours) == len(theirs)
    coordinates = {it.coordinate for it in ours}
    for change in theirs:
        assert named(change.description) & coordinates, change
