"""A router behind a real socket, and a client that sees its bytes."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal

import uvicorn

from router.serve.asgi import Router
from router.serve.fast_lane import fast_lane

Lane = Literal["fast", "asgi"]


@dataclass
class RunningRouter:
    """A router that listens. `lane` is the way its requests take."""

    server: uvicorn.Server
    port: int

    @property
    def connections(self) -> list[Any]:
        """uvicorn's protocols, one for each open connection."""
        return list(self.server.server_state.connections)


@asynccontextmanager
async def running(app: Router, lane: Lane = "fast") -> AsyncIterator[RunningRouter]:
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        app,
        http=fast_lane(app),
        limit_concurrency=None if lane == "fast" else 100,  # what the lane leaves to ASGI
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        lifespan="off",
        timeout_graceful_shutdown=5,
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve([listening]))
    try:
        yield RunningRouter(server, listening.getsockname()[1])
    finally:
        server.should_exit = True
        await serving


@dataclass
class Client:
    """One connection to the router."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def post(self, body: bytes, accept: str = "application/json") -> None:
        head = (
            "POST /graphql HTTP/1.1\r\nhost: router.test\r\ncontent-type: application/json\r\n"
            f"accept: {accept}\r\ncontent-length: {len(body)}\r\n\r\n"
        )
        self.writer.write(head.encode() + body)
        await self.writer.drain()

    async def head(self) -> bytes:
        """Everything up to the empty line."""
        return await self.until(b"\r\n\r\n")

    async def until(self, end: bytes) -> bytes:
        return await asyncio.wait_for(self.reader.readuntil(end), 5)

    async def chunk(self) -> bytes:
        """One chunk of a chunked body; empty at its end."""
        size = int(await self.until(b"\r\n"), 16)
        data = await asyncio.wait_for(self.reader.readexactly(size + 2), 5)
        return data[:-2]

    async def rest(self) -> bytes:
        """What comes until the router closes the connection."""
        return await asyncio.wait_for(self.reader.read(), 5)

    async def leave(self) -> None:
        self.writer.close()
        await self.writer.wait_closed()


@asynccontextmanager
async def connected(port: int) -> AsyncIterator[Client]:
    client = Client(*await asyncio.open_connection("127.0.0.1", port))
    try:
        yield client
    finally:
        await client.leave()


async def soon(condition: Callable[[], bool]) -> None:
    """Let everything else run until something is so that nothing announces."""
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - see above
            await asyncio.sleep(0)
