"""The outbox: events written in the business transaction, so a fact and its news are one.

PostgreSQL is the log and Redis Streams the transport (the relay carries rows there). A service
has one outbox:

    async with database.transaction() as connection:
        await store.insert(connection, order)
        await outbox.append(connection, Event("order.created", order.id, payload))

Envelope: event_id, type, schema_version, aggregate_id, aggregate_seq (gapless per aggregate),
occurred_at, traceparent, actor, payload (JSON).
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlmodel.ext.asyncio.session import AsyncSession

from subgraphs.chassis.database import Connection, Database
from subgraphs.chassis.ids import new_id
from subgraphs.chassis.tracing import current_traceparent

# The counter row is locked until commit: events of one aggregate are committed in their order,
# and a rolled back transaction leaves no gap.
_APPEND = """
with next as (
  insert into outbox_sequences as s (aggregate_id, last) values ($2, 1)
  on conflict (aggregate_id) do update set last = s.last + 1 returning last
)
insert into outbox (event_id, aggregate_id, aggregate_seq, type, schema_version,
                    traceparent, actor, payload)
select $1, $2, last, $3, $4, $5, $6, $7::text::jsonb from next
"""


@dataclass(frozen=True, slots=True)
class Event:
    """A fact others may hear. `payload` holds JSON values; `actor` is who caused it."""

    type: str
    aggregate_id: str
    payload: Mapping[str, Any]
    actor: str = "system"
    schema_version: int = 1


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event as a consumer receives it: the whole envelope."""

    event_id: str
    type: str
    schema_version: int
    aggregate_id: str
    aggregate_seq: int
    occurred_at: datetime
    traceparent: str
    actor: str
    payload: Mapping[str, Any]


class Outbox:
    """Appends events within a transaction and wakes the relay once it is committed."""

    def __init__(self, database: Database) -> None:
        self.written = asyncio.Event()
        self._open: set[int] = set()
        database.after_transaction.append(self._ended)

    async def append(self, connection: Connection, *events: Event) -> None:
        """Write events in an asyncpg transaction: nothing is sent unless it commits."""
        self._open.add(id(connection))
        if len(events) == 1:
            await connection.execute(_APPEND, *_row(events[0]))
        else:
            await connection.executemany(_APPEND, [_row(event) for event in events])

    async def append_in_session(self, session: AsyncSession, events: Sequence[Event]) -> None:
        """The same for a SQLModel session; its pending rows are written first."""
        self._open.add(id(session))
        await session.flush()
        connection = await session.connection()
        for event in events:
            await connection.exec_driver_sql(_APPEND, _row(event))

    def _ended(self, unit: object, committed: bool) -> None:  # noqa: FBT001 - listener's shape
        if id(unit) in self._open:
            self._open.discard(id(unit))
            if committed:
                self.written.set()


def _row(event: Event) -> tuple[Any, ...]:
    return (
        new_id("evt"),
        event.aggregate_id,
        event.type,
        event.schema_version,
        current_traceparent(),
        event.actor,
        orjson.dumps(event.payload).decode(),
    )
