"""Values are what the schema promises, or null with an error that says why."""

from __future__ import annotations

from typing import Any

import pytest

from router.execute.prepared import OperationError, parsed, prepare
from tests.execute.canned_subgraphs import CannedSubgraphs, ok
from tests.execute.shop import execute, prepared, respond, shop


async def product(field: str, raw: Any) -> tuple[Any, list[str]]:
    content = {"data": {"product": {"__typename": "Product", field: raw}}}
    subgraphs = CannedSubgraphs({"catalog": content})
    answer = await execute(f'{{ product(id: "1") {{ {field} }} }}', subgraphs)
    found = answer["data"]["product"]
    messages = [error["message"] for error in answer.get("errors", [])]
    return (found[field] if found else None), messages


@pytest.mark.parametrize(
    ("field", "raw", "shown"),
    [
        ("weight", 7, 7),
        ("weight", 7.0, 7),
        ("price", 7, 7),
        ("price", 7.25, 7.25),
        ("name", "Lamp", "Lamp"),
        ("id", 12, "12"),
        ("id", "12", "12"),
        ("kind", "BOOK", "BOOK"),
        ("labels", [], []),
        ("labels", ["a", "b"], ["a", "b"]),
        ("details", {"deep": [1, None, {"x": "y"}]}, {"deep": [1, None, {"x": "y"}]}),
        ("details", [1, "two"], [1, "two"]),
        ("weight", None, None),
    ],
)
async def test_a_value_of_its_type_is_passed_on(field: str, raw: Any, shown: Any) -> None:
    assert await product(field, raw) == (shown, [])


async def test_a_custom_scalar_keeps_numbers_of_any_size() -> None:
    body = b'{"data":{"product":{"details":[123456789012345678901234567890]}}}'
    response = await respond(
        '{ product(id: "1") { details } }', CannedSubgraphs({"catalog": ok(body)})
    )
    assert response.body == body


@pytest.mark.parametrize(
    ("field", "raw", "reason"),
    [
        ("weight", "7", 'Int cannot be "7"'),
        ("weight", 7.5, "Int cannot be 7.5"),
        ("weight", True, "Int cannot be true"),
        ("weight", 2**31, "Int cannot hold 2147483648"),
        ("price", "7", 'Float cannot be "7"'),
        ("name", 7, "String cannot be 7"),
        ("id", 1.5, "ID cannot be 1.5"),
        ("id", True, "ID cannot be true"),
        ("kind", "CAR", 'Kind has no value "CAR"'),
        ("kind", 3, "Kind has no value 3"),
        ("labels", "a", "[String!] must be a list"),
        ("labels", ["a", 3], "String cannot be 3"),
    ],
)
async def test_a_value_of_another_type_is_null_with_an_error(
    field: str, raw: Any, reason: str
) -> None:
    value, messages = await product(field, raw)
    assert value is None
    assert len(messages) == 1
    assert reason in messages[0]
    assert f"Product.{field}" in messages[0]


async def test_a_hidden_enum_value_is_null_without_an_error() -> None:
    assert await product("kind", "SECRET") == (None, [])


async def things(objects: list[Any], text: str) -> dict[str, Any]:
    return await execute(text, CannedSubgraphs({"catalog": {"data": {"things": objects}}}))


async def test_fragments_apply_by_the_type_each_object_has() -> None:
    answer = await things(
        [
            {"__typename": "Product", "id": "1", "name": "Lamp"},
            {"__typename": "Category", "id": "2", "title": "Light"},
        ],
        "{ things { id ... on Product { name } ... on Category { title } __typename } }",
    )
    assert answer == {
        "data": {
            "things": [
                {"id": "1", "name": "Lamp", "__typename": "Product"},
                {"id": "2", "title": "Light", "__typename": "Category"},
            ]
        }
    }


async def test_an_object_of_a_hidden_type_is_null_without_an_error() -> None:
    answer = await things([{"__typename": "Hidden", "id": "1"}], "{ things { id __typename } }")
    assert answer == {"data": {"things": [None]}}


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        ({"__typename": "Car", "id": "1"}, 'Thing cannot be "Car"'),
        ({"__typename": "User", "id": "1"}, 'Thing cannot be "User"'),
        ({"__typename": 3, "id": "1"}, "Thing cannot be 3"),
        ({"__typename": "x" * 5000, "id": "1"}, f'Thing cannot be "{"x" * 40}…"'),
        ({"id": "1"}, "Thing needs a __typename"),
        ("x", "Thing must be an object"),
    ],
)
async def test_an_object_whose_type_makes_no_sense_is_null_with_an_error(
    found: Any, reason: str
) -> None:
    answer = await things([found], "{ things { id ... on Product { name } } }")
    assert answer["data"] == {"things": [None]}
    (error,) = answer["errors"]
    assert reason in error["message"]
    assert error["path"] == ["things", 0]


async def test_where_nothing_depends_on_it_the_type_need_not_be_known() -> None:
    answer = await things([{"id": "1"}], "{ things { id } }")
    assert answer == {"data": {"things": [{"id": "1"}]}}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{ me { id }", "PARSING_ERROR"),
        ("{ me { id nothing } }", "GRAPHQL_VALIDATION_FAILED"),
        ("query A { me { id } } query B { me { id } }", "GRAPHQL_UNKNOWN_OPERATION_NAME"),
        ("fragment A on User { id }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ me { __typename: name } }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ me { id } }" + "#" * 10 + "\n{" * 3000, "PARSING_ERROR"),
        ("{" + "a{" * 5000 + "b" + "}" * 5001, "PARSING_ERROR"),
    ],
)
def test_an_operation_that_cannot_be_run_says_why(text: str, code: str) -> None:
    with pytest.raises(OperationError) as caught:
        prepared(text)
    assert caught.value.errors[0]["extensions"]["code"] == code
    assert caught.value.is_refused


def test_an_operation_name_that_is_not_there_lists_those_that_are() -> None:
    with pytest.raises(OperationError, match='no operation "C"; it has: A, B'):
        prepared("query A { me { id } } query B { me { id } }", "C")


def test_a_document_with_too_many_tokens_is_refused() -> None:
    with pytest.raises(OperationError):
        prepare(shop(), parsed("{ me { id id id id } }", max_tokens=5))


@pytest.mark.parametrize(
    ("declared", "given", "message"),
    [
        ("$id: ID!", {}, "Variable '$id' has invalid value"),
        ("$id: ID!", {"id": None}, "Variable '$id' has invalid value"),
        ("$id: ID!", {"id": [1]}, "Variable '$id' has invalid value"),
    ],
)
async def test_variables_that_do_not_fit_are_told_before_anything_is_asked(
    declared: str, given: dict[str, Any], message: str
) -> None:
    subgraphs = CannedSubgraphs({})
    with pytest.raises(OperationError, match="id") as caught:
        await execute(f"query ({declared}) {{ product(id: $id) {{ id }} }}", subgraphs, given)
    assert caught.value.errors[0]["extensions"]["code"] == "VALIDATION_INVALID_TYPE_VARIABLE"
    assert caught.value.errors[0]["locations"] == [{"line": 1, "column": 8}]
    assert subgraphs.asked == []
