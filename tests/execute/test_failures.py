"""What goes wrong costs the fields it concerns, and the error says whose and where."""

from __future__ import annotations

from typing import Any

import pytest

from router.execute.transport import SubgraphAnswer, failed
from tests.execute.canned_subgraphs import CannedSubgraphs, entities, ok
from tests.execute.shop import execute

LAMP, DESK = {"__typename": "Product", "id": "1"}, {"__typename": "Product", "id": "2"}
TWO_PRODUCTS = {"data": {"products": [LAMP, DESK]}}


async def test_a_subgraph_that_is_away_costs_its_own_fields_only() -> None:
    subgraphs = CannedSubgraphs(
        {
            "catalog": {"data": {"product": {**LAMP, "name": "Lamp"}}},
            "reviews": failed("connect", 'Subgraph "reviews" cannot be reached.'),
            "accounts": {"data": {"me": {"__typename": "User", "id": "u", "name": "Ada"}}},
        }
    )
    answer = await execute('{ product(id: "1") { name reviews { stars } } me { name } }', subgraphs)
    assert answer == {
        "data": {"product": {"name": "Lamp", "reviews": None}, "me": {"name": "Ada"}},
        "errors": [
            {
                "message": 'Subgraph "reviews" cannot be reached.',
                "path": ["product"],
                "extensions": {
                    "code": "SUBREQUEST_HTTP_ERROR",
                    "reason": "connect",
                    "service": "reviews",
                },
            }
        ],
    }


async def test_a_root_fetch_that_fails_is_told_at_each_field_it_leaves_empty() -> None:
    subgraphs = CannedSubgraphs({"catalog": failed("timeout", "Too late.")})
    answer = await execute('{ product(id: "1") { id } products { id } }', subgraphs)
    assert answer["data"] == {"product": None, "products": None}
    assert [error["path"] for error in answer["errors"]] == [["product"], ["products"]]
    assert answer["errors"][0]["extensions"]["code"] == "GATEWAY_TIMEOUT"


async def test_a_failure_for_many_objects_is_told_once_at_their_common_parent() -> None:
    subgraphs = CannedSubgraphs({"catalog": TWO_PRODUCTS, "inventory": ok(b"oops", 503)})
    answer = await execute("{ products { id warehouse { city } } }", subgraphs)
    assert answer["data"]["products"] == [
        {"id": "1", "warehouse": None},
        {"id": "2", "warehouse": None},
    ]
    (error,) = answer["errors"]
    assert error["path"] == ["products"]
    assert error["extensions"]["http"] == {"status": 503}
    assert "503 Service Unavailable" in error["message"]


async def test_an_error_about_an_entity_is_told_at_every_place_it_stands() -> None:
    author = {"author": {"__typename": "User", "id": "u"}}
    subgraphs = CannedSubgraphs(
        {
            "catalog": TWO_PRODUCTS,
            "reviews": entities({"1": {"reviews": [author]}, "2": {"reviews": [author, author]}}),
            "accounts": {
                "data": {"_entities": [{"email": None}]},
                "errors": [
                    {
                        "message": "It is private.",
                        "path": ["_entities", 0, "email"],
                        "extensions": {"code": "FORBIDDEN"},
                    }
                ],
            },
        }
    )
    answer = await execute("{ products { reviews { author { email } } } }", subgraphs)
    assert [error["path"] for error in answer["errors"]] == [
        ["products", 0, "reviews", 0, "author", "email"],
        ["products", 1, "reviews", 0, "author", "email"],
        ["products", 1, "reviews", 1, "author", "email"],
    ]
    assert answer["errors"][0]["extensions"] == {"code": "FORBIDDEN", "service": "accounts"}
    assert answer["errors"][0]["message"] == "It is private."


async def test_a_null_where_none_may_be_takes_its_object_along_and_is_explained() -> None:
    subgraphs = CannedSubgraphs(
        {"catalog": TWO_PRODUCTS, "inventory": entities({"1": {"inStock": True}})}
    )
    answer = await execute("{ products { id inStock } }", subgraphs)
    assert answer["data"] == {"products": [{"id": "1", "inStock": True}, None]}
    (error,) = answer["errors"]
    assert error["path"] == ["products", 1, "inStock"]
    assert error["message"] == "Cannot return null for non-nullable field Product.inStock."


async def test_a_null_that_another_error_explains_is_not_told_twice() -> None:
    subgraphs = CannedSubgraphs({"catalog": TWO_PRODUCTS, "inventory": failed("closed", "Gone.")})
    answer = await execute("{ products { id inStock } }", subgraphs)
    assert answer["data"] == {"products": [None, None]}
    assert [error["message"] for error in answer["errors"]] == ["Gone."]


async def test_a_null_that_no_one_may_catch_leaves_no_data() -> None:
    subgraphs = CannedSubgraphs({"accounts": {"data": {"me": {"name": None}}}})
    answer = await execute("{ me { name } }", subgraphs)
    assert answer["data"] == {"me": None}
    assert answer["errors"][0]["path"] == ["me", "name"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<html>", "it is not JSON"),
        (b"", "it is empty"),
        (b"[1]", "it is not a JSON object"),
        ({"data": [1]}, '"data" is not an object'),
        ({"data": {}, "errors": "no"}, '"errors" is not a list'),
        ({"answer": 42}, 'it has neither "data" nor "errors"'),
        ({"data": None}, '"data" is null without any error'),
        (b'{"data":' + b"[" * 5000 + b"]" * 5000 + b"}", "it is not JSON"),
    ],
)
async def test_an_answer_that_is_no_graphql_response_is_an_error(content: Any, reason: str) -> None:
    answer = await execute("{ me { id } }", CannedSubgraphs({"accounts": ok(content)}))
    (error,) = answer["errors"]
    assert error["extensions"] == {
        "code": "SUBREQUEST_MALFORMED_RESPONSE",
        "service": "accounts",
    }
    assert reason in error["message"]
    assert answer["data"] == {"me": None}


@pytest.mark.parametrize("found", [[], [None, None, None], None, "x", [1, 2]])
async def test_entities_that_do_not_match_what_was_asked_are_an_error(found: Any) -> None:
    subgraphs = CannedSubgraphs(
        {"catalog": TWO_PRODUCTS, "reviews": {"data": {"_entities": found}}}
    )
    answer = await execute("{ products { id reviews { stars } } }", subgraphs)
    assert [item["reviews"] for item in answer["data"]["products"]] == [None, None]
    assert answer["errors"][0]["extensions"]["code"] == "SUBREQUEST_MALFORMED_RESPONSE"
    assert answer["errors"][0]["path"][0] == "products"


async def test_errors_with_a_failing_status_are_taken_as_the_subgraph_says() -> None:
    content = {"errors": [{"message": "No token."}], "data": None}
    answer = await execute("{ me { id } }", CannedSubgraphs({"accounts": ok(content, 401)}))
    assert [error["message"] for error in answer["errors"]] == ["No token."]


async def test_an_error_that_is_badly_formed_is_still_told() -> None:
    content = {"errors": [{"path": [True]}, "x", {"message": 3}], "data": {"me": None}}
    answer = await execute("{ me { id } }", CannedSubgraphs({"accounts": content}))
    assert [error["message"] for error in answer["errors"]] == [
        'Subgraph "accounts" gave no message.',
        'Subgraph "accounts" sent an error that is not an object.',
        'Subgraph "accounts" gave no message.',
    ]


async def test_a_fault_of_the_router_itself_answers_the_client() -> None:
    class Broken:
        def send(self, *_: object) -> Any:
            raise ZeroDivisionError

    answer = await execute("{ me { id } }", Broken())  # type: ignore[arg-type]
    assert answer["data"] is None
    assert answer["errors"][0]["extensions"] == {"code": "INTERNAL_SERVER_ERROR"}


async def test_a_mutation_beside_one_that_failed_keeps_its_answer() -> None:
    text = 'mutation { rename(name: "A") { reviewCount } greet(name: "B") }'
    done = {"data": {"rename": {"__typename": "User", "id": "u"}, "greet": "Hello B"}}
    subgraphs = CannedSubgraphs({"accounts": done, "reviews": SubgraphAnswer(500, b"")})
    answer = await execute(text, subgraphs)
    assert [question.subgraph for question in subgraphs.asked] == ["accounts", "reviews"]
    assert answer["data"] == {"rename": {"reviewCount": None}, "greet": "Hello B"}
    assert [error["path"] for error in answer["errors"]] == [["rename"]]
