"""A router between a client and a subgraph that has events: real bytes on both sides."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from router.serve.app import Parts, assemble
from router.serve.settings.read import parse_settings
from tests.execute.canned_subgraphs import CannedSubgraphs, entities
from tests.execute.newsroom import newsroom_sdl
from tests.execute.scripted_server import Peer, scripted
from tests.serve.servers import Client, Lane, RunningRouter, running

SUBSCRIPTION = {"query": "subscription { changed { id name } }"}
EVENTS = 'multipart/mixed;subscriptionSpec="1.0", application/json'
SSE = "text/event-stream"
PART = b"\r\ncontent-type: application/json\r\n\r\n"
STREAM = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n"


@dataclass
class News:
    """The subgraph that has events: tells the router what the test puts into `events`, and ends
    its answer after None.
    """

    events: asyncio.Queue[dict[str, Any] | None] = field(default_factory=asyncio.Queue)
    is_left: asyncio.Event = field(default_factory=asyncio.Event)
    requests: list[bytes] = field(default_factory=list)

    def tell(self, *results: dict[str, Any] | None) -> None:
        for result in results:
            self.events.put_nowait(result)

    async def script(self, peer: Peer) -> None:
        self.requests.append(await peer.request())
        leaving = asyncio.create_task(peer.left())
        await peer.write(STREAM)
        while not leaving.done():
            coming = asyncio.create_task(self.events.get())
            await asyncio.wait((coming, leaving), return_when=asyncio.FIRST_COMPLETED)
            if not coming.done():
                coming.cancel()
            elif (result := coming.result()) is not None:
                await peer.write(b"event: next\ndata: %b\n\n" % orjson.dumps(result))
            else:
                await peer.write(b"event: complete\n\n")
                await leaving
        self.is_left.set()


@dataclass
class Setting:
    """Everything that runs in a test."""

    router: RunningRouter
    parts: Parts
    news: News


@asynccontextmanager
async def opened(
    lane: Lane = "fast", heartbeat: float = 5.0, **settings: Any
) -> AsyncIterator[Setting]:
    news = News()
    catalog = CannedSubgraphs({"catalog": entities({"a": {"name": "Ant"}, "b": {"name": "Bee"}})})
    async with scripted(news.script) as server:
        settings["override_subgraph_url"] = {"news": server.url()}
        parts = assemble(newsroom_sdl(), parse_settings(settings, {}), catalog)
        subscriptions = parts.app.endpoint.subscriptions
        subscriptions.rules = replace(subscriptions.rules, heartbeat=heartbeat)
        async with running(parts.app, lane) as router:
            yield Setting(router, parts, news)


def changed(id_: str) -> dict[str, Any]:
    return {"data": {"changed": {"__typename": "Product", "id": id_}}}


async def subscribe(client: Client, accept: str = EVENTS, text: Any = SUBSCRIPTION) -> bytes:
    """Sends the operation; the head of the answer."""
    await client.post(orjson.dumps(text), accept)
    return await client.head()


async def answered(client: Client, accept: str, text: Any = SUBSCRIPTION) -> tuple[int, Any]:
    """An answer that comes at once: its status and its first error."""
    head = await subscribe(client, accept, text)
    length = int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0])
    body = await client.reader.readexactly(length)
    return int(head.split(b" ")[1]), orjson.loads(body)["errors"][0]
