"""The relay: carries outbox rows to the service's Redis stream, at least once and in order.

One relay at a time works on a database (an advisory lock), so events of an aggregate keep their
order however many copies of the service run. A crash between sending and marking sends again;
consumers drop what they have seen.
"""

from __future__ import annotations

import asyncio
import random
from typing import Any

import asyncpg
import structlog
from prometheus_client import Counter
from redis.asyncio import Redis

from subgraphs.chassis.database import Database, Row
from subgraphs.chassis.outbox import Outbox
from subgraphs.chassis.redis_streams import STREAM_LENGTH, RedisError, stream_of

BATCH = 200
POLL_SECONDS = 1.0
# Waiting this long after a commit carries a burst in one go instead of one by one.
GATHER_SECONDS = 0.02
KEEP_DAYS = 14
FORGET_BATCH = 5_000
_LOCK = 7_303_014

_CLAIM = """
select position, event_id, type, schema_version, aggregate_id, aggregate_seq, occurred_at,
  traceparent, actor, payload::text as payload
from outbox where sent_at is null and pg_try_advisory_xact_lock($1)
order by position limit $2 for update skip locked
"""
_MARK = "update outbox set sent_at = now() where position = any($1)"
_FORGET = """
delete from outbox where position in (
  select position from outbox where sent_at < now() - make_interval(days => $1) limit $2)
"""
_HISTORY = """
select position, event_id, type, schema_version, aggregate_id, aggregate_seq, occurred_at,
  traceparent, actor, payload::text as payload
from outbox where sent_at is not null and position > $1 order by position limit $2
"""

log = structlog.get_logger(__name__)
_sent = Counter("outbox_events_sent", "Events carried from the outbox to Redis", ["service"])


class Relay:
    """Runs until cancelled: `await relay.run()`; tests may call `await relay.carry()`."""

    def __init__(self, service: str, database: Database, redis: Redis, outbox: Outbox) -> None:
        self._stream = stream_of(service)
        self._database = database
        self._redis = redis
        self._outbox = outbox
        self._sent = _sent.labels(service)

    async def run(self) -> None:
        """Carry batches for ever; wait for a commit or a second; back off when a server is away."""
        failures = 0
        while True:
            try:
                carried = await self.carry()
                failures = 0
            except (RedisError, OSError, TimeoutError, asyncpg.PostgresError) as error:
                failures += 1
                log.warning("events wait in the outbox", reason=str(error) or repr(error))
                await asyncio.sleep(random.uniform(0.1, min(5.0, 0.2 * 2 ** min(failures, 8))))  # noqa: S311 - jitter
                continue
            if carried < BATCH:
                await self._pause()

    async def carry(self) -> int:
        """Send one batch; how many were sent. Raises what Redis or PostgreSQL raise."""
        async with self._database.transaction() as connection:
            rows = await connection.fetch(_CLAIM, _LOCK, BATCH)
            if rows:
                await self._send(rows)
                await connection.execute(_MARK, [row["position"] for row in rows])
        self._sent.inc(len(rows))
        return len(rows)

    async def replay(self) -> int:
        """Send the whole kept history again, oldest first: after Redis lost its data."""
        position, count = 0, 0
        while rows := await self._database.fetch(_HISTORY, position, BATCH):
            await self._send(rows)
            position = rows[-1]["position"]
            count += len(rows)
        return count

    async def forget(self) -> None:
        """Drop rows sent more than 14 days ago, a bounded number at a time."""
        await self._database.execute(_FORGET, KEEP_DAYS, FORGET_BATCH)

    async def _send(self, rows: list[Row]) -> None:
        pipeline = self._redis.pipeline(transaction=False)
        for row in rows:
            pipeline.xadd(self._stream, _fields(row), maxlen=STREAM_LENGTH, approximate=True)
        await pipeline.execute()

    async def _pause(self) -> None:
        try:
            async with asyncio.timeout(POLL_SECONDS):
                await self._outbox.written.wait()
            await asyncio.sleep(GATHER_SECONDS)
        except TimeoutError:
            return
        finally:
            self._outbox.written.clear()


def _fields(row: Row) -> dict[Any, Any]:
    fields: dict[Any, Any] = dict(row)
    del fields["position"]
    fields["occurred_at"] = row["occurred_at"].isoformat()
    return fields
