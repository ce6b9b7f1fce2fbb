"""Connections to subgraphs, on both event loops: kept, tried again, bounded, given up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from router.execute.subgraph_client.client import AddressError, HttpClient, Reaching
from router.execute.subgraph_client.dial import alternating
from router.execute.subgraph_client.pool import Limits
from tests.execute.scripted_server import (
    DATA,
    MUTATION,
    QUERY,
    Peer,
    always,
    answer_of,
    ask,
    ok,
    scripted,
)

CHUNKED = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"


def answers_once_then_dies(peer: Peer) -> Any:
    """The first connection ends when it is used again; later ones answer."""

    async def script() -> None:
        await peer.request()
        await peer.write(ok(DATA))
        await peer.request()
        if peer.number > 1:
            await peer.write(ok(DATA))

    return script()


def test_a_query_on_a_connection_that_died_idle_is_sent_again(run: Callable[[Any], Any]) -> None:
    answers, connections = run(answer_of(answers_once_then_dies, times=2))
    assert [answer.body for answer in answers] == [DATA, DATA]
    assert connections == 2


def test_a_mutation_whose_connection_ended_is_never_sent_twice(run: Callable[[Any], Any]) -> None:
    async def story() -> None:
        async with scripted(answers_once_then_dies) as server:
            client = server.client()
            await ask(client)
            answer = await ask(client, MUTATION)
            assert answer.failure is not None
            assert answer.failure.kind == "closed"
            assert [MUTATION in request for request in server.requests] == [False, True]
            client.close()

    run(story())


def test_a_mutation_does_not_take_a_connection_whose_end_has_come(
    run: Callable[[Any], Any],
) -> None:
    async def story() -> None:
        is_closed = asyncio.Event()

        async def script(peer: Peer) -> None:
            await peer.request()
            await peer.write(ok(DATA))
            if peer.number == 1:
                peer.writer.close()
                await peer.writer.wait_closed()
                is_closed.set()

        async with scripted(script) as server:
            client = server.client()
            await ask(client)
            await is_closed.wait()
            assert (await ask(client, MUTATION)).body == DATA
            assert server.connections == 2
            client.close()

    run(story())


def test_an_answer_that_began_is_never_asked_for_again(run: Callable[[Any], Any]) -> None:
    async def story() -> None:
        async def script(peer: Peer) -> None:
            await peer.request()
            await peer.write(ok(DATA))
            await peer.request()
            await peer.write(ok(DATA)[:20])

        async with scripted(script) as server:
            client = server.client()
            await ask(client)
            answer = await ask(client)
            assert answer.failure is not None
            assert answer.failure.kind == "closed"
            assert len(server.requests) == 2
            client.close()

    run(story())


def test_a_query_is_sent_again_once_and_not_on_another_idle_connection(
    run: Callable[[Any], Any],
) -> None:
    async def story() -> None:
        both = asyncio.Barrier(2)

        async def script(peer: Peer) -> None:
            await peer.request()
            if peer.number < 3:
                await both.wait()
                await peer.write(ok(DATA))
                await peer.request()

        async with scripted(script) as server:
            client = server.client()
            await asyncio.gather(ask(client), ask(client))  # two connections, idle from now on
            answer = await ask(client)
            assert answer.failure is not None
            assert answer.failure.kind == "closed"
            assert (len(server.requests), server.connections) == (4, 3)
            client.close()

    run(story())


async def hangs(peer: Peer) -> None:
    await peer.request()
    await peer.left()


def test_connections_and_the_queue_before_them_are_bounded(run: Callable[[Any], Any]) -> None:
    async def story() -> None:
        async def script(peer: Peer) -> None:
            while True:
                await peer.request()
                await asyncio.sleep(0.02)
                await peer.write(ok(DATA))

        async with scripted(script) as server:
            client = server.client(Reaching(Limits(connections=2, queue=3)))
            answers = await asyncio.gather(*[ask(client) for _ in range(6)])
            kinds = [answer.failure.kind if answer.failure else "" for answer in answers]
            # The first two requests wait as well, until their connections are there.
            assert kinds == ["", "", "", "overloaded", "overloaded", "overloaded"]
            refused = answers[-1].failure
            assert refused is not None
            assert "2 requests under way and 3 waiting" in refused.message
            assert server.connections == 2
            client.close()

    run(story())


def test_those_who_gave_up_waiting_take_no_place_in_the_queue(run: Callable[[Any], Any]) -> None:
    async def story() -> None:
        async with scripted(hangs) as server:
            client = server.client(Reaching(Limits(connections=1, queue=1)))
            loop = asyncio.get_running_loop()
            first = asyncio.ensure_future(ask(client, seconds=0.3))
            await asyncio.sleep(0.1)
            client.send("shop", QUERY, (), loop.time() + 9, lambda _: None)()
            answer = await ask(client, seconds=0.1)
            assert answer.failure is not None
            assert answer.failure.kind == "timeout"  # it waited, and was not refused
            await first
            client.close()

    run(story())


def test_when_nobody_listens_everyone_who_waits_is_told(run: Callable[[Any], Any]) -> None:
    async def story() -> None:
        async with scripted(hangs) as server:
            pass
        client = server.client(Reaching(Limits(connections=2)))
        answers = await asyncio.gather(*[ask(client) for _ in range(20)])
        for answer in answers:
            assert answer.failure is not None
            assert answer.failure.kind == "connect"
            assert "could not be connected to" in answer.failure.message
        client.close()

    run(story())


def test_a_connection_that_nobody_needs_is_closed(run: Callable[[Any], Any]) -> None:
    async def story() -> None:
        left = asyncio.Event()

        async def script(peer: Peer) -> None:
            await peer.request()
            await peer.write(ok(DATA))
            await peer.left()
            left.set()

        async with scripted(script) as server:
            client = server.client(Reaching(Limits(idle=0.1)))
            await ask(client)
            await asyncio.wait_for(left.wait(), 5)
            client.close()

    run(story())


async def test_a_host_with_several_addresses_is_reached_at_the_one_that_answers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def resolve(_host: str, port: int, **_: Any) -> list[Any]:
        return [(2, 1, 6, "", (address, port)) for address in ("127.0.0.2", "127.0.0.1")]

    async with scripted(always(ok(DATA))) as server:
        client = HttpClient({"shop": f"http://many.test:{server.port}/"})
        with monkeypatch.context() as patch:
            loop = asyncio.get_running_loop()
            patch.setattr(loop, "getaddrinfo", resolve)
            assert (await ask(client)).body == DATA
        client.close()


def test_addresses_are_tried_in_turns_by_family() -> None:
    found = [(10, "::1"), (10, "::2"), (10, "::1"), (2, "1.1.1.1")]
    assert alternating(found) == ["::1", "1.1.1.1", "::2"]


@pytest.mark.parametrize("address", ["", "ftp://x/", "localhost:4001", "http:///x", "http://x:y/"])
def test_an_address_that_is_no_url_is_refused_at_once(address: str) -> None:
    with pytest.raises(AddressError, match="http:// or https:// URL is needed"):
        HttpClient({"shop": address})


async def test_a_name_without_an_address_is_a_failure() -> None:
    answer = await ask(HttpClient({}))
    assert answer.failure is not None
    assert answer.failure.kind == "unknown_subgraph"
