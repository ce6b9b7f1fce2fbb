"""A scratch database with the event tables, emptied for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from subgraphs.chassis import event_tables
from subgraphs.chassis.database import Database
from tests.databases import empty


@pytest.fixture(scope="session")
async def event_database(scratch_database: Database) -> Database:
    for statement in event_tables.VERSION_1:
        await scratch_database.execute(statement)
    await scratch_database.execute("create table notes (id text primary key, text text not null)")
    return scratch_database


@pytest.fixture
async def database(event_database: Database) -> AsyncIterator[Database]:
    await empty(event_database)
    yield event_database
    event_database.after_transaction.clear()
