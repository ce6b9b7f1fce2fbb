"""Subscriptions at subgraphs whose URL is https: trusted as the settings say, in each protocol."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import orjson
import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.typing import Subprotocol

from router.execute.subscriptions.open_source import open_source
from router.execute.subscriptions.source import SourceFailed
from router.serve.settings.read import parse_settings
from router.serve.toward_subgraphs import subscribing
from tests.execute.scripted_server import once, scripted
from tests.execute.throwaway_authority import Authority

EVENTS = b'event: next\ndata: {"data":{"a":1}}\n\nevent: complete\n\n'
STREAM = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n" + EVENTS
BODY = b'{"query":"subscription { a }"}'


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


async def told(address: str, protocol: str, trusted: str | None) -> list[Any]:
    """The data of each event, then the errors of the end."""
    settings = parse_settings(
        {
            "tls": {"subgraph": {"all": {"certificate_authorities": trusted}}},
            "subscription": {"mode": {"passthrough": {"all": {"protocol": protocol}}}},
        },
        {},
    )
    request = subscribing(settings, "news").request("news", address, BODY)
    found: list[Any] = []
    try:
        async with asyncio.timeout(10):
            async for event in open_source(request):
                found.append(event.data)  # noqa: PERF401 - those before a failure count
    except SourceFailed as failed:
        found.append(failed.errors[0].message)
    return found


async def test_events_over_https(authority: Authority, tmp_path: Path) -> None:
    async with scripted(once(STREAM), authority.server_context(tmp_path)) as server:
        assert await told(server.url("https"), "http", authority.certificate) == [{"a": 1}]
        (error,) = await told(server.url("https"), "http", None)
        assert "certificate verify failed" in error


async def test_events_over_wss(authority: Authority, tmp_path: Path) -> None:
    async def talk(connection: ServerConnection) -> None:
        await connection.recv()
        await connection.send('{"type":"connection_ack"}')
        await connection.recv()
        event = {"id": "1", "type": "next", "payload": {"data": {"a": 1}}}
        await connection.send(orjson.dumps(event).decode())
        await connection.send('{"id":"1","type":"complete"}')
        await connection.wait_closed()

    protocols = [Subprotocol("graphql-transport-ws")]
    context = authority.server_context(tmp_path)
    async with serve(talk, "127.0.0.1", 0, subprotocols=protocols, ssl=context) as server:
        address = f"https://localhost:{next(iter(server.sockets)).getsockname()[1]}/graphql"
        assert await told(address, "graphql_ws", authority.certificate) == [{"a": 1}]
        (error,) = await told(address, "graphql_ws", None)
        assert "certificate verify failed" in error
