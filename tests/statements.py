"""Counting SQL statements: what a request really sent to the database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from subgraphs.chassis.database import Database


@asynccontextmanager
async def statements(database: Database) -> AsyncIterator[list[str]]:
    """The statements of every pooled connection while the block runs, in order."""
    sent: list[str] = []

    def note(record: asyncpg.connection.LoggedQuery) -> None:
        sent.append(record.query)

    pool = database.pool
    # All of them at once, so that each is watched; then they go back to the pool.
    taken = [await pool.acquire() for _ in range(pool.get_max_size())]
    watched = [behind(connection) for connection in taken]
    for connection in watched:
        connection.add_query_logger(note)
    for proxy in taken:
        await pool.release(proxy)
    try:
        yield sent
    finally:
        for connection in watched:
            connection.remove_query_logger(note)


def behind(proxy: object) -> asyncpg.Connection[asyncpg.Record]:
    """The connection behind the pool's proxy, which outlives its release."""
    connection: asyncpg.Connection[asyncpg.Record] = proxy._con  # type: ignore[attr-defined]
    return connection
