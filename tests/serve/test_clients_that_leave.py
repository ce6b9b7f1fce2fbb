"""A client that closes its connection takes its requests to subgraphs along, on either way in."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from router.serve.app import create_app
from router.serve.settings.read import parse_settings
from tests.execute.scripted_server import Peer, scripted
from tests.execute.shop import shop_sdl
from tests.serve.servers import Lane, running

BODY = json.dumps({"query": "{ me { id } }"}).encode()
POST = b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"execution": {"adaptive_limit": {"enabled": True}}},
        {"traffic_shaping": {"all": {"deduplicate_query": True}}},
    ],
    ids=["as it is", "with the adaptive limit", "shared"],
)
@pytest.mark.parametrize("lane", ["fast", "asgi"])
async def test_the_subgraph_sees_its_connection_closed(lane: Lane, more: dict[str, Any]) -> None:
    asked, left = asyncio.Event(), asyncio.Event()

    async def script(peer: Peer) -> None:
        await peer.request()
        asked.set()
        await peer.left()
        left.set()

    async with scripted(script) as subgraph:
        settings = {"override_subgraph_url": {"accounts": subgraph.url()}, **more}
        app = create_app(shop_sdl(), parse_settings(settings, {}))
        async with running(app, lane) as router:
            _, writer = await asyncio.open_connection("127.0.0.1", router.port)
            writer.write(POST + b"content-length: %d\r\n\r\n%b" % (len(BODY), BODY))
            await asyncio.wait_for(asked.wait(), 10)
            writer.transport.abort()
            await asyncio.wait_for(left.wait(), 10)
        assert len(subgraph.requests) == 1
