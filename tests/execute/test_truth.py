"""Whose word counts: each answer is told by both engines, and is the same."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson
import pytest

from router.execute.compiled.engine import CompiledEngine, Tiers
from router.execute.engine import Engine, ExecutionRequest, Response
from router.execute.interpreter import Interpreter
from router.execute.variables import checked_variables
from tests.execute.canned_subgraphs import CannedSubgraphs, Question, entities, ok
from tests.execute.shop import prepared

INTERPRETER = Interpreter()
ENGINES: tuple[Engine, ...] = (INTERPRETER, CompiledEngine(INTERPRETER, Tiers("always")))
LAMP, DESK = {"__typename": "Product", "id": "1"}, {"__typename": "Product", "id": "2"}
REVIEWS = '{ product(id: "1") { name reviews { stars } } }'
STOCK = "{ products { name inStock warehouse { city } } }"


async def told(
    text: str, answers: dict[str, Any], variables: dict[str, Any] | None = None
) -> bytes:
    """What the client gets, from each engine alike."""
    operation = prepared(text)
    request = ExecutionRequest(checked_variables(operation, variables or {}))
    bodies = []
    for engine in ENGINES:
        future: asyncio.Future[Response] = asyncio.get_running_loop().create_future()
        engine.start(operation, request, CannedSubgraphs(answers), future.set_result)
        bodies.append((await asyncio.wait_for(future, 5)).body)
    assert bodies[0] == bodies[1]
    return bodies[0]


async def answered(
    text: str, answers: dict[str, Any], variables: dict[str, Any] | None = None
) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(await told(text, answers, variables))
    return found


def places(answer: dict[str, Any]) -> list[tuple[str, list[Any]]]:
    return [(error["message"], error["path"]) for error in answer.get("errors", [])]


@pytest.mark.parametrize("said", ["User", "Thing", "Nobody", 7, None, [None], {}])
async def test_where_the_schema_allows_one_type_an_object_is_of_it(said: Any) -> None:
    def reviews(question: Question) -> Any:
        assert question.representations == [LAMP]
        return {"data": {"_entities": [{"reviews": [{"__typename": said, "stars": 5}]}]}}

    lamp = {"__typename": said, "id": "1", "name": "Lamp"}
    answer = await answered(
        REVIEWS,
        {
            "catalog": {"data": {"product": lamp}},
            "reviews": reviews,
        },
    )
    assert answer == {"data": {"product": {"name": "Lamp", "reviews": [{"stars": 5}]}}}


@pytest.mark.parametrize("said", ["Product", "Thing", None])
async def test_an_entity_may_say_its_type_an_interface_of_it_or_nothing(said: Any) -> None:
    answer = await answered(
        REVIEWS,
        {
            "catalog": {"data": {"product": {**LAMP, "name": "Lamp"}}},
            "reviews": entities({"1": {"__typename": said, "reviews": [{"stars": 5}]}}),
        },
    )
    assert answer == {"data": {"product": {"name": "Lamp", "reviews": [{"stars": 5}]}}}


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("User", "was asked for an entity of type Product and sent one of type User"),
        ("Hidden", "sent an entity of another type than it was asked for"),
        ("Nobody", "sent an entity of another type than it was asked for"),
        (7, "sent an entity of another type than it was asked for"),
        ({}, "sent an entity of another type than it was asked for"),
    ],
)
async def test_an_entity_of_another_type_is_not_joined_and_told_at_every_place(
    said: Any, reason: str
) -> None:
    lamp = {**LAMP, "name": "Lamp"}
    answer = await answered(
        "{ products { name reviews { stars } } }",
        {
            "catalog": {"data": {"products": [lamp, lamp, {**DESK, "name": "Desk"}]}},
            "reviews": entities(
                {
                    "1": {"__typename": said, "reviews": [{"stars": 1}]},
                    "2": {"reviews": [{"stars": 5}]},
                }
            ),
        },
    )
    assert answer["data"]["products"] == [
        {"name": "Lamp", "reviews": None},
        {"name": "Lamp", "reviews": None},
        {"name": "Desk", "reviews": [{"stars": 5}]},
    ]
    message = f'Subgraph "reviews" {reason}.'
    assert places(answer) == [(message, ["products", 0]), (message, ["products", 1])]


async def test_a_field_that_is_left_out_is_null_with_an_error_that_says_by_whom() -> None:
    answer = await answered(
        '{ product(id: "1") { name price } me { email } }',
        {
            "catalog": {"data": {"product": {"name": "Lamp"}}},
            "accounts": {"data": {"me": {"email": None}}},
        },
    )
    assert answer == {
        "data": {"product": {"name": "Lamp", "price": None}, "me": {"email": None}},
        "errors": [
            {
                "message": 'Subgraph "catalog" was asked for Product.price and left it out.',
                "path": ["product", "price"],
                "extensions": {"code": "SUBREQUEST_MALFORMED_RESPONSE", "service": "catalog"},
            }
        ],
    }


async def test_a_required_field_that_is_left_out_takes_its_object_along_and_is_told_once() -> None:
    answer = await answered(
        '{ product(id: "1") { name price } }', {"catalog": {"data": {"product": {"price": 1}}}}
    )
    assert answer["data"] == {"product": None}
    message = 'Subgraph "catalog" was asked for Product.name and left it out.'
    assert places(answer) == [(message, ["product", "name"])]


async def test_a_root_field_that_is_left_out_is_told() -> None:
    answer = await answered("{ me { id } products { id } }", {"accounts": {"data": {}}})
    message = 'Subgraph "accounts" was asked for Query.me and left it out.'
    assert (message, ["me"]) in places(answer)


async def test_a_key_that_is_left_out_is_told_where_its_entity_is() -> None:
    answer = await answered(REVIEWS, {"catalog": {"data": {"product": {"name": "Lamp"}}}})
    assert answer["data"] == {"product": {"name": "Lamp", "reviews": None}}
    message = 'Subgraph "catalog" was asked for Product.id and left it out.'
    assert places(answer) == [(message, ["product", "id"])]


async def test_what_an_entity_lacks_is_told_at_every_place_it_stands() -> None:
    lamp, desk = {**LAMP, "name": "Lamp"}, {**DESK, "name": "Desk"}
    answer = await answered(
        STOCK,
        {
            "catalog": {"data": {"products": [lamp, desk, lamp]}},
            "inventory": entities(
                {"1": {"inStock": True}, "2": {"inStock": True, "warehouse": {}}}
            ),
        },
    )
    assert answer["data"]["products"] == [
        {"name": "Lamp", "inStock": True, "warehouse": None},
        {"name": "Desk", "inStock": True, "warehouse": None},
        {"name": "Lamp", "inStock": True, "warehouse": None},
    ]
    lacks = 'Subgraph "inventory" was asked for {} and left it out.'
    assert places(answer) == [
        (lacks.format("Product.warehouse"), ["products", 0, "warehouse"]),
        (lacks.format("Product.warehouse"), ["products", 2, "warehouse"]),
        (lacks.format("Warehouse.city"), ["products", 1, "warehouse", "city"]),
    ]


async def test_what_is_skipped_or_of_another_type_is_not_missed() -> None:
    text = """query ($no: Boolean!) {
      items { ... on Product { name price @include(if: $no) } ... on Category { title } }
      product(id: "1") { name ... @skip(if: true) { weight } reviews @include(if: $no) { stars } }
    }"""
    product = {"__typename": "Product", "name": "Lamp"}
    items = [product, {"__typename": "Category", "title": "Light"}]
    data = {"items": items, "product": product}
    answer = await answered(text, {"catalog": {"data": data}}, {"no": False})
    assert "errors" not in answer


@pytest.mark.parametrize("path", [None, ["product"], ["product", "price"]])
async def test_a_field_that_the_subgraph_has_an_error_for_is_not_told_twice(path: Any) -> None:
    error = {"message": "No.", **({"path": path} if path else {})}
    answer = await answered(
        '{ product(id: "1") { name price } }',
        {"catalog": ok({"data": {"product": {"name": "Lamp"}}, "errors": [error]})},
    )
    assert answer["data"] == {"product": {"name": "Lamp", "price": None}}
    assert [error["message"] for error in answer["errors"]] == ["No."]


async def test_a_subgraph_that_leaves_out_much_is_told_a_hundred_times() -> None:
    answer = await answered(
        "{ products { price } }", {"catalog": {"data": {"products": [{}] * 500}}}
    )
    assert answer["data"] == {"products": [{"price": None}] * 500}
    assert len(answer["errors"]) == 100


STRANGE = [
    b'"\xff"',
    b'"\\ud800"',
    b"NaN",
    b"1e999",
    b"9" * 5000,
    b"01",
    b"[" * 2000,
    b'"\t"',
    b"'1'",
]


@pytest.mark.parametrize("text", STRANGE)
async def test_a_value_that_is_no_json_makes_its_answer_useless(text: bytes) -> None:
    body = b'{"data":{"product":{"__typename":"Product","id":%b,"name":"Lamp"}}}' % text
    answer = await answered(REVIEWS, {"catalog": ok(body)})
    assert answer["data"] == {"product": None}
    assert [error["path"] for error in answer["errors"]] == [["product"]]
    assert "it is not JSON" in answer["errors"][0]["message"]


@pytest.mark.parametrize(
    ("content", "data"),
    [
        (b'{"id":"1","id":"2","name":"Lamp"}', {"id": "2", "name": "Lamp"}),
        (b'{"id":1,"id":"2","name":"Lamp"}', {"id": "2", "name": "Lamp"}),
        (b'{"i\\u0064":"2","name":"L\\u0061mp"}', {"id": "2", "name": "Lamp"}),
    ],
)
async def test_a_key_that_is_there_twice_has_its_last_value(content: bytes, data: Any) -> None:
    body = b'{"data":{"product":%b}}' % content
    answer = await answered('{ product(id: "1") { id name } }', {"catalog": ok(body)})
    assert answer == {"data": {"product": data}}


@pytest.mark.parametrize(("opened", "closed"), [(b"[", b"]"), (b'{"a":', b"}")])
async def test_a_custom_scalar_may_be_as_deep_as_json_can_be_read(
    opened: bytes, closed: bytes
) -> None:
    body = b'{"data":{"product":{"details":%b}}}' % (opened * 800 + b"1" + closed * 800)
    assert await told('{ product(id: "1") { details } }', {"catalog": ok(body)}) == body
