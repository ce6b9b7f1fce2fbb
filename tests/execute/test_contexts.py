"""Arguments that take their value from an object above (@fromContext)."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson

from router.compose import Source, compose
from router.execute.engine import ExecutionRequest, Response
from router.execute.interpreter import Interpreter
from router.execute.prepared import parsed, prepare
from router.execute.served_schema import served_schema
from tests.execute.canned_subgraphs import CannedSubgraphs

LINK = """
extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.9"
  import: ["@key", "@context", "@fromContext", "@shareable"]
)
"""
SHOPS = """
type Query { shops: [Shop!]! }
type Shop @key(fields: "id") { id: ID! currency: String @shareable products: [Product!]! }
type Product @key(fields: "id") { id: ID! }
"""
PRICES = """
type Shop @key(fields: "id") @context(name: "shop") { id: ID! currency: String @shareable }
type Product @key(fields: "id") {
  id: ID!
  price(currency: String @fromContext(field: "$shop { currency }")): String
}
"""


def sdl() -> str:
    composition = compose(
        [
            Source("shops", "http://shops.test", LINK + SHOPS),
            Source("prices", "http://prices.test", LINK + PRICES),
        ]
    )
    assert composition.supergraph_sdl is not None, composition.errors
    return composition.supergraph_sdl


def prices(question: Any) -> Any:
    currency = next(v for k, v in question.variables.items() if k.startswith("contextual"))
    texts = [f"{item['id']} in {currency}" for item in question.representations]
    return {"data": {"_entities": [{"price": text} for text in texts]}}


def shop(currency: str | None, *products: str) -> dict[str, Any]:
    items = [{"__typename": "Product", "id": item} for item in products]
    return {"__typename": "Shop", "id": "s", "currency": currency, "products": items}


async def answered(subgraphs: CannedSubgraphs) -> Any:
    operation = prepare(served_schema(sdl()), parsed("{ shops { products { price } } }"))
    future: asyncio.Future[Response] = asyncio.get_running_loop().create_future()
    Interpreter().start(operation, ExecutionRequest(), subgraphs, future.set_result)
    return orjson.loads((await future).body)


def shown(answer: Any) -> Any:
    return [[item["price"] for item in shop["products"]] for shop in answer["data"]["shops"]]


async def test_objects_with_different_contexts_are_asked_for_apart_and_equal_ones_together() -> (
    None
):
    shops = [shop("EUR", "1", "2"), shop("CHF", "1"), shop("EUR", "2", "3"), shop(None, "1")]
    subgraphs = CannedSubgraphs({"shops": {"data": {"shops": shops}}, "prices": prices})
    assert shown(await answered(subgraphs)) == [
        ["1 in EUR", "2 in EUR"],
        ["1 in CHF"],
        ["2 in EUR", "3 in EUR"],
        ["1 in None"],
    ]
    sent = [[item["id"] for item in q.representations] for q in subgraphs.of("prices")]
    assert sent == [["1", "2", "3"], ["1"], ["1"]]


async def test_an_argument_whose_value_was_left_out_is_not_taken_for_null() -> None:
    bare = shop(None, "2")
    del bare["currency"]
    shops = [shop("EUR", "1"), bare]
    subgraphs = CannedSubgraphs({"shops": {"data": {"shops": shops}}, "prices": prices})
    answer = await answered(subgraphs)
    assert shown(answer) == [["1 in EUR"], [None]]
    assert [(error["message"], error["path"]) for error in answer["errors"]] == [
        (
            'Subgraph "shops" was asked for Shop.currency and left it out.',
            ["shops", 1, "currency"],
        )
    ]
