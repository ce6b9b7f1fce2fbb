"""How long a subgraph may take, on both event loops, and what becomes of what nobody wants."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from router.execute.subgraph_client.client import Reaching
from router.execute.subgraph_client.pool import Limits
from router.execute.transport import SubgraphAnswer
from tests.execute.scripted_server import (
    DATA,
    QUERY,
    Peer,
    Script,
    answer_of,
    ask,
    ok,
    scripted,
)

CHUNKED = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"


async def hangs(peer: Peer) -> None:
    await peer.request()
    await peer.left()


async def begins_and_hangs(peer: Peer) -> None:
    await peer.request()
    await peer.write(CHUNKED)
    await peer.left()


@pytest.mark.parametrize("script", [hangs, begins_and_hangs])
def test_a_deadline_ends_the_request_and_its_connection(
    run: Callable[[Any], Any], script: Script
) -> None:
    async def story() -> None:
        left = asyncio.Event()

        async def until_left(peer: Peer) -> None:
            await script(peer)
            left.set()

        async with scripted(until_left) as server:
            client = server.client()
            answer = await ask(client, seconds=0.5)
            assert answer.failure is not None
            assert answer.failure.kind == "timeout"
            await asyncio.wait_for(left.wait(), 5)
            client.close()

    run(story())


def test_an_answer_must_begin_in_time_and_may_then_take_longer(run: Callable[[Any], Any]) -> None:
    async def story() -> None:
        limits = Limits(first_byte=0.05)
        async with scripted(hangs) as server:
            client = server.client(Reaching(limits))
            answer = await ask(client, seconds=30)
            assert answer.failure is not None
            assert answer.failure.kind == "timeout"
            client.close()

        async def slow(peer: Peer) -> None:
            await peer.request()
            await peer.write(ok(DATA)[:20])
            await asyncio.sleep(0.2)
            await peer.write(ok(DATA)[20:])

        (answer,), _ = await answer_of(slow, limits=limits)
        assert answer.body == DATA

    run(story())


def test_one_who_gives_up_closes_the_subgraphs_connection(run: Callable[[Any], Any]) -> None:
    async def story() -> None:
        asked, left = asyncio.Event(), asyncio.Event()

        async def script(peer: Peer) -> None:
            await peer.request()
            asked.set()
            await peer.left()
            left.set()

        async with scripted(script) as server:
            client = server.client()
            loop = asyncio.get_running_loop()
            told: list[SubgraphAnswer] = []
            cancel = client.send("shop", QUERY, (), loop.time() + 30, told.append)
            await asked.wait()
            cancel()
            await asyncio.wait_for(left.wait(), 5)
            cancel()
            assert told == []
            client.close()

    run(story())
