"""The account service in this process, on real PostgreSQL and Redis, empty for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from subgraphs.account.__main__ import Settings, build
from subgraphs.chassis.foundation import Foundation, open_foundation
from subgraphs.chassis.process import Service
from tests.databases import empty
from tests.graphql_client import GraphqlClient
from tests.settings import settings_of


@dataclass(frozen=True, slots=True)
class Running:
    settings: Settings
    foundation: Foundation
    service: Service


@pytest.fixture(scope="session")
async def running(database_urls: dict[str, str], redis_url: str) -> AsyncIterator[Running]:
    settings = settings_of(Settings, database_urls, redis_url)
    async with (
        open_foundation(settings) as foundation,
        build(settings, foundation) as service,
    ):
        yield Running(settings, foundation, service)


@pytest.fixture
async def foundation(running: Running) -> Foundation:
    await empty(running.foundation.database, keep=("signing_keys",))
    return running.foundation


@pytest.fixture
async def client(running: Running, foundation: Foundation) -> AsyncIterator[GraphqlClient]:
    client = GraphqlClient(running.service.endpoint)
    yield client
    await client.close()
