"""Recorded operations: read from documents and manifests, and what of a schema each uses."""

from __future__ import annotations

import json

import pytest
from graphql import build_schema, parse, print_ast

from router.check.operations import OperationsError, Text, manifest_texts, read_operations
from router.check.usage import used_coordinates

SCHEMA = build_schema(
    """
    directive @show(only: Int) on FIELD
    type Query { node(id: ID!): Node, find(by: Filter, kind: Kind): [Found!], kind: Kind }
    interface Node { id(long: Boolean): ID! }
    type Book implements Node { id(long: Boolean): ID!, title: String }
    type Film implements Node { id(long: Boolean): ID! }
    union Found = Book | Film
    enum Kind { NEW OLD }
    input Filter { title: String, kind: Kind, not: Filter, limit: Limit }
    input Limit { first: Int }
    """
)


def used(operation: str) -> set[str]:
    return set(used_coordinates(parse(operation), SCHEMA))


def test_a_field_of_an_interface_is_used_on_whatever_it_turns_out_to_be() -> None:
    assert used("{ node(id: 1) { id(long: true) } }") == {
        *("Query", "Query.node", "Query.node(id:)", "Node", "ID", "Boolean"),
        *("Node.id", "Book.id", "Film.id"),
        *("Node.id(long:)", "Book.id(long:)", "Film.id(long:)"),
    }


def test_fragments_use_the_type_of_their_condition() -> None:
    found = used("{ find { ... on Book { title } ...F } } fragment F on Film { __typename }")
    assert {"Found", "Book", "Book.title", "Film"} <= found
    assert "Book.id" not in found


def test_inputs_written_out_use_only_what_is_written() -> None:
    found = used("{ find(by: {kind: NEW, not: {title: null}}) { __typename } }")
    assert {"Filter", "Filter.kind", "Kind.NEW", "Filter.not", "Filter.title"} <= found
    assert not {"Filter.limit", "Kind.OLD", "Query.find(kind:)"} & found


def test_a_variable_may_carry_all_that_its_type_consists_of() -> None:
    found = used("query($by: Filter) { find(by: $by) { __typename } }")
    assert {"Filter.limit", "Limit.first", "Filter.not", "Kind.NEW", "Kind.OLD"} <= found


def test_an_enum_that_is_answered_is_used_but_none_of_its_values_is_named() -> None:
    assert used("{ kind }") == {"Query", "Query.kind", "Kind"}


def test_directives_and_their_arguments_are_used() -> None:
    assert {"@show", "@show(only:)"} <= used("{ kind @show(only: 1) }")


def test_each_operation_of_a_document_has_a_name_a_line_and_the_fragments_it_needs() -> None:
    text = "query A { ...F }\nquery B { kind }\nfragment F on Query { ...G }\n"
    found = read_operations(
        [Text("a.graphql", text), Text("f.graphql", "fragment G on Query { kind }")]
    )
    assert [(it.name, it.place) for it in found] == [
        ("A", "a.graphql:1"),
        ("B", "a.graphql:2"),
    ]
    assert "fragment F" in print_ast(found[0].document)
    assert "fragment G" in print_ast(found[0].document)
    assert "fragment" not in print_ast(found[1].document)


def test_a_fragment_of_the_same_document_is_nearer_than_one_of_another() -> None:
    other = Text("0.graphql", "fragment F on Query { other }")
    own = Text("1.graphql", "{ ...F } fragment F on Query { own }")
    [operation] = read_operations([other, own])
    assert "own" in print_ast(operation.document)
    assert operation.name == "(no name)"


def test_a_manifest_is_apollos_or_a_map_from_id_to_document() -> None:
    apollo = {
        "format": "apollo-persisted-query-manifest",
        "version": 1,
        "operations": [{"id": "1a", "name": "A", "type": "query", "body": "{ kind }"}],
    }
    [operation] = read_operations(manifest_texts("m.json", json.dumps(apollo)))
    assert (operation.name, operation.place) == ("A", "m.json#1a")
    [operation] = read_operations(manifest_texts("m.json", json.dumps({"2b": "query B { kind }"})))
    assert (operation.name, operation.place) == ("B", "m.json#2b")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "m.json is not JSON"),
        ("[]", "m.json is no persisted query manifest"),
        ('{"operations": [{"id": "a"}]}', "m.json is no persisted query manifest"),
        ('{"a": 1}', "m.json is no persisted query manifest"),
    ],
)
def test_another_json_file_is_refused(text: str, problem: str) -> None:
    with pytest.raises(OperationsError, match=problem):
        manifest_texts("m.json", text)


def test_every_document_that_is_not_graphql_is_told_at_once() -> None:
    with pytest.raises(OperationsError) as refused:
        read_operations([Text("a.graphql", "{"), Text("b.graphql", "{ a }\n}"), Text("c", "{ a }")])
    assert refused.value.problems == (
        "a.graphql:1: Syntax Error: Expected Name, found <EOF>.",
        "b.graphql:2: Syntax Error: Unexpected '}'.",
    )
