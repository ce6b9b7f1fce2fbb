"""COPY into a service's database: one connection each, one transaction for everything."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TypeAlias

import asyncpg

DEADLINE = 120.0
Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


async def copy(
    connection: Connection, table: str, columns: str, rows: Iterable[Sequence[object]]
) -> None:
    """Write rows; `columns` are names between blanks."""
    await connection.copy_records_to_table(
        table, records=list(rows), columns=columns.split(), timeout=DEADLINE
    )


@asynccontextmanager
async def transactions(urls: Mapping[str, str]) -> AsyncIterator[dict[str, Connection]]:
    """A connection to each database in a transaction: all commit at the end, or none."""
    async with AsyncExitStack() as stack:
        connections = {}
        for name, url in urls.items():
            connection = await asyncpg.connect(url, timeout=DEADLINE, command_timeout=DEADLINE)
            stack.push_async_callback(connection.close)
            connections[name] = connection
        for connection in connections.values():
            await stack.enter_async_context(connection.transaction())
        yield connections
