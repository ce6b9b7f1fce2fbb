"""A small shop in four subgraphs, and how the tests execute operations on it."""

from __future__ import annotations

import asyncio
from functools import cache
from typing import Any

import orjson

from router.compose import Source, compose
from router.execute.engine import ExecutionRequest, Response
from router.execute.interpreter import Interpreter
from router.execute.prepared import PreparedOperation, parsed, prepare
from router.execute.served_schema import ServedSchema, served_schema
from router.execute.variables import checked_variables
from tests.execute.canned_subgraphs import CannedSubgraphs

LINK = """
extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.9"
  import: ["@key", "@external", "@requires", "@shareable", "@inaccessible"]
)
"""
CATALOG = """
type Query {
  products(first: Int = 2): [Product]
  product(id: ID!): Product
  items: [Item]
  things: [Thing]
}
type Product implements Thing @key(fields: "id") {
  id: ID!
  name: String!
  weight: Int
  price: Float
  kind: Kind
  labels: [String!]
  details: JSON
}
type Category implements Thing { id: ID! title: String! }
type Hidden implements Thing @inaccessible { id: ID! }
interface Thing { id: ID! }
union Item = Product | Category
enum Kind { BOOK TOY SECRET @inaccessible }
scalar JSON
"""
INVENTORY = """
type Product @key(fields: "id") {
  id: ID!
  weight: Int @external
  inStock: Boolean!
  shipping: Float @requires(fields: "weight")
  warehouse: Warehouse
}
type Warehouse { city: String! }
"""
REVIEWS = """
type Product @key(fields: "id") { id: ID! reviews: [Review!] }
type Review { stars: Int! author: User }
type User @key(fields: "id") { id: ID! reviewCount: Int }
"""
ACCOUNTS = """
type Query { me: User }
type Mutation { rename(name: String!): User  greet(name: String = "you"): String }
type User @key(fields: "id") { id: ID! name: String! email: String }
"""
SDL_BY_NAME = {
    "catalog": CATALOG,
    "inventory": INVENTORY,
    "reviews": REVIEWS,
    "accounts": ACCOUNTS,
}


@cache
def shop_sdl() -> str:
    sources = [
        Source(name, f"http://{name}.test/graphql", LINK + sdl) for name, sdl in SDL_BY_NAME.items()
    ]
    composition = compose(sources)
    assert composition.supergraph_sdl is not None, composition.errors
    return composition.supergraph_sdl


@cache
def shop() -> ServedSchema:
    return served_schema(shop_sdl())


def prepared(text: str, operation_name: str | None = None) -> PreparedOperation:
    return prepare(shop(), parsed(text), operation_name)


async def respond(
    text: str,
    subgraphs: CannedSubgraphs,
    variables: dict[str, Any] | None = None,
    request: ExecutionRequest | None = None,
) -> Response:
    operation = prepared(text)
    values = checked_variables(operation, variables or {})
    future: asyncio.Future[Response] = asyncio.get_running_loop().create_future()
    Interpreter().start(
        operation, request or ExecutionRequest(values), subgraphs, future.set_result
    )
    return await asyncio.wait_for(future, 5)


async def execute(
    text: str, subgraphs: CannedSubgraphs, variables: dict[str, Any] | None = None
) -> dict[str, Any]:
    response = await respond(text, subgraphs, variables)
    answer: dict[str, Any] = orjson.loads(response.body)
    return answer
