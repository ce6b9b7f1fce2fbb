"""One service's PostgreSQL database: an asyncpg pool for hot paths, SQLModel sessions for the rest.

    async with database.transaction() as connection:     # asyncpg, plain SQL
        await connection.execute("update ...", 1)
    async with database.session() as session:            # SQLModel, one transaction
        session.add(row)
    rows = await database.fetch("select ... where id = any($1)", ids)

Both commit when the block ends and roll back when it raises.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import asyncpg
import structlog
from asyncpg.pool import PoolConnectionProxy
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool
from sqlmodel.ext.asyncio.session import AsyncSession

Connection: TypeAlias = "PoolConnectionProxy[asyncpg.Record]"
Row = asyncpg.Record
# Told after a transaction ended, with the connection or session and whether it was committed.
AfterTransaction = Callable[[object, bool], None]

CONNECT_SECONDS = 30.0
STATEMENT_SECONDS = 10.0
_RETRY_SECONDS = 0.2
# What a server says while it starts, recovers or has no slot left: asking again may help.
_PASSING = (
    OSError,
    TimeoutError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    asyncpg.ConnectionDoesNotExistError,
)

log = structlog.get_logger(__name__)


class UnreachableDatabaseError(Exception):
    """The database did not let us in before the deadline; the message says where and why."""


class Database:
    """The pool and the engine of one database; made by `open_database`."""

    def __init__(self, pool: asyncpg.Pool[asyncpg.Record], engine: AsyncEngine) -> None:
        self.pool = pool
        self.engine = engine
        self.after_transaction: list[AfterTransaction] = []

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """One transaction on one pooled connection (READ COMMITTED)."""
        async with self.pool.acquire(timeout=STATEMENT_SECONDS) as connection:
            committed = False
            try:
                async with connection.transaction():
                    yield connection
                committed = True
            finally:
                self._tell(connection, committed=committed)

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncSession]:
        """One transaction through SQLModel's session; loaded rows stay readable after it."""
        async with AsyncSession(self.engine, expire_on_commit=False) as session:
            committed = False
            try:
                async with session.begin():
                    yield session
                committed = True
            finally:
                self._tell(session, committed=committed)

    async def fetch(self, sql: str, *arguments: Any) -> list[Row]:
        """Rows of one statement outside any transaction."""
        return await self.pool.fetch(sql, *arguments)

    async def fetchrow(self, sql: str, *arguments: Any) -> Row | None:
        """The first row of one statement, or None."""
        return await self.pool.fetchrow(sql, *arguments)

    async def fetchval(self, sql: str, *arguments: Any) -> Any:
        """The first column of the first row, or None."""
        return await self.pool.fetchval(sql, *arguments)

    async def execute(self, sql: str, *arguments: Any) -> str:
        """Run one statement outside any transaction; its command tag, as in "UPDATE 3"."""
        return await self.pool.execute(sql, *arguments)

    async def ping(self) -> None:
        """Raises when the database does not answer within 2 s."""
        async with asyncio.timeout(2.0):
            await self.pool.fetchval("select 1")

    async def close(self) -> None:
        """Give all connections back; statements under way get a moment to end."""
        await self.engine.dispose()
        try:
            await asyncio.wait_for(self.pool.close(), timeout=5.0)
        except TimeoutError:
            self.pool.terminate()

    def _tell(self, unit: object, *, committed: bool) -> None:
        for listener in self.after_transaction:
            listener(unit, committed)


async def open_database(
    url: str, *, connections: int = 10, application: str = "service"
) -> Database:
    """Connect, trying again for up to 30 s while the server starts.

    Raises UnreachableDatabaseError.
    """
    pool = await _connect(url, connections, application)
    engine = create_async_engine(
        sqlalchemy_url(url),
        poolclass=AsyncAdaptedQueuePool,
        pool_size=max(2, connections // 2),
        max_overflow=0,
        pool_timeout=STATEMENT_SECONDS,
        connect_args={"timeout": 5.0, "server_settings": {"application_name": application}},
    )
    return Database(pool, engine)


def sqlalchemy_url(url: str) -> str:
    """The same address for SQLAlchemy's asyncpg dialect."""
    return "postgresql+asyncpg://" + url.split("://", 1)[1]


def place(url: str) -> str:
    """Where an address points to, without its password: "db on 127.0.0.1:5432"."""
    parts = urlsplit(url)
    return f"{parts.path.lstrip('/')} on {parts.hostname}:{parts.port or 5432}"


async def _connect(url: str, connections: int, application: str) -> asyncpg.Pool[asyncpg.Record]:
    deadline = time.monotonic() + CONNECT_SECONDS
    while True:
        try:
            return await asyncpg.create_pool(
                url,
                min_size=1,
                max_size=connections,
                timeout=5.0,
                command_timeout=STATEMENT_SECONDS,
                max_inactive_connection_lifetime=0,
                reset=_keep,
                server_settings={"application_name": application},
            )
        except _PASSING as error:
            if time.monotonic() + _RETRY_SECONDS > deadline:
                raise UnreachableDatabaseError(f"{place(url)}: {_reason(error)}") from error
            log.info("waiting for the database", place=place(url), reason=_reason(error))
            await asyncio.sleep(_RETRY_SECONDS)
        except asyncpg.PostgresError as error:
            raise UnreachableDatabaseError(f"{place(url)}: {_reason(error)}") from error


async def _keep(connection: asyncpg.Connection[asyncpg.Record]) -> None:
    """Skip the reset query: our code changes no session state, and a round trip costs 100 us."""
    del connection


def _reason(error: BaseException) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]
