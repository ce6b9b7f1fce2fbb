"""One keep-alive HTTP/1.1 connection to a subgraph; one request at a time."""

from __future__ import annotations

import asyncio
import select
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol, cast

from router.execute.subgraph_client.answer_reader import AnswerReader, UnusableAnswer
from router.execute.transport import Done, FailureKind, Headers, SubgraphAnswer, failed

HEAD_END = b"\r\n\r\n"
OK = b"HTTP/1.1 200"


@lru_cache(maxsize=1024)
def plain_head(head: bytes) -> tuple[int, Headers] | None:
    """The body's length and the headers of an answer as most are: 200, of a known length, as it is,
    on a connection that stays; None for any other. A subgraph's heads repeat, so they are kept.
    """
    status, *lines = head.split(b"\r\n")
    headers = tuple(
        (name.lower(), value.strip()) for name, _, value in (line.partition(b":") for line in lines)
    )
    given = dict(headers)
    length = given.get(b"content-length", b"")
    is_plain = (
        status.startswith(OK)
        and length.isdigit()
        and len(given) == len(headers)
        and given.get(b"connection", b"").lower() in {b"", b"keep-alive"}
        # The reader knows what to do with these.
        and not given.keys() & {b"transfer-encoding", b"content-encoding"}
    )
    return (int(length), headers) if is_plain else None


@dataclass(slots=True, eq=False)
class Exchange:
    """One request on its way; `connection` is None while it waits for one.

    `deadline` is in loop seconds. `is_repeatable` says that being asked twice does no harm.
    """

    request: bytes
    done: Done
    deadline: float
    is_repeatable: bool
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
    """A connection of a pool, which it tells what happens.

    `is_stale` is the pool's mark on one that was idle all the time since it last looked.
    """

    __slots__ = (
        "_exchange",
        "_is_ended",
        "_limit",
        "_owner",
        "_reader",
        "_transport",
        "is_stale",
        "is_used",
        "subgraph",
    )

    def __init__(self, subgraph: str, limit: int, owner: Owner) -> None:
        self.subgraph = subgraph
        self.is_used = False
        self.is_stale = False
        self._limit = limit
        self._owner = owner
        self._transport: asyncio.Transport | None = None
        self._exchange: Exchange | None = None
        self._is_ended = False
        self._reader: AnswerReader | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport to write to."""
        # uvloop's transports are no subclasses of asyncio's, so this cannot be asked, only known.
        self._transport = cast("asyncio.Transport", transport)

    @property
    def is_open(self) -> bool:
        """Whether a request could be written now."""
        return self._transport is not None and not self._transport.is_closing()

    @property
    def has_begun(self) -> bool:
        """Whether a part of the answer has arrived."""
        return self._reader is not None

    def is_quiet(self) -> bool:
        """Whether nothing has arrived that the loop has yet to tell, such as the peer's end."""
        if self._transport is None:
            return False
        waiting = select.poll()
        waiting.register(self._transport.get_extra_info("socket").fileno(), select.POLLIN)
        return not waiting.poll(0)

    def start(self, exchange: Exchange) -> None:
        """Write the request, whole, in one call."""
        self._exchange = exchange
        self.is_stale = False
        if self._transport is not None:
            self._transport.write(exchange.request)

    def close(self) -> None:
        """End the connection; a request under way is not told."""
        self._exchange = None
        self._end()

    def discard(self) -> None:
        """End a connection that its pool has never heard of."""
        self._is_ended = True
        self._end()

    def data_received(self, data: bytes) -> None:
        """Take the common answer (one piece, a known length) by hand, others by the reader."""
        if self._exchange is None:  # nobody asked: the peer is confused, or the request given up
            self.close()
            return
        reader = self._reader
        if reader is None:
            if self._take_whole(data):
                return
            reader = self._reader = AnswerReader(self._limit)
        try:
            answer = reader.feed(data)
        except UnusableAnswer as error:
            self._fail(error.kind, error.what)
            return
        if answer is not None:
            self._finish(answer, is_reusable=reader.is_reusable)

    def _take_whole(self, data: bytes) -> bool:
        end = data.find(HEAD_END)
        plain = plain_head(data[:end]) if end > 0 else None
        if plain is None:
            return False
        length, headers = plain
        if len(data) - end - len(HEAD_END) != length or length > self._limit:
            return False
        self._finish(SubgraphAnswer(200, data[end + len(HEAD_END) :], headers), is_reusable=True)
        return True

    def _finish(self, answer: SubgraphAnswer, *, is_reusable: bool) -> None:
        exchange, self._exchange = self._exchange, None
        self._forget_reader()
        self.is_used = True
        if is_reusable and self.is_open:
            self._owner.freed(self)
        else:
            self._end()
        if exchange is not None:
            self._owner.answered(exchange, answer)

    def _forget_reader(self) -> None:
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def _end(self) -> None:
        self._forget_reader()
        if self._transport is not None:
            self._transport.abort()
        if not self._is_ended:
            self._is_ended = True
            self._owner.ended(self)

    def _fail(self, kind: FailureKind, what: str) -> None:
        if self._exchange is not None:
            answer = failed(kind, f'Subgraph "{self.subgraph}" {what}.')
            self._finish(answer, is_reusable=False)

    def connection_lost(self, error: Exception | None) -> None:
        """Tell whoever waits; what nobody began to answer may be sent again.

        A server closes an idle connection whenever it likes, also while a request is on its way.
        Nothing tells whether it has read that request: so one that changes something is not sent
        again, and neither is one to a fresh connection, which has not been idle.
        https://www.rfc-editor.org/rfc/rfc9110#section-9.2.2
        """
        exchange, reader = self._exchange, self._reader
        if exchange is None:
            self._end()
        elif reader is not None:
            self._cut_short(reader)
        elif self.is_used and exchange.is_repeatable and not exchange.is_retry:
            self._exchange = None
            self._end()
            self._owner.unsent(exchange)
        else:
            why = f" ({error})" if error else ""
            self._fail("closed", f"closed the connection without an answer{why}")

    def _cut_short(self, reader: AnswerReader) -> None:
        """The connection ended within an answer, or was the end of one without a length."""
        try:
            answer = reader.end()
        except UnusableAnswer as error:
            self._fail(error.kind, error.what)
            return
        if answer is None:
            self._fail("closed", "closed the connection before its answer was complete")
        else:
            self._finish(answer, is_reusable=False)
