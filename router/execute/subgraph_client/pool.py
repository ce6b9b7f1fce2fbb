"""The connections to one subgraph: a bounded number, the last used first, a bounded queue."""

from __future__ import annotations

import asyncio
import gzip
import ssl
from collections import deque
from dataclasses import dataclass, field
from urllib.parse import SplitResult

from router.execute.subgraph_client.alarm import Alarm
from router.execute.subgraph_client.connection import Connection, Exchange
from router.execute.subgraph_client.dial import dial
from router.execute.transport import Cancel, Done, Headers, SubgraphAnswer, failed, is_query, now

# Smaller bodies fit a packet anyway.
LEAST_COMPRESSED = 1_000


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one pool; times in seconds, answers in bytes.

    `idle` is how long a connection is kept that nobody needs: less than the five seconds after
    which uvicorn and Node close theirs, so that a request seldom meets a connection at its end.
    `first_byte` is how long an answer may take to begin, if that is less than to be complete.
    """

    connections: int = 100
    queue: int = 10_000
    connect: float = 5.0
    first_byte: float | None = None
    idle: float = 4.0
    answer_bytes: int = 32 * 1024 * 1024


@dataclass(slots=True, eq=False)
class Pool:
    """Sends requests to one address. `tls` is None for plain HTTP."""

    subgraph: str
    url: SplitResult
    limits: Limits
    tls: ssl.SSLContext | None
    is_compressed: bool = False
    idle: list[Connection] = field(default_factory=list)
    waiting: deque[Exchange] = field(default_factory=deque)
    open: int = 0
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    sweeper: asyncio.TimerHandle | None = None
    is_closed: bool = False
    alarm: Alarm = field(init=False)
    head: bytes = b""

    def __post_init__(self) -> None:
        self.alarm = Alarm(self._timed_out)
        path = (self.url.path or "/") + (f"?{self.url.query}" if self.url.query else "")
        host = self.url.netloc.rsplit("@", 1)[-1]
        accepted = "accept-encoding: gzip\r\n" if self.is_compressed else ""
        self.head = (
            f"POST {path} HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\n"
            f"accept: application/json\r\n{accepted}"
        ).encode()

    def send(self, body: bytes, headers: Headers, deadline: float, done: Done) -> Cancel:
        """Send a request, now or when a connection is free; see SubgraphTransport.send."""
        extra = b"".join([b"%b: %b\r\n" % pair for pair in headers])
        is_repeatable = is_query(body)
        if self.is_compressed and len(body) >= LEAST_COMPRESSED:
            body = gzip.compress(body, compresslevel=1, mtime=0)
            extra += b"content-encoding: gzip\r\n"
        request = b"%b%bcontent-length: %d\r\n\r\n%b" % (self.head, extra, len(body), body)
        exchange = Exchange(request, done, deadline, is_repeatable)
        if self.is_closed:
            stopping = failed("shutdown", "The router is stopping.")
            asyncio.get_running_loop().call_soon(self.answered, exchange, stopping)
        else:
            first_byte = self.limits.first_byte
            if first_byte is not None:
                deadline = min(deadline, now() + first_byte)
            self.alarm.watch(exchange, deadline)
            self._dispatch(exchange)
        return lambda: self._give_up(exchange)

    def _dispatch(self, exchange: Exchange) -> None:
        while self.idle:
            connection = self.idle.pop()
            # What cannot be sent twice must not go to a connection whose end has come already.
            if connection.is_open and (exchange.is_repeatable or connection.is_quiet()):
                exchange.connection = connection
                connection.start(exchange)
                return
            connection.close()
        if len(self.waiting) >= self.limits.queue:
            self.waiting = deque(item for item in self.waiting if not item.is_over)
        if self.open < self.limits.connections:
            self._open()
        elif len(self.waiting) >= self.limits.queue:
            message = (
                f'Subgraph "{self.subgraph}" has {self.limits.connections} requests under way and '
                f"{self.limits.queue} waiting; this one was refused."
            )
            refusal = failed("overloaded", message)
            asyncio.get_running_loop().call_soon(self.answered, exchange, refusal)
            return
        self.waiting.append(exchange)

    def _open(self) -> None:
        self.open += 1
        task = asyncio.get_running_loop().create_task(self._connect())
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _connect(self) -> None:
        host, port = self.url.hostname or "", self.url.port or (443 if self.tls else 80)
        try:
            async with asyncio.timeout(self.limits.connect):
                connection = await dial(self._made, host, port, self.tls)
        except (OSError, UnicodeError) as error:  # a timeout is an OSError
            self.open -= 1
            self._unreachable(error)
        else:
            self.freed(connection)

    def _made(self) -> Connection:
        return Connection(self.subgraph, self.limits.answer_bytes, self)

    def _unreachable(self, error: Exception) -> None:
        """Tell the one for whom the connection was meant; the next one has its own try."""
        is_late = isinstance(error, TimeoutError) and not str(error)
        why = f"no connection within {self.limits.connect:g} s" if is_late else str(error)
        message = f'Subgraph "{self.subgraph}" could not be connected to: {why}.'
        exchange = self._next()
        if exchange is not None:
            self.answered(exchange, failed("connect", message))
        self._open_for_waiting()

    def _open_for_waiting(self) -> None:
        while self.waiting and self.waiting[0].is_over:
            self.waiting.popleft()
        if self.waiting and self.open < self.limits.connections and not self.is_closed:
            self._open()

    def freed(self, connection: Connection) -> None:
        """Give the connection the next request, or keep it for a later one."""
        if self.is_closed:
            connection.close()
            return
        if not connection.is_open:  # ended already, before it was used
            return
        exchange = self._next()
        if exchange is not None:
            exchange.connection = connection
            connection.start(exchange)
            return
        self.idle.append(connection)
        if self.sweeper is None:
            self._sweep_later()

    def _sweep_later(self) -> None:
        loop = asyncio.get_running_loop()
        self.sweeper = loop.call_later(self.limits.idle / 2, self._sweep)

    def _sweep(self) -> None:
        """Close what was idle since the last time; two looks a period, so none is kept longer."""
        self.sweeper = None
        for connection in list(self.idle):
            if connection.is_stale:
                connection.close()
            connection.is_stale = True
        if self.idle:
            self._sweep_later()

    def ended(self, connection: Connection) -> None:
        """Forget the connection; whoever waits gets a new one."""
        self.open -= 1
        if connection in self.idle:
            self.idle.remove(connection)
        self._open_for_waiting()

    def unsent(self, exchange: Exchange) -> None:
        """An idle connection turned out to be dead: send once more, on a connection that is not.

        When a subgraph restarts all idle ones are dead, so the next of them would be no better.
        """
        exchange.is_retry = True
        exchange.connection = None
        if exchange.is_over:
            return
        self.waiting.appendleft(exchange)
        if self.open < self.limits.connections:
            self._open()

    def answered(self, exchange: Exchange, answer: SubgraphAnswer) -> None:
        """Tell the caller, once."""
        if exchange.is_over:
            return
        exchange.is_over = True
        self.alarm.forget(exchange)
        exchange.done(answer)

    def _next(self) -> Exchange | None:
        while self.waiting:
            exchange = self.waiting.popleft()
            if not exchange.is_over:
                return exchange
        return None

    def _timed_out(self, exchange: Exchange) -> None:
        connection = exchange.connection
        if connection is not None and connection.has_begun and now() < exchange.deadline:
            self.alarm.watch(exchange, exchange.deadline)
            return
        phase = "take the request" if connection is None else "answer"
        message = f'Subgraph "{self.subgraph}" did not {phase} in time.'
        if connection is not None:
            connection.close()
        self.answered(exchange, failed("timeout", message))

    def _give_up(self, exchange: Exchange) -> None:
        if exchange.is_over:
            return
        exchange.is_over = True
        self.alarm.forget(exchange)
        if exchange.connection is not None:
            # In the middle of an answer nobody wants it cannot be used again.
            exchange.connection.close()

    def close(self) -> None:
        """End every connection that is idle; what waits is told."""
        self.is_closed = True
        for exchange in list(self.waiting):
            self.answered(exchange, failed("shutdown", "The router is stopping."))
        self.waiting.clear()
        for connection in list(self.idle):
            connection.close()
        for task in self.tasks:
            task.cancel()
        if self.sweeper is not None:
            self.sweeper.cancel()
