"""Outbox, relay and inbox: a fact and its news are one, and news is applied once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from redis.asyncio import Redis
from sqlmodel import text

from subgraphs.chassis.database import Connection, Database
from subgraphs.chassis.inbox import TRIES, Inbox
from subgraphs.chassis.outbox import Delivery, Event, Outbox
from subgraphs.chassis.redis_streams import dead_letters_of, stream_of
from subgraphs.chassis.relay import Relay


class ChangeOfMindError(Exception):
    pass


async def write_note(database: Database, outbox: Outbox, note: str, *events: Event) -> None:
    async with database.transaction() as connection:
        await connection.execute("insert into notes values ($1, $1)", note)
        await outbox.append(connection, *events)


async def in_stream(redis_client: Redis, stream: str) -> list[dict[Any, Any]]:
    """The fields of every message of a stream."""
    messages: Any = await redis_client.xrange(stream)
    return [fields for _, fields in messages]


async def change_mind(database: Database, outbox: Outbox) -> None:
    async with database.transaction() as connection:
        await outbox.append(connection, written("a"))
        raise ChangeOfMindError


def written(note: str) -> Event:
    return Event("notes.note.written", note, {"text": note})


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = 5.0) -> None:
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110 - servers tell nobody
            await asyncio.sleep(0.01)


async def test_an_event_of_a_rolled_back_transaction_is_never_sent(
    database: Database, redis_client: Redis
) -> None:
    outbox = Outbox(database)
    with pytest.raises(ChangeOfMindError):
        await change_mind(database, outbox)
    assert await Relay("notes", database, redis_client, outbox).carry() == 0
    assert not outbox.written.is_set()


async def test_sequence_numbers_of_an_aggregate_have_no_gap(database: Database) -> None:
    outbox = Outbox(database)
    await write_note(database, outbox, "a", written("a"), written("a"))
    with pytest.raises(ChangeOfMindError):
        await change_mind(database, outbox)
    await asyncio.gather(
        *(write_note(database, outbox, f"a{n}", written("a")) for n in range(5)),
    )
    rows = await database.fetch("select aggregate_seq from outbox order by position")
    assert [row["aggregate_seq"] for row in rows] == [1, 2, 3, 4, 5, 6, 7]


async def test_a_session_writes_rows_and_events_in_one_transaction(database: Database) -> None:
    outbox = Outbox(database)
    async with database.session() as session:
        await session.exec(text("insert into notes values ('s', 's')"))  # type: ignore[call-overload]
        await outbox.append_in_session(session, [written("s")])
    assert await database.fetchval("select count(*) from outbox") == 1
    assert outbox.written.is_set()


async def test_the_relay_sends_every_event_in_order_and_marks_it(
    database: Database, redis_client: Redis
) -> None:
    outbox = Outbox(database)
    for note in ("a", "b", "c"):
        await write_note(database, outbox, note, written(note))
    relay = Relay("notes", database, redis_client, outbox)
    assert await relay.carry() == 3
    assert await relay.carry() == 0
    messages = await in_stream(redis_client, stream_of("notes"))
    assert [fields[b"aggregate_id"] for fields in messages] == [b"a", b"b", b"c"]


async def test_two_relays_send_an_event_once(database: Database, redis_client: Redis) -> None:
    outbox = Outbox(database)
    for n in range(30):
        await write_note(database, outbox, f"n{n}", written(f"n{n}"))
    relays = [Relay("notes", database, redis_client, outbox) for _ in range(2)]
    carried = await asyncio.gather(*(relay.carry() for relay in relays))
    assert sum(carried) == 30
    assert await redis_client.xlen(stream_of("notes")) == 30


async def test_a_commit_wakes_the_relay_at_once(database: Database, redis_client: Redis) -> None:
    outbox = Outbox(database)
    running = asyncio.create_task(Relay("notes", database, redis_client, outbox).run())
    await asyncio.sleep(0.05)
    await write_note(database, outbox, "a", written("a"))

    async def arrived() -> bool:
        return bool(await redis_client.xlen(stream_of("notes")) == 1)

    await until(arrived, seconds=0.8)
    running.cancel()


async def test_history_can_be_replayed_after_redis_lost_its_data(
    database: Database, redis_client: Redis
) -> None:
    outbox = Outbox(database)
    await write_note(database, outbox, "a", written("a"), written("a"))
    relay = Relay("notes", database, redis_client, outbox)
    await relay.carry()
    await redis_client.flushall()
    assert await relay.replay() == 2
    assert await redis_client.xlen(stream_of("notes")) == 2


class Listener:
    """Notes what it was told, and fails as often as it is asked to."""

    def __init__(self, failures: int = 0) -> None:
        self.heard: list[str] = []
        self.failures = failures
        self.tried = 0

    async def on_written(self, connection: Connection, event: Delivery) -> None:
        self.tried += 1
        await connection.execute(
            "insert into notes values ($1, 'heard')", f"{event.aggregate_id}/{event.aggregate_seq}"
        )
        if self.tried <= self.failures:
            raise ChangeOfMindError(event.event_id)
        self.heard.append(f"{event.aggregate_id}/{event.aggregate_seq}")


async def listen(
    database: Database, redis_client: Redis, listener: Listener, retry_seconds: float = 5.0
) -> asyncio.Task[None]:
    handlers = {"notes": {"notes.note.written": listener.on_written}}
    inbox = Inbox("reader", database, redis_client, handlers, retry_seconds=retry_seconds)
    return asyncio.create_task(inbox.run())


async def test_an_event_sent_twice_is_applied_once(database: Database, redis_client: Redis) -> None:
    outbox, listener = Outbox(database), Listener()
    await write_note(database, outbox, "a", written("a"))
    await write_note(database, outbox, "b", written("b"))
    relay = Relay("notes", database, redis_client, outbox)
    await relay.carry()
    await relay.replay()
    running = await listen(database, redis_client, listener)

    async def read() -> bool:
        pending = await redis_client.xinfo_groups(stream_of("notes"))
        return bool(pending and pending[0]["entries-read"] == 4 and pending[0]["pending"] == 0)

    await until(read)
    running.cancel()
    assert listener.heard == ["a/1", "b/1"]
    assert await database.fetchval("select count(*) from notes where text = 'heard'") == 2


async def test_a_failing_handler_leaves_nothing_behind_and_is_tried_again(
    database: Database, redis_client: Redis
) -> None:
    outbox, listener = Outbox(database), Listener(failures=2)
    await write_note(database, outbox, "a", written("a"))
    await Relay("notes", database, redis_client, outbox).carry()
    running = await listen(database, redis_client, listener, retry_seconds=0.02)

    async def heard() -> bool:
        return bool(listener.heard)

    await until(heard)
    running.cancel()
    assert listener.tried == 3
    assert await database.fetchval("select count(*) from notes where text = 'heard'") == 1


async def test_an_event_that_always_fails_becomes_a_dead_letter_with_its_reason(
    database: Database, redis_client: Redis
) -> None:
    outbox, listener = Outbox(database), Listener(failures=1_000)
    await write_note(database, outbox, "a", written("a"))
    await Relay("notes", database, redis_client, outbox).carry()
    running = await listen(database, redis_client, listener, retry_seconds=0.01)

    async def buried() -> bool:
        return bool(await redis_client.xlen(dead_letters_of("reader")))

    await until(buried)
    running.cancel()
    [letter] = await in_stream(redis_client, dead_letters_of("reader"))
    assert b"ChangeOfMindError" in letter[b"reason"]
    assert letter[b"aggregate_id"] == b"a"
    assert listener.tried == TRIES


async def test_an_event_ahead_of_its_turn_waits_for_the_one_before(
    database: Database, redis_client: Redis
) -> None:
    outbox, listener = Outbox(database), Listener()
    await write_note(database, outbox, "a", written("a"), written("a"), written("a"))
    await Relay("notes", database, redis_client, outbox).carry()
    first, second, third = await in_stream(redis_client, stream_of("notes"))
    await redis_client.delete(stream_of("notes"))
    for fields in (first, third, second):
        await redis_client.xadd(stream_of("notes"), fields)
    running = await listen(database, redis_client, listener, retry_seconds=0.05)

    async def heard() -> bool:
        return len(listener.heard) == 3

    await until(heard)
    running.cancel()
    assert listener.heard == ["a/1", "a/2", "a/3"]
