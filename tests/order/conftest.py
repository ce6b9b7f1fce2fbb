"""The order service in this process over a fake shop, on real PostgreSQL and Redis."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from subgraphs.chassis.access_tokens import AccessTokens
from subgraphs.chassis.database import Database
from subgraphs.chassis.foundation import Foundation, open_foundation
from subgraphs.chassis.graphql_endpoint import GraphqlEndpoint
from subgraphs.chassis.pages import operations_pages
from subgraphs.order.__main__ import Settings
from subgraphs.order.graphql_api.operations import schema
from subgraphs.order.graphql_api.types import App
from subgraphs.order.handlers.resources import Resources
from subgraphs.order.handlers.running import Sagas
from tests.databases import empty
from tests.graphql_client import JSON, GraphqlClient
from tests.identity import AUDIENCE, ISSUER, Issuer
from tests.order.fakes import FakeShop, prd
from tests.settings import settings_of

NOBODY = "127.0.0.1:9"
CREATE = """
mutation CreateOrder($input: CreateOrderInput!) {
  createOrder(input: $input) {
    id status totalAmount items { productId quantity price } guestAccessToken number } }
"""
# Signed in: what CUSTOMER may do here.
SCOPES = "order:read_own"


@dataclass
class OrderShop:
    """Order and what is around it."""

    shop: FakeShop
    client: GraphqlClient
    database: Database
    resources: Resources
    sagas: Sagas
    issuer: Issuer

    async def create(self, *items: tuple[int, int], user: str | None = None, **more: Any) -> JSON:
        """The whole answer to createOrder of (product, quantity)s; a guest unless `user`."""
        given: JSON = {
            "items": [{"productId": prd(product), "quantity": n} for product, n in items],
            "paymentToken": "tok_ok",
            **({} if user else {"contactEmail": "guest@example.org"}),
            **more,
        }
        headers = self.issuer.headers(user, SCOPES) if user else None
        return await self.client.ask(CREATE, {"input": given}, headers)

    async def order(self, *items: tuple[int, int], **more: Any) -> JSON:
        """The created order."""
        answer = await self.create(*items, **more)
        assert "errors" not in answer, answer["errors"]
        order: JSON = answer["data"]["createOrder"]
        return order

    async def refusal(self, *items: tuple[int, int], **more: Any) -> JSON:
        """The one error of an order that was refused."""
        answer = await self.create(*items, **more)
        assert answer["data"] == {"createOrder": None}
        [error] = answer["errors"]
        return {"message": error["message"], **error["extensions"]}

    async def count(self, table: str) -> int:
        number: int = await self.database.fetchval(f"select count(*) from {table}")  # noqa: S608
        return number

    async def status(self) -> str:
        """Of the only order."""
        status: str = await self.database.fetchval("select status from orders")
        return status


@pytest.fixture(scope="session")
async def foundation(
    database_urls: dict[str, str], redis_url: str, issuer: Issuer
) -> AsyncIterator[Foundation]:
    peers = {f"{name}_grpc_url": NOBODY for name in ("account", "catalog", "inventory", "payment")}
    settings = settings_of(Settings, database_urls, redis_url, **peers)
    async with open_foundation(settings, fetch_keys=issuer.keys) as foundation:
        yield foundation


@pytest.fixture
async def order_shop(foundation: Foundation, issuer: Issuer) -> AsyncIterator[OrderShop]:
    await empty(foundation.database)
    shop = FakeShop()
    resources = Resources(foundation.database, foundation.outbox, shop.peers())
    sagas = Sagas(resources)
    tokens = AccessTokens(issuer.keys, issuer=ISSUER, audience=AUDIENCE)
    pages = operations_pages("order", foundation.checks)
    client = GraphqlClient(GraphqlEndpoint("order", schema, App(resources, sagas), tokens, pages))
    yield OrderShop(shop, client, foundation.database, resources, sagas, issuer)
    await sagas.drain(1.0)
    await client.close()
