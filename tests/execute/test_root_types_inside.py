"""A root type may be the type of a field: what is below it belongs there, not at the root."""

import asyncio
from functools import cache
from typing import Any

import orjson

from router.compose import Source, compose
from router.execute.engine import ExecutionRequest, Response
from router.execute.interpreter import Interpreter
from router.execute.prepared import parsed, prepare
from router.execute.served_schema import ServedSchema, served_schema
from tests.execute.canned_subgraphs import CannedSubgraphs

CART = """
type Query { cart: Cart }
type Mutation { buy(id: ID!): Bought }
type Cart { size: Int }
type Bought { ok: Boolean query: Query }
"""
STOCK = "type Query { stock: Int }"


@cache
def schema() -> ServedSchema:
    sdls = {"cart": CART, "stock": STOCK}
    link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9")\n'
    composition = compose([Source(name, "http://x", link + sdl) for name, sdl in sdls.items()])
    assert composition.supergraph_sdl is not None, composition.errors
    return served_schema(composition.supergraph_sdl)


async def answer(text: str, subgraphs: CannedSubgraphs) -> dict[str, Any]:
    operation = prepare(schema(), parsed(text))
    future: asyncio.Future[Response] = asyncio.get_running_loop().create_future()
    Interpreter().start(operation, ExecutionRequest(), subgraphs, future.set_result)
    found: dict[str, Any] = orjson.loads((await asyncio.wait_for(future, 5)).body)
    return found


async def test_other_subgraphs_answer_below_the_field_after_the_mutation() -> None:
    subgraphs = CannedSubgraphs(
        {
            "cart": {"data": {"buy": {"ok": True, "query": {"cart": {"size": 1}}}}},
            "stock": {"data": {"stock": 4}},
        }
    )
    found = await answer(
        'mutation { buy(id: "1") { ok query { cart { size } stock } } }', subgraphs
    )
    assert found == {
        "data": {"buy": {"ok": True, "query": {"cart": {"size": 1}, "stock": 4}}},
    }
    assert [question.query for question in subgraphs.asked] == [
        'mutation{buy(id:"1"){ok query{cart{size}}}}',
        "{stock}",
    ]


async def test_nothing_is_asked_for_a_root_type_that_is_not_there() -> None:
    subgraphs = CannedSubgraphs({"cart": {"data": {"buy": {"query": None}}}})
    found = await answer('mutation { buy(id: "1") { query { stock } } }', subgraphs)
    assert found == {"data": {"buy": {"query": None}}}
    assert len(subgraphs.asked) == 1


async def test_an_error_below_the_field_has_the_path_of_the_field() -> None:
    subgraphs = CannedSubgraphs(
        {
            "cart": {"data": {"buy": {"query": {"__typename": "Query"}}}},
            "stock": {"data": {"stock": None}, "errors": [{"message": "no", "path": ["stock"]}]},
        }
    )
    found = await answer('mutation { buy(id: "1") { query { stock } } }', subgraphs)
    assert found["data"] == {"buy": {"query": {"stock": None}}}
    assert found["errors"][0]["path"] == ["buy", "query", "stock"]
