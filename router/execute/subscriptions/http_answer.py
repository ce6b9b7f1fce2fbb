"""One HTTP answer that is read while it arrives, over a connection of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httptools

from router.execute.subscriptions.source import SourceRequest, broken, too_late, unreadable

ACCEPT = b"multipart/mixed;subscriptionSpec=1.0, text/event-stream;q=0.9, application/json;q=0.5"
READ_BYTES = 65536


def request_bytes(request: SourceRequest) -> bytes:
    """The request as it goes over the wire."""
    url = urlsplit(request.url)
    path = (url.path or "/") + (f"?{url.query}" if url.query else "")
    lines = [
        f"POST {path} HTTP/1.1".encode(),
        f"host: {url.netloc.rpartition('@')[2]}".encode(),
        b"content-type: application/json",
        b"accept: " + ACCEPT,
        b"connection: close",
        *(b"%b: %b" % pair for pair in request.headers),
        b"content-length: %d" % len(request.body),
    ]
    return b"\r\n".join(lines) + b"\r\n\r\n" + request.body


@dataclass(slots=True, eq=False)
class HttpAnswer:
    """What has arrived so far; httptools calls the `on_...` methods. `is_over` at its end."""

    request: SourceRequest
    reader: asyncio.StreamReader
    status: int = 0
    headers: dict[bytes, bytes] = field(default_factory=dict)
    is_over: bool = False
    _chunks: list[bytes] = field(default_factory=list)
    _parser: Any = None

    def __post_init__(self) -> None:
        self._parser = httptools.HttpResponseParser(self)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header."""
        self.headers[name.lower()] = value

    def on_body(self, data: bytes) -> None:
        """Keep a piece of the body."""
        self._chunks.append(data)

    def on_headers_complete(self) -> None:
        """The answer has begun, unless this was an interim one (1xx)."""
        status = self._parser.get_status_code()
        if status >= 200:
            self.status = status
        else:
            self.headers.clear()

    def on_message_complete(self) -> None:
        """The answer has ended."""
        self.is_over = self.status != 0

    @property
    def content_type(self) -> str:
        """The value of that header, as it was sent."""
        return self.headers.get(b"content-type", b"").decode("latin-1")

    async def head(self) -> None:
        """Read until the status and the headers are known. Raises SourceFailed, OSError."""
        while not self.status:
            await self._read()

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        """The body's pieces as they come. Raises SourceFailed."""
        silence = self.request.limits.silence
        while True:
            yield b"".join(self._chunks)
            self._chunks.clear()
            if self.is_over:
                return
            try:
                async with asyncio.timeout(silence):
                    await self._read()
            except TimeoutError as error:
                reason = f"it sent nothing for {silence:g} seconds, not even a heartbeat"
                raise too_late(self.request.subgraph, reason) from error
            except OSError as error:
                raise broken(self.request.subgraph, f"the connection broke ({error})") from error

    async def whole(self) -> bytes:
        """The whole body, for an answer that is not a stream. Raises SourceFailed, OSError."""
        limit = self.request.limits.event_bytes
        while sum(map(len, self._chunks)) <= limit:
            if self.is_over:
                return b"".join(self._chunks)
            await self._read()
        raise unreadable(self.request.subgraph, f"it answered with more than {limit} bytes")

    async def _read(self) -> None:
        data = await self.reader.read(READ_BYTES)
        subgraph = self.request.subgraph
        if not data:
            if not self.status or self.headers.keys() & {b"content-length", b"transfer-encoding"}:
                raise broken(subgraph, "it closed the connection")
            self.is_over = True  # a body without a length ends with its connection
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            raise unreadable(subgraph, f"it sent something that is not HTTP ({error})") from error
