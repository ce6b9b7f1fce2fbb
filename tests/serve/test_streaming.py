"""Answers that are sent while they are made, in the fast lane and the ASGI way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field, replace

import pytest

from router.execute.transport import Cancel, never_mind
from router.serve.app import create_app
from router.serve.asgi import Router
from router.serve.endpoint import Endpoint, Respond
from router.serve.http_messages import HttpRequest, HttpResponse
from router.serve.streaming import StreamedResponse
from tests.execute.canned_subgraphs import CannedSubgraphs
from tests.execute.shop import shop_sdl
from tests.serve.servers import Lane, connected, running, soon

pytestmark = pytest.mark.parametrize("lane", ["fast", "asgi"])


@dataclass
class Story:
    """A body that goes on when it is told to, and knows how it ended."""

    steps: asyncio.Queue[bytes | None] = field(default_factory=asyncio.Queue)
    is_closed: asyncio.Event = field(default_factory=asyncio.Event)

    async def told(self) -> AsyncGenerator[bytes, None]:
        try:
            while (step := await self.steps.get()) is not None:
                yield step
        finally:
            self.is_closed.set()

    def tell(self, *steps: bytes | None) -> None:
        for step in steps:
            self.steps.put_nowait(step)


class StreamingEndpoint(Endpoint):
    """Answers every request with the same story, one that says `plain` at once."""

    chunks: Callable[[], AsyncGenerator[bytes, None]]

    def handle(self, http: HttpRequest, respond: Respond) -> Cancel:
        headers = ((b"content-type", b"text/plain"),)
        if http.body == b"plain":
            respond(HttpResponse(200, headers, b"plain"))
        else:
            respond(StreamedResponse(200, headers, self.chunks()))
        return never_mind


def router_telling(chunks: Callable[[], AsyncGenerator[bytes, None]]) -> Router:
    app = create_app(shop_sdl(), transport=CannedSubgraphs({}))
    endpoint = StreamingEndpoint(app.endpoint.served, app.endpoint.engine)
    endpoint.chunks = chunks
    return replace(app, endpoint=endpoint)


async def test_each_chunk_arrives_before_the_next_is_made(lane: Lane) -> None:
    story = Story()
    async with (
        running(router_telling(story.told), lane) as router,
        connected(router.port) as client,
    ):
        await client.post(b"{}")
        head = await client.head()
        assert head.startswith(b"HTTP/1.1 200 OK\r\n")
        assert b"transfer-encoding: chunked\r\n" in head
        assert b"content-length" not in head
        for step in (b"one", b"two"):
            story.tell(step)
            assert await client.chunk() == step
        story.tell(None)
        assert await client.until(b"0\r\n\r\n") == b"0\r\n\r\n"


async def test_the_connection_serves_the_next_request_after_a_stream(lane: Lane) -> None:
    story = Story()
    async with (
        running(router_telling(story.told), lane) as router,
        connected(router.port) as client,
    ):
        await client.post(b"{}")
        await client.post(b"plain")  # sent while the stream is open, answered after it
        story.tell(b"one", None)
        await client.head()
        assert await client.until(b"0\r\n\r\n") == b"3\r\none\r\n0\r\n\r\n"
        assert b"content-length: 5\r\n" in await client.head()
        assert await client.until(b"plain") == b"plain"


async def test_a_client_that_leaves_ends_the_making(lane: Lane) -> None:
    story = Story()
    async with running(router_telling(story.told), lane) as router:
        async with connected(router.port) as client:
            await client.post(b"{}")
            story.tell(b"one")
            await client.head()
            assert await client.chunk() == b"one"
        await asyncio.wait_for(story.is_closed.wait(), 5)


async def test_a_client_that_leaves_ends_the_making_while_another_request_of_its_waits(
    lane: Lane,
) -> None:
    story = Story()
    async with running(router_telling(story.told), lane) as router:
        async with connected(router.port) as client:
            await client.post(b"{}")
            await client.head()
            await client.post(b"plain")
            story.tell(b"one")
            assert await client.chunk() == b"one"
        async with asyncio.timeout(5):
            while not story.is_closed.is_set():
                story.tell(b"more")  # its reading is paused: only writing shows that it left
                await asyncio.sleep(0)


async def test_a_client_that_does_not_read_is_not_written_for(lane: Lane) -> None:
    made = 0

    async def without_end() -> AsyncGenerator[bytes, None]:
        nonlocal made
        while True:
            made += 1
            await asyncio.sleep(0)
            yield bytes(100_000)

    app = router_telling(without_end)
    async with running(app, lane) as router, connected(router.port) as client:
        await client.post(b"{}")
        await soon(lambda: any(item.flow.write_paused for item in router.connections))
        before = made
        for _ in range(100):
            await asyncio.sleep(0)
        assert made <= before + 1
        while made <= before + 1:  # it goes on when the client does
            await client.reader.read(1_000_000)


async def test_a_body_that_cannot_be_finished_has_no_end(lane: Lane) -> None:
    async def broken() -> AsyncGenerator[bytes, None]:
        yield b"one"
        raise RuntimeError("out of words")

    async with running(router_telling(broken), lane) as router, connected(router.port) as client:
        await client.post(b"{}")
        await client.head()
        assert await client.rest() in {b"3\r\none\r\n", b""}


async def test_a_router_that_stops_lets_streams_end(lane: Lane) -> None:
    story = Story()
    async with (
        running(router_telling(story.told), lane) as router,
        connected(router.port) as client,
    ):
        await client.post(b"{}")
        story.tell(b"one")
        await client.head()
        assert await client.chunk() == b"one"
        router.server.should_exit = True
        await soon(lambda: not router.server.servers[0].is_serving())
        story.tell(b"two", None)
        assert await client.rest() == b"3\r\ntwo\r\n0\r\n\r\n"
