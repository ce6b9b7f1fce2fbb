"""One keep-alive HTTP/1.1 connection to a subgraph; one request at a time."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Protocol, cast

import httptools

from router.execute.transport import Done, FailureKind, SubgraphAnswer, failed

HEAD_END = b"\r\n\r\n"
OK = b"HTTP/1.1 200"
LENGTH = b"content-length:"


@dataclass(slots=True, eq=False)
class Exchange:
    """One request on its way; `connection` is None while it waits for one."""

    request: bytes
    done: Done
    timer: asyncio.TimerHandle | None = None
    connection: Connection | None = None
    is_retry: bool = False
    is_over: bool = False


class Owner(Protocol):
    """What a connection tells its pool."""

    def answered(self, exchange: Exchange, answer: SubgraphAnswer) -> None:
        """The answer, or why there is none."""

    def freed(self, connection: Connection) -> None:
        """The connection can take another request."""

    def ended(self, connection: Connection) -> None:
        """The connection is gone; told once."""

    def unsent(self, exchange: Exchange) -> None:
        """An idle connection was dead already: the request may be sent again."""


class Connection(asyncio.Protocol):
    """A connection of a pool, which it tells what happens."""

    __slots__ = (
        "_body",
        "_exchange",
        "_headers",
        "_is_ended",
        "_limit",
        "_owner",
        "_parser",
        "_size",
        "_transport",
        "is_used",
        "subgraph",
    )

    def __init__(self, subgraph: str, limit: int, owner: Owner) -> None:
        self.subgraph = subgraph
        self.is_used = False
        self._limit = limit
        self._owner = owner
        self._transport: asyncio.Transport | None = None
        self._exchange: Exchange | None = None
        self._is_ended = False
        self._parser: httptools.HttpResponseParser | None = None
        self._headers: list[tuple[bytes, bytes]] = []
        self._body: list[bytes] = []
        self._size = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport to write to."""
        # uvloop's transports are no subclasses of asyncio's, so this cannot be asked, only known.
        self._transport = cast("asyncio.Transport", transport)

    @property
    def is_open(self) -> bool:
        """Whether a request could be written now."""
        return self._transport is not None and not self._transport.is_closing()

    def start(self, exchange: Exchange) -> None:
        """Write the request, whole, in one call."""
        self._exchange = exchange
        if self._transport is not None:
            self._transport.write(exchange.request)

    def close(self) -> None:
        """End the connection; a request under way is not told."""
        self._exchange = None
        self._end()

    def data_received(self, data: bytes) -> None:
        """Take the common answer (one piece, a known length) by hand, others by the parser."""
        if self._exchange is None:  # nobody asked: the peer is confused, or the request given up
            self.close()
            return
        if self._parser is None:
            if self._take_whole(data):
                return
            self._parser = httptools.HttpResponseParser(self)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self._fail("malformed", "answered with something that is not HTTP")

    def _take_whole(self, data: bytes) -> bool:
        end = data.find(HEAD_END)
        if end < 0 or not data.startswith(OK):
            return False
        head = data[:end].lower()
        at = head.find(b"\r\n" + LENGTH)
        if at < 0 or b"\r\ntransfer-encoding:" in head or b"\r\nconnection: close" in head:
            return False
        stop = head.find(b"\r\n", at + 2)
        try:
            length = int(head[at + 2 + len(LENGTH) : stop if stop > 0 else end])
        except ValueError:
            return False
        if len(data) - end - len(HEAD_END) != length or length > self._limit:
            return False
        headers = tuple(
            (name.lower(), value.strip())
            for line in data[:end].split(b"\r\n")[1:]
            for name, _, value in (line.partition(b":"),)
        )
        self._finish(SubgraphAnswer(200, data[end + len(HEAD_END) :], headers), is_reusable=True)
        return True

    def on_header(self, name: bytes, value: bytes) -> None:
        """Collect a header; refuse an announced size over the limit before it is read."""
        name = name.lower()
        self._headers.append((name, value))
        if name == b"content-length" and value.isdigit() and int(value) > self._limit:
            self._size = int(value)

    def on_headers_complete(self) -> None:
        """Give up at once on an answer that is too large."""
        if self._size > self._limit:
            self._too_large()

    def on_body(self, body: bytes) -> None:
        """Collect a piece of the body, at most the limit in all."""
        self._size += len(body)
        if self._size > self._limit:
            self._too_large()
        else:
            self._body.append(body)

    def on_message_complete(self) -> None:
        """The answer is whole."""
        parser = self._parser
        if parser is None or self._exchange is None:
            return
        status = parser.get_status_code()
        if status < 200:  # an interim answer: the real one follows
            self._headers, self._body, self._size = [], [], 0
            return
        answer = SubgraphAnswer(status, b"".join(self._body), tuple(self._headers))
        self._finish(answer, is_reusable=parser.should_keep_alive())

    def _too_large(self) -> None:
        self._fail("too_large", f"answered with more than {self._limit} bytes")

    def _finish(self, answer: SubgraphAnswer, *, is_reusable: bool) -> None:
        exchange, self._exchange = self._exchange, None
        self._parser, self._headers, self._body, self._size = None, [], [], 0
        self.is_used = True
        if is_reusable and self.is_open:
            self._owner.freed(self)
        else:
            self._end()
        if exchange is not None:
            self._owner.answered(exchange, answer)

    def _end(self) -> None:
        if self._transport is not None:
            self._transport.abort()
        if not self._is_ended:
            self._is_ended = True
            self._owner.ended(self)

    def _fail(self, kind: FailureKind, what: str) -> None:
        if self._exchange is not None:
            answer = failed(kind, f'Subgraph "{self.subgraph}" {what}.')
            self._finish(answer, is_reusable=False)

    def connection_lost(self, error: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        """Tell whoever waits; a request nobody began to answer may be sent again."""
        exchange, parser = self._exchange, self._parser
        if exchange is None:
            self._end()
        elif parser is None and self.is_used and not exchange.is_retry:
            self._exchange = None
            self._end()
            self._owner.unsent(exchange)
        elif parser is not None and self._is_delimited_by_end():
            status = parser.get_status_code()
            answer = SubgraphAnswer(status, b"".join(self._body), tuple(self._headers))
            self._finish(answer, is_reusable=False)
        else:
            why = "before its answer was complete" if parser else "without an answer"
            self._fail("closed", f"closed the connection {why}")

    def _is_delimited_by_end(self) -> bool:
        """Whether the answer announced no length, so that its end is the connection's."""
        names = {name for name, _ in self._headers}
        return bool(names) and not names & {b"content-length", b"transfer-encoding"}
