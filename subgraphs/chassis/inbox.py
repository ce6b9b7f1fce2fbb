"""The inbox: applies each event of other services exactly once, in order per aggregate.

    async def on_authorised(connection: Connection, event: Delivery) -> None: ...

    Inbox("order", database, redis, {"payment": {"payment.authorised": on_authorised}})

The handler's writes and the note "seen" are one transaction. A failing event is tried again
after `retry_seconds`, by any copy of the service, and after 8 tries goes to `dlq:<service>`. An
event ahead of its aggregate's order waits the same way for the one before it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

import asyncpg
import orjson
import structlog
from prometheus_client import Counter
from redis.asyncio import Redis
from redis.exceptions import ResponseError

from subgraphs.chassis.database import Connection, Database
from subgraphs.chassis.outbox import Delivery
from subgraphs.chassis.redis_streams import BLOCK_MS, RedisError, dead_letters_of, stream_of
from subgraphs.chassis.tracing import enter_trace

Handler = Callable[[Connection, Delivery], Awaitable[None]]
Message = tuple[bytes, dict[bytes, bytes]]

BATCH = 64
TRIES = 8
DEAD_LETTERS_KEPT = 10_000

_SEEN = """
with fresh as (
  insert into inbox (consumer, event_id) values ($1, $2) on conflict do nothing returning 1
)
select exists (select from fresh) as fresh,
  (select last from inbox_sequences where consumer = $1 and aggregate_id = $3) as last
"""
_ADVANCE = """
insert into inbox_sequences as s (consumer, aggregate_id, last) values ($1, $2, $3)
on conflict (consumer, aggregate_id) do update set last = excluded.last where s.last < excluded.last
"""

log = structlog.get_logger(__name__)
_applied = Counter("inbox_events_applied", "Events applied once", ["service", "type"])
_dead = Counter("inbox_events_dead", "Events given up after 8 tries", ["service"])


class OutOfOrderError(Exception):
    """An event came before its predecessor; it is tried again later."""


class Inbox:
    """Runs until cancelled: `await inbox.run()`. `handlers` is producer → event type → handler."""

    def __init__(
        self,
        service: str,
        database: Database,
        redis: Redis,
        handlers: Mapping[str, Mapping[str, Handler]],
        *,
        retry_seconds: float = 5.0,
    ) -> None:
        self._service = service
        self._database = database
        self._redis = redis
        self._handlers = {stream_of(name): by_type for name, by_type in handlers.items()}
        self._retry_ms = int(retry_seconds * 1000)
        self._name = f"{service}-{uuid4().hex[:12]}"

    async def run(self) -> None:
        """Read and apply for ever; back off while Redis or PostgreSQL is away."""
        while True:
            try:
                await self._join()
                while True:
                    await self._retry_pending()
                    await self._read_new()
            except (RedisError, OSError, TimeoutError, asyncpg.PostgresError) as error:
                log.warning("events wait in their stream", reason=str(error) or repr(error))
                await asyncio.sleep(1.0)

    async def _join(self) -> None:
        for stream in self._handlers:
            try:
                await self._redis.xgroup_create(stream, self._service, id="0", mkstream=True)
            except ResponseError as error:
                if "BUSYGROUP" not in str(error):
                    raise

    async def _read_new(self) -> None:
        streams: dict[bytes | str | memoryview, int | bytes | str | memoryview] = dict.fromkeys(
            self._handlers, ">"
        )
        answer = await self._redis.xreadgroup(
            self._service, self._name, streams, count=BATCH, block=min(BLOCK_MS, self._retry_ms)
        )
        for stream, messages in _by_stream(answer):
            for message in messages:
                await self._take(stream, message, tries=1)

    async def _retry_pending(self) -> None:
        for stream in self._handlers:
            answer = await self._redis.xautoclaim(
                stream, self._service, self._name, self._retry_ms, count=BATCH
            )
            claimed: list[Message] = answer[1]
            if not claimed:
                continue
            pending = await self._redis.xpending_range(
                stream, self._service, claimed[0][0], claimed[-1][0], BATCH, self._name
            )
            tries = {item["message_id"]: int(item["times_delivered"]) for item in pending}
            for message in claimed:
                await self._take(stream, message, tries.get(message[0], 1))

    async def _take(self, stream: str, message: Message, tries: int) -> None:
        identity, fields = message
        try:
            await self._apply(stream, _delivery(fields))
        except (RedisError, OSError, TimeoutError):
            raise
        except Exception as error:  # noqa: BLE001 - whatever a handler raises must not stop the others
            if tries < TRIES:
                log.warning("event will be tried again", tries=tries, reason=repr(error))
                return
            await self._bury(stream, message, error)
        await self._redis.xack(stream, self._service, identity)

    async def _apply(self, stream: str, event: Delivery) -> None:
        enter_trace(event.traceparent)
        handler = self._handlers[stream].get(event.type)
        async with self._database.transaction() as connection:
            row = await connection.fetchrow(
                _SEEN, self._service, event.event_id, event.aggregate_id
            )
            last = row["last"] if row else None
            if row is None or not row["fresh"] or (last or 0) >= event.aggregate_seq:
                return
            if last is not None and event.aggregate_seq > last + 1:
                raise OutOfOrderError(f"{event.aggregate_id}: {event.aggregate_seq} after {last}")
            if handler is not None:
                await handler(connection, event)
            await connection.execute(
                _ADVANCE, self._service, event.aggregate_id, event.aggregate_seq
            )
        if handler is not None:
            _applied.labels(self._service, event.type).inc()

    async def _bury(self, stream: str, message: Message, error: Exception) -> None:
        identity, fields = message
        log.error("event given up", stream=stream, id=identity.decode(), reason=repr(error))
        _dead.labels(self._service).inc()
        letter: dict[Any, Any] = {**fields, "stream": stream, "reason": repr(error)[:2000]}
        await self._redis.xadd(dead_letters_of(self._service), letter, maxlen=DEAD_LETTERS_KEPT)


def _by_stream(answer: object) -> list[tuple[str, list[Message]]]:
    """The same pairs from either protocol: RESP2 gives a list, RESP3 a map of lists of batches."""
    if isinstance(answer, dict):
        return [
            (name.decode(), [message for batch in batches for message in batch])
            for name, batches in answer.items()
        ]
    if isinstance(answer, list):
        return [(name.decode(), messages) for name, messages in answer]
    return []


def _delivery(fields: Mapping[bytes, bytes]) -> Delivery:
    text = {name.decode(): value for name, value in fields.items()}
    return Delivery(
        event_id=text["event_id"].decode(),
        type=text["type"].decode(),
        schema_version=int(text["schema_version"]),
        aggregate_id=text["aggregate_id"].decode(),
        aggregate_seq=int(text["aggregate_seq"]),
        occurred_at=datetime.fromisoformat(text["occurred_at"].decode()),
        traceparent=text["traceparent"].decode(),
        actor=text["actor"].decode(),
        payload=orjson.loads(text["payload"]),
    )
