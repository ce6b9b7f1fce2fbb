"""Subscriptions at a subgraph that speaks graphql-transport-ws."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers as WebSocketHeaders
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.typing import Subprotocol

from router.execute.subscriptions.open_source import open_source
from router.execute.subscriptions.source import SourceFailed, SourceLimits, SourceRequest
from tests.execute.scripted_server import Peer, scripted

Talk = Callable[[ServerConnection], Awaitable[None]]
PROTOCOLS = [Subprotocol("graphql-transport-ws")]
ACK, COMPLETE = {"type": "connection_ack"}, {"id": "1", "type": "complete"}


@dataclass
class Subgraph:
    """A WebSocket server and what it was told."""

    port: int = 0
    heard: list[Any] = field(default_factory=list)
    headers: WebSocketHeaders | None = None


def event(**data: Any) -> dict[str, Any]:
    return {"id": "1", "type": "next", "payload": {"data": data}}


@contextlib.asynccontextmanager
async def speaking(
    *messages: Any, then: Talk | None = None, protocols: Sequence[Subprotocol] | None = PROTOCOLS
) -> AsyncIterator[Subgraph]:
    """Says these messages in answer to the first, and hears everything until the connection ends;
    `then` takes over when all is said.
    """
    subgraph = Subgraph()

    async def talk(connection: ServerConnection) -> None:
        subgraph.headers = connection.request.headers if connection.request else None
        with contextlib.suppress(ConnectionClosed):
            subgraph.heard.append(orjson.loads(await connection.recv()))
            for message in messages:
                is_raw = isinstance(message, str | bytes)
                await connection.send(message if is_raw else orjson.dumps(message).decode())
                while message == ACK and subgraph.heard[-1]["type"] != "subscribe":
                    subgraph.heard.append(orjson.loads(await connection.recv()))
            if then is not None:
                await then(connection)
            async for heard in connection:
                subgraph.heard.append(orjson.loads(heard))

    async with serve(talk, "127.0.0.1", 0, subprotocols=protocols) as server:
        subgraph.port = next(iter(server.sockets)).getsockname()[1]
        yield subgraph


def request(port: int, **limits: Any) -> SourceRequest:
    return SourceRequest(
        "news",
        f"ws://127.0.0.1:{port}/graphql",
        "graphql_ws",
        b'{"query":"subscription { a }"}',
        ((b"authorization", b"Bearer t"),),
        SourceLimits(**limits),
    )


async def told(port: int, **limits: Any) -> list[Any]:
    """The data of each event, then the errors of the end."""
    found: list[Any] = []
    try:
        async with asyncio.timeout(10):
            async for result in open_source(request(port, **limits)):
                found.append(result.data)  # noqa: PERF401 - those before a failure count
    except SourceFailed as failed:
        found.append([error.message for error in failed.errors])
    return found


async def test_a_conversation_from_the_first_word_to_the_last() -> None:
    async with speaking(ACK, event(a=1), event(a=2), COMPLETE) as subgraph:
        assert await told(subgraph.port) == [{"a": 1}, {"a": 2}]
    assert subgraph.heard == [
        {"type": "connection_init"},
        {"id": "1", "type": "subscribe", "payload": {"query": "subscription { a }"}},
    ]
    assert subgraph.headers is not None
    assert subgraph.headers["authorization"] == "Bearer t"


async def test_pings_are_answered_before_and_after_the_start() -> None:
    ping = {"type": "ping"}
    async with speaking(ping, ACK, ping, {"type": "pong"}, event(a=1), COMPLETE) as subgraph:
        assert await told(subgraph.port) == [{"a": 1}]
    kinds = [message["type"] for message in subgraph.heard]
    assert kinds == ["connection_init", "pong", "subscribe", "pong"]


async def test_leaving_says_complete() -> None:
    async with speaking(ACK, event(a=1)) as subgraph:
        events = open_source(request(subgraph.port))
        assert (await anext(events)).data == {"a": 1}
        await events.aclose()
    assert subgraph.heard[-1] == COMPLETE


@pytest.mark.parametrize(
    ("messages", "reason"),
    [
        ([ACK, {"id": "1", "type": "error", "payload": [{"message": "No."}]}], "No."),
        ([ACK, {"id": "1", "type": "error", "payload": 3}], "it sent an error without errors"),
        ([ACK, {"id": "1", "type": "gossip"}], 'it sent a message of type "gossip"'),
        ([ACK, "{"], "it sent a message that is not JSON"),
        ([ACK, b"\xff"], "it sent a message that is not JSON"),
        ([ACK, []], "it sent a message that is not a JSON object"),
        ([event(a=1)], 'it sent "next" before the connection was acknowledged'),
        ([ACK, "x" * 2000], "exceeds limit of 1000 bytes"),
    ],
)
async def test_what_the_protocol_does_not_allow_ends_the_subscription(
    messages: list[Any], reason: str
) -> None:
    async with speaking(*messages) as subgraph:
        (errors,) = await told(subgraph.port, event_bytes=1000)
    assert reason in errors[0]


async def test_a_subgraph_that_closes_says_why() -> None:
    async def close(connection: ServerConnection) -> None:
        await connection.close(4403, "Forbidden")

    async with speaking(then=close) as subgraph:
        (errors,) = await told(subgraph.port)
    message = 'The subscription at subgraph "news" ended: it closed the connection'
    assert errors == [f"{message} (4403 Forbidden)."]
    async with speaking(ACK, event(a=1), then=close) as subgraph:
        assert await told(subgraph.port) == [{"a": 1}, [f"{message} (4403 Forbidden)."]]


async def test_a_connection_that_breaks_is_an_error() -> None:
    async def abort(connection: ServerConnection) -> None:
        connection.transport.abort()

    async with speaking(ACK, event(a=1), then=abort) as subgraph:
        first, errors = await told(subgraph.port)
    assert first == {"a": 1}
    assert errors == ['The subscription at subgraph "news" ended: the connection broke.']


async def test_a_server_that_speaks_another_protocol_is_refused() -> None:
    async with speaking(ACK, protocols=None) as subgraph:
        (errors,) = await told(subgraph.port)
    assert "it does not speak graphql-transport-ws" in errors[0]


async def test_a_server_that_refuses_the_handshake_is_an_error_with_its_status() -> None:
    def refuse(connection: ServerConnection, _request: Request) -> Response:
        return connection.respond(401, "Sign in.")

    async def nothing(_connection: ServerConnection) -> None:
        raise AssertionError("it was refused")

    async with serve(nothing, "127.0.0.1", 0, process_request=refuse) as server:
        (errors,) = await told(next(iter(server.sockets)).getsockname()[1])
    assert "it answered with HTTP status 401, not as a WebSocket" in errors[0]


async def test_nobody_at_the_address_is_an_error() -> None:
    async with speaking() as subgraph:
        pass
    (errors,) = await told(subgraph.port)
    assert "there is no connection" in errors[0]


async def test_a_subgraph_that_does_not_acknowledge_in_time_is_given_up() -> None:
    async with speaking() as subgraph:
        (errors,) = await told(subgraph.port, open=0.1)
    assert "it did not accept within 0.1 seconds" in errors[0]
    assert subgraph.heard == [{"type": "connection_init"}]


async def test_without_heartbeats_silence_is_taken_for_the_end() -> None:
    async with speaking(ACK, event(a=1)) as subgraph:
        first, errors = await told(subgraph.port, heartbeat=None, silence=0.05)
    assert first == {"a": 1}
    assert "it sent nothing for 0.05 seconds" in errors[0]


async def test_with_heartbeats_a_subgraph_that_answers_none_is_given_up() -> None:
    """It is there, and does nothing any more: a server that hangs, or a network that drops."""

    async def hang(peer: Peer) -> None:
        head = await peer.reader.readuntil(b"\r\n\r\n")
        key = head.partition(b"Sec-WebSocket-Key: ")[2].partition(b"\r\n")[0]
        accept = hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest()  # noqa: S324
        await peer.write(
            b"HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n"
            b"sec-websocket-protocol: graphql-transport-ws\r\n"
            b"sec-websocket-accept: " + base64.b64encode(accept) + b"\r\n\r\n"
            b'\x81\x19{"type":"connection_ack"}'
        )
        await peer.left()

    async with scripted(hang) as server:
        (errors,) = await told(server.port, heartbeat=0.05)
    assert "the connection was given up (keepalive ping timeout)" in errors[0]
