"""What tests of several folders stand on: real PostgreSQL, real Redis, an issuer of tokens."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog
from redis.asyncio import Redis

from db.seed.__main__ import SEED
from db.seed.load import Size, load
from local import postgres, redis
from local.ports import free_port
from subgraphs.chassis.database import Database, open_database
from subgraphs.chassis.migrate import ROOT, migrate
from subgraphs.chassis.redis_streams import open_redis
from tests.databases import SCRATCH, SERVICES, empty
from tests.identity import Issuer
from tests.in_process import Platform, open_platform

PASSWORD = "only-for-tests"
SMALL_SHOP = Size(products=100, customers=5, orders=0)
# Unconfigured, structlog shows every variable of a trace: half a minute when one is a schema.
CONSOLE = structlog.dev.ConsoleRenderer(
    colors=False, exception_formatter=structlog.dev.plain_traceback
)
structlog.configure(processors=[structlog.processors.add_log_level, CONSOLE])


@pytest.fixture(scope="session")
def server_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("servers")


@pytest.fixture(scope="session")
def postgres_server(server_folder: Path) -> Iterator[postgres.RunningPostgres]:
    """A PostgreSQL server of this test session, without fsync."""
    server = postgres.start(
        server_folder / "postgres",
        free_port(),
        log=server_folder / "postgres.log",
        password=PASSWORD,
        durable=False,
    )
    yield server
    server.stop()


@pytest.fixture(scope="session")
def redis_server(server_folder: Path) -> Iterator[redis.RunningRedis]:
    """A Redis server of this test session, without a file."""
    server = redis.start(
        server_folder / "redis",
        free_port(),
        log=server_folder / "redis.log",
        password=PASSWORD,
        durable=False,
    )
    yield server
    server.stop()


@pytest.fixture(scope="session")
def redis_url(redis_server: redis.RunningRedis) -> str:
    return redis_server.url


@pytest.fixture
async def redis_client(redis_url: str) -> AsyncIterator[Redis]:
    """A client of the session's Redis, which this test finds empty."""
    client = open_redis(redis_url)
    await client.flushall()
    yield client
    await client.aclose()


@pytest.fixture(scope="session")
async def database_urls(postgres_server: postgres.RunningPostgres) -> dict[str, str]:
    """The URL of each service's database, migrated to head, and of an empty scratch database."""
    names = (*SERVICES, SCRATCH)
    passwords = dict.fromkeys(names, PASSWORD)
    urls = await postgres.create_databases(postgres_server.admin_url, passwords)
    for name in SERVICES:
        if (ROOT / "db" / name / "versions").is_dir():
            await migrate(name, urls[name])
    return urls


@pytest.fixture(scope="session")
async def scratch_database(database_urls: dict[str, str]) -> AsyncIterator[Database]:
    """A database that belongs to no service."""
    database = await open_database(database_urls[SCRATCH], connections=4)
    yield database
    await database.close()


@pytest.fixture(scope="session")
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture(scope="session")
async def platform(
    database_urls: dict[str, str],
    redis_url: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Platform]:
    """All five subgraphs and the router in this process, over whatever the databases hold."""
    async with open_platform(database_urls, redis_url, tmp_path_factory.mktemp("s")) as running:
        yield running


@pytest.fixture
async def supergraph(platform: Platform, database_urls: dict[str, str]) -> Platform:
    """The platform with the demo shop of 100 products, as new: every test may change it."""
    for foundation in platform.foundations.values():
        await empty(foundation.database, keep=("signing_keys",))
    await load(database_urls, SMALL_SHOP, SEED, lambda _what, _count: None)
    platform.transport.down.clear()
    platform.fetches()
    return platform
