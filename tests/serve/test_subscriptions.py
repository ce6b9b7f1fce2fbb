"""A client subscribes at the router, which subscribes at a subgraph: real bytes on both sides."""

from __future__ import annotations

import asyncio

import orjson
import pytest

from tests.serve.servers import Lane, connected, soon
from tests.serve.subscribing import (
    EVENTS,
    PART,
    SSE,
    SUBSCRIPTION,
    answered,
    changed,
    opened,
    subscribe,
)


@pytest.mark.parametrize("lane", ["fast", "asgi"])
async def test_a_client_gets_parts(lane: Lane) -> None:
    async with opened(lane) as setting, connected(setting.router.port) as client:
        head = await subscribe(client)
        assert head.startswith(b"HTTP/1.1 200 OK\r\n")
        assert (
            b'\r\ncontent-type: multipart/mixed;boundary="graphql";subscriptionSpec=1.0\r' in head
        )
        assert await client.chunk() == b"\r\n--graphql" + PART + b"{}\r\n--graphql"
        for id_, name in ((b"a", b"Ant"), (b"b", b"Bee")):
            setting.news.tell(changed(id_.decode()))
            body = b'{"payload":{"data":{"changed":{"id":"%b","name":"%b"}}}}' % (id_, name)
            assert await client.chunk() == PART + body + b"\r\n--graphql"
        setting.news.tell(None)
        assert await client.chunk() == b"--\r\n"
        assert await client.chunk() == b""


async def test_a_client_gets_server_sent_events() -> None:
    async with opened() as setting, connected(setting.router.port) as client:
        head = await subscribe(client, SSE)
        assert b"\r\ncontent-type: text/event-stream\r\n" in head
        assert b"\r\ncache-control: no-store\r\n" in head
        assert await client.chunk() == b":\n\n"
        setting.news.tell(changed("a"), None)
        body = b'{"data":{"changed":{"id":"a","name":"Ant"}}}'
        assert await client.chunk() == b"event: next\ndata: %b\n\n" % body
        assert await client.chunk() == b"event: complete\ndata: \n\n"
        assert await client.chunk() == b""


async def test_a_browsers_event_source_subscribes_by_get() -> None:
    async with opened() as setting, connected(setting.router.port) as client:
        query = b"query=subscription%7Bchanged%7Bid%7D%7D"
        client.writer.write(
            b"GET /graphql?%b HTTP/1.1\r\nhost: r\r\naccept: text/event-stream\r\n\r\n" % query
        )
        assert (await client.head()).startswith(b"HTTP/1.1 200 OK\r\n")
        assert await client.chunk() == b":\n\n"
        setting.news.tell(changed("a"))
        assert await client.chunk() == b'event: next\ndata: {"data":{"changed":{"id":"a"}}}\n\n'


async def test_what_would_be_deferred_is_part_of_the_event() -> None:
    """A client that takes both kinds of parts still gets one response for each event."""
    text = {
        "query": "subscription ($d: Boolean!) { changed { id ... @defer(if: $d) { name } } }",
        "variables": {"d": True},
    }
    async with opened() as setting, connected(setting.router.port) as client:
        await subscribe(client, f"multipart/mixed;deferSpec=20220824, {EVENTS}", text)
        setting.news.tell(changed("a"))
        await client.until(b'{"payload":{"data":{"changed":{"id":"a","name":"Ant"}}}}')


async def test_a_client_that_takes_no_parts_is_told_what_to_accept() -> None:
    async with opened() as setting, connected(setting.router.port) as client:
        status, error = await answered(client, "application/json")
        assert (status, error["extensions"]["code"]) == (406, "SUBSCRIPTION_BAD_HEADER")
        assert "multipart/mixed;subscriptionSpec=1.0" in error["message"]
        assert setting.news.requests == []


async def test_a_quiet_subscription_shows_that_it_is_alive() -> None:
    async with opened(heartbeat=0.01) as setting, connected(setting.router.port) as client:
        await subscribe(client)
        await client.chunk()
        for _ in range(2):
            assert await client.chunk() == PART + b"{}\r\n--graphql"
        setting.news.tell(changed("a"))
        while (chunk := await client.chunk()) == PART + b"{}\r\n--graphql":
            pass
        assert b'"name":"Ant"' in chunk


async def test_a_client_that_leaves_ends_the_subscription_at_the_subgraph() -> None:
    async with opened() as setting:
        async with connected(setting.router.port) as client:
            await subscribe(client)
            setting.news.tell(changed("a"))
            await client.until(b"Ant")
            assert len(setting.parts.app.endpoint.subscriptions) == 1
        await asyncio.wait_for(setting.news.is_left.wait(), 5)
        await soon(lambda: not len(setting.parts.app.endpoint.subscriptions))


@pytest.mark.parametrize(
    ("accept", "end"),
    [
        (EVENTS, PART + b'{"payload":null,"errors":[%b]}\r\n--graphql--\r\n'),
        (SSE, b'event: next\ndata: {"errors":[%b]}\n\nevent: complete\ndata: \n\n'),
    ],
)
async def test_a_subgraph_that_ends_it_with_an_error_ends_it_for_the_client(
    accept: str, end: bytes
) -> None:
    shown = {"include_subgraph_errors": {"all": True}}
    async with opened(**shown) as setting, connected(setting.router.port) as client:
        await subscribe(client, accept)
        await client.chunk()
        setting.news.tell({"errors": [{"message": "Out of news."}]})
        error = b'{"message":"Out of news.","extensions":{"service":"news"}}'
        assert await client.chunk() == end % error
        assert await client.chunk() == b""


async def test_errors_of_subgraphs_are_hidden_as_everywhere() -> None:
    async with opened() as setting, connected(setting.router.port) as client:
        await subscribe(client)
        setting.news.tell({"errors": [{"message": "Password is 123."}]})
        assert b"Subgraph errors redacted" in await client.until(b"0\r\n\r\n")


async def test_the_clients_headers_reach_the_subgraph_by_rule() -> None:
    rules = {"all": {"request": [{"propagate": {"named": "x-tenant"}}]}}
    async with opened(headers=rules) as setting, connected(setting.router.port) as client:
        body = orjson.dumps(SUBSCRIPTION)
        client.writer.write(
            b"POST /graphql HTTP/1.1\r\nhost: r\r\ncontent-type: application/json\r\n"
            b"accept: text/event-stream\r\nx-tenant: 7\r\nx-other: 8\r\n"
            b"content-length: %d\r\n\r\n%b" % (len(body), body)
        )
        setting.news.tell(changed("a"))
        await client.until(b"Ant")
        (sent,) = setting.news.requests
        assert b"\r\nx-tenant: 7\r\n" in sent
        assert b"\r\ntraceparent: 00-" in sent
        assert b"x-other" not in sent
