"""The connections to one subgraph: a bounded number, the last used first, a bounded queue."""

from __future__ import annotations

import asyncio
import ssl
from collections import deque
from dataclasses import dataclass, field
from urllib.parse import SplitResult

from router.execute.subgraph_client.connection import Connection, Exchange
from router.execute.transport import Cancel, Done, Headers, SubgraphAnswer, failed


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one pool: connections, waiting requests, seconds to connect, bytes of an answer."""

    connections: int = 100
    queue: int = 10_000
    connect_seconds: float = 5.0
    answer_bytes: int = 32 * 1024 * 1024


@dataclass(slots=True, eq=False)
class Pool:
    """Sends requests to one address. `tls` is None for plain HTTP."""

    subgraph: str
    url: SplitResult
    limits: Limits
    tls: ssl.SSLContext | None
    idle: list[Connection] = field(default_factory=list)
    waiting: deque[Exchange] = field(default_factory=deque)
    open: int = 0
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    is_closed: bool = False
    head: bytes = b""

    def __post_init__(self) -> None:
        path = (self.url.path or "/") + (f"?{self.url.query}" if self.url.query else "")
        host = self.url.netloc.rsplit("@", 1)[-1]
        self.head = (
            f"POST {path} HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\n"
            "accept: application/json\r\n"
        ).encode()

    def send(self, body: bytes, headers: Headers, deadline: float, done: Done) -> Cancel:
        """Send a request, now or when a connection is free; see SubgraphTransport.send."""
        loop = asyncio.get_running_loop()
        extra = b"".join(b"%b: %b\r\n" % pair for pair in headers)
        request = b"%b%bcontent-length: %d\r\n\r\n%b" % (self.head, extra, len(body), body)
        exchange = Exchange(request, done)
        if self.is_closed:
            loop.call_soon(self.answered, exchange, failed("shutdown", "The router is stopping."))
        else:
            exchange.timer = loop.call_at(deadline, self._timed_out, exchange)
            self._dispatch(exchange)
        return lambda: self._give_up(exchange)

    def _dispatch(self, exchange: Exchange) -> None:
        while self.idle:
            connection = self.idle.pop()
            if connection.is_open:
                exchange.connection = connection
                connection.start(exchange)
                return
        loop = asyncio.get_running_loop()
        if self.open < self.limits.connections:
            self._open()
        elif len(self.waiting) >= self.limits.queue:
            message = (
                f'Subgraph "{self.subgraph}" has {self.limits.connections} requests under way and '
                f"{self.limits.queue} waiting; this one was refused."
            )
            loop.call_soon(self.answered, exchange, failed("overloaded", message))
            return
        self.waiting.append(exchange)

    def _open(self) -> None:
        self.open += 1
        task = asyncio.get_running_loop().create_task(self._connect())
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _connect(self) -> None:
        loop = asyncio.get_running_loop()
        port = self.url.port or (443 if self.tls else 80)
        try:
            async with asyncio.timeout(self.limits.connect_seconds):
                _, connection = await loop.create_connection(
                    lambda: Connection(self.subgraph, self.limits.answer_bytes, self),
                    self.url.hostname or "",
                    port,
                    ssl=self.tls,
                )
        except (OSError, TimeoutError) as error:
            self.open -= 1
            why = "no answer in time" if isinstance(error, TimeoutError) else str(error)
            message = f'Subgraph "{self.subgraph}" could not be connected to: {why}.'
            exchange = self._next()
            if exchange is not None:
                self.answered(exchange, failed("connect", message))
            return
        self.freed(connection)

    def freed(self, connection: Connection) -> None:
        """Give the connection the next request, or keep it for a later one."""
        if self.is_closed:
            connection.close()
            return
        if not connection.is_open:  # ended already, before it was used
            return
        exchange = self._next()
        if exchange is None:
            self.idle.append(connection)
        else:
            exchange.connection = connection
            connection.start(exchange)

    def ended(self, connection: Connection) -> None:
        """Forget the connection; whoever waits gets a new one."""
        self.open -= 1
        if connection in self.idle:
            self.idle.remove(connection)
        if self.waiting and self.open < self.limits.connections and not self.is_closed:
            self._open()

    def unsent(self, exchange: Exchange) -> None:
        """An idle connection turned out to be dead: send once more, on another."""
        exchange.is_retry = True
        exchange.connection = None
        if not exchange.is_over:
            self._dispatch(exchange)

    def answered(self, exchange: Exchange, answer: SubgraphAnswer) -> None:
        """Tell the caller, once."""
        if exchange.is_over:
            return
        exchange.is_over = True
        if exchange.timer is not None:
            exchange.timer.cancel()
        exchange.done(answer)

    def _next(self) -> Exchange | None:
        while self.waiting:
            exchange = self.waiting.popleft()
            if not exchange.is_over:
                return exchange
        return None

    def _timed_out(self, exchange: Exchange) -> None:
        phase = "answer" if exchange.connection else "take the request"
        message = f'Subgraph "{self.subgraph}" did not {phase} in time.'
        connection = exchange.connection
        self.answered(exchange, failed("timeout", message))
        if connection is not None:
            connection.close()

    def _give_up(self, exchange: Exchange) -> None:
        if exchange.is_over:
            return
        exchange.is_over = True
        if exchange.timer is not None:
            exchange.timer.cancel()
        if exchange.connection is not None:
            # In the middle of an answer nobody wants it cannot be used again.
            exchange.connection.close()

    def close(self) -> None:
        """End every connection; what waits is told."""
        self.is_closed = True
        for exchange in list(self.waiting):
            self.answered(exchange, failed("shutdown", "The router is stopping."))
        self.waiting.clear()
        for connection in list(self.idle):
            connection.close()
        for task in self.tasks:
            task.cancel()
