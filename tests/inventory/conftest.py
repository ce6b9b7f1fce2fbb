"""The inventory service in this process, on real PostgreSQL and Redis, empty for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from subgraphs.chassis.database import Database
from subgraphs.chassis.foundation import Foundation, open_foundation
from subgraphs.chassis.grpc_peer import Peer
from subgraphs.chassis.grpc_server import GrpcServer
from subgraphs.chassis.process import Service
from subgraphs.chassis.service_tokens import ServiceTokens
from subgraphs.inventory.__main__ import Settings, build
from subgraphs.inventory.handlers.resources import Resources
from tests.databases import empty
from tests.graphql_client import GraphqlClient
from tests.identity import Issuer
from tests.inventory.warehouse import Warehouse
from tests.settings import SECRET, settings_of


@dataclass(frozen=True, slots=True)
class Running:
    settings: Settings
    foundation: Foundation
    service: Service


@pytest.fixture(scope="session")
async def running(
    database_urls: dict[str, str], redis_url: str, issuer: Issuer
) -> AsyncIterator[Running]:
    settings = settings_of(Settings, database_urls, redis_url, database_connections=12)
    async with (
        open_foundation(settings, fetch_keys=issuer.keys) as foundation,
        build(settings, foundation) as service,
    ):
        yield Running(settings, foundation, service)


@pytest.fixture
async def database(running: Running) -> Database:
    await empty(running.foundation.database)
    return running.foundation.database


@pytest.fixture
def resources(running: Running, database: Database) -> Resources:
    return Resources(database, running.foundation.outbox)


@pytest.fixture
async def warehouse(database: Database) -> AsyncIterator[Warehouse]:
    """Receives stock, and after the test finds every figure in agreement with the ledger."""
    warehouse = Warehouse(database)
    yield warehouse
    await warehouse.check()


@pytest.fixture
async def client(running: Running, database: Database) -> AsyncIterator[GraphqlClient]:
    client = GraphqlClient(running.service.endpoint)
    yield client
    await client.close()


@pytest.fixture
async def server(running: Running, database: Database) -> AsyncIterator[GrpcServer]:
    server = GrpcServer("inventory", running.service.grpc, running.foundation.service_tokens)
    await server.start("127.0.0.1:0")
    yield server
    await server.stop(0.1)


@pytest.fixture
async def peer(server: GrpcServer) -> AsyncIterator[Peer]:
    """The order service, calling over a real gRPC connection."""
    peer = Peer("inventory", f"127.0.0.1:{server.port}", ServiceTokens("order", SECRET))
    yield peer
    await peer.close()
