"""The order service: settings → peers → sagas → GraphQL, gRPC and the recovery worker."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import ClassVar

from pydantic import Field

from subgraphs.chassis.foundation import Foundation
from subgraphs.chassis.graphql_endpoint import GraphqlEndpoint
from subgraphs.chassis.grpc_peer import Peer
from subgraphs.chassis.pages import operations_pages
from subgraphs.chassis.process import Service, run
from subgraphs.chassis.settings import Address, PostgresUrl, ServiceSettings
from subgraphs.order.clients import Accounts, Catalog, Inventory, Payments
from subgraphs.order.graphql_api.operations import schema
from subgraphs.order.graphql_api.types import App
from subgraphs.order.grpc_api import services
from subgraphs.order.handlers.resources import Peers, Resources
from subgraphs.order.handlers.running import Sagas

SAGA_DRAIN_SECONDS = 5.0


class Settings(ServiceSettings):
    """The environment of the order service."""

    service: ClassVar[str] = "order"
    database_url: PostgresUrl = Field(validation_alias="DATABASE_URL_ORDER")
    account_grpc_url: Address
    catalog_grpc_url: Address
    inventory_grpc_url: Address
    payment_grpc_url: Address
    # Pays for orders that name no payment; a production setting leaves it out.
    sandbox_payment_token: str | None = None


@asynccontextmanager
async def build(settings: Settings, foundation: Foundation) -> AsyncIterator[Service]:
    """The service without its ports."""
    tokens = foundation.service_tokens
    account = Peer("account", settings.account_grpc_url, tokens)
    catalog = Peer("catalog", settings.catalog_grpc_url, tokens)
    inventory = Peer("inventory", settings.inventory_grpc_url, tokens)
    payment = Peer("payment", settings.payment_grpc_url, tokens)
    peers = Peers(Accounts(account), Catalog(catalog), Inventory(inventory), Payments(payment))
    async with serve(settings, foundation, peers) as service:
        yield service
    for peer in (account, catalog, inventory, payment):
        await peer.close()


@asynccontextmanager
async def serve(settings: Settings, foundation: Foundation, peers: Peers) -> AsyncIterator[Service]:
    """The service over any peers."""
    resources = Resources(
        foundation.database, foundation.outbox, peers, settings.sandbox_payment_token
    )
    sagas = Sagas(resources)
    pages = operations_pages(settings.service, foundation.checks)
    endpoint = GraphqlEndpoint(
        settings.service, schema, App(resources, sagas), foundation.access_tokens, pages
    )
    try:
        yield Service(
            endpoint=endpoint,
            grpc=services(resources, sagas),
            workers=(sagas.work,),
            checks=foundation.checks,
        )
    finally:
        await sagas.drain(SAGA_DRAIN_SECONDS)


if __name__ == "__main__":
    run(Settings, build)
