"""A subgraph that does on each connection exactly what a test says, byte by byte."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from router.execute.subgraph_client.client import HttpClient, Reaching
from router.execute.subgraph_client.pool import Limits
from router.execute.transport import Headers, SubgraphAnswer

QUERY = b'{"query":"{ me { id } }"}'
MUTATION = b'{"query":"mutation { go }"}'
DATA = b'{"data":{"me":{"id":"u"}}}'


@dataclass
class Peer:
    """The server's end of one connection; `number` counts connections from 1."""

    number: int
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    server: ScriptedServer

    async def request(self) -> bytes:
        """The next request, whole."""
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        request = head + await self.reader.readexactly(length)
        self.server.requests.append(request)
        return request

    async def write(self, *pieces: bytes) -> None:
        """Send pieces that arrive one by one."""
        for piece in pieces:
            self.writer.write(piece)
            await self.writer.drain()
            await asyncio.sleep(0.005 if len(pieces) > 1 else 0)

    async def left(self) -> None:
        """Until the router has closed the connection."""
        with contextlib.suppress(ConnectionError):
            while await self.reader.read(65536):
                pass


Script = Callable[[Peer], Awaitable[None]]


@dataclass
class ScriptedServer:
    """What it was asked, on how many connections; `port` is where it listens."""

    port: int = 0
    connections: int = 0
    requests: list[bytes] = field(default_factory=list)

    def url(self, scheme: str = "http") -> str:
        return f"{scheme}://localhost:{self.port}/graphql"

    def client(self, reaching: Reaching | None = None, scheme: str = "http") -> HttpClient:
        return HttpClient({"shop": self.url(scheme)}, lambda _: reaching or Reaching())


@contextlib.asynccontextmanager
async def scripted(
    script: Script, tls: ssl.SSLContext | None = None
) -> AsyncIterator[ScriptedServer]:
    """A server that runs the script on each connection, then closes it."""
    server = ScriptedServer()
    running: dict[asyncio.StreamWriter, asyncio.Task[None] | None] = {}

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server.connections += 1
        running[writer] = asyncio.current_task()
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
                await script(Peer(server.connections, reader, writer, server))
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError, ssl.SSLError):
                await writer.wait_closed()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
        for writer in running:
            writer.transport.abort()
        await asyncio.gather(*[task for task in running.values() if task])


async def ask(
    client: HttpClient, body: bytes = QUERY, *, seconds: float = 10.0, headers: Headers = ()
) -> SubgraphAnswer:
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[SubgraphAnswer] = loop.create_future()
    client.send("shop", body, headers, loop.time() + seconds, answer.set_result)
    return await asyncio.wait_for(answer, 30)


def ok(body: bytes, *headers: bytes, status: bytes = b"200 OK") -> bytes:
    lines = b"".join(header + b"\r\n" for header in headers)
    return b"HTTP/1.1 %b\r\n%bcontent-length: %d\r\n\r\n%b" % (status, lines, len(body), body)


def always(*pieces: bytes) -> Script:
    """Answers each request with these bytes, and keeps the connection."""

    async def script(peer: Peer) -> None:
        while True:
            await peer.request()
            await peer.write(*pieces)

    return script


def once(*pieces: bytes) -> Script:
    """Answers one request with these bytes, and closes the connection."""

    async def script(peer: Peer) -> None:
        await peer.request()
        await peer.write(*pieces)

    return script


async def answer_of(
    script: Script, times: int = 1, limits: Limits | None = None, **options: Any
) -> tuple[list[SubgraphAnswer], int]:
    """The answers to requests one after the other, and the number of connections they took."""
    async with scripted(script) as server:
        client = server.client(Reaching(limits or Limits(), **options))
        answers = [await ask(client) for _ in range(times)]
        client.close()
        return answers, server.connections
