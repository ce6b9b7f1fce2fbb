"""The fast lane: `POST /graphql` answered in uvicorn's own protocol, without a scope or a task.

A request takes it when it is HTTP/1.1, asks for no upgrade and no `100 Continue`, and no earlier
one on its connection is still open; every other request goes the ASGI way. Both ways end in
`Endpoint.handle`, and a test holds their answers equal. Keep-alive, pipelining and shutdown stay
uvicorn's: what it asks of its own request cycle, `LaneCycle` answers too.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from router.execute.transport import Cancel, Headers, never_mind
from router.serve.endpoint import Answer, too_large
from router.serve.http_messages import HttpRequest, HttpResponse, json_response
from router.serve.streaming import StreamedResponse, deliver

if TYPE_CHECKING:
    from router.serve.asgi import Router

log = logging.getLogger(__name__)
FAILED = HttpResponse(
    500, ((b"content-type", b"text/plain; charset=utf-8"),), b"The router failed."
)


class NobodyWaits:
    """Stands for the event that ASGI's `receive` waits on; in the lane nothing does."""

    def set(self) -> None:
        """Wake nobody."""


NOBODY_WAITS = NobodyWaits()


@lru_cache(maxsize=256)
def head_of(status: int, headers: Headers, closing: bool) -> bytes:  # noqa: FBT001 - a cache's key
    """The response's head up to what says where its body ends."""
    lines = [STATUS_LINE[status]]
    lines += [b"%b: %b\r\n" % pair for pair in headers]
    if closing:
        lines.append(b"connection: close\r\n")
    return b"".join(lines)


class LaneCycle:
    """One request in the lane; what uvicorn reads of a cycle has uvicorn's names."""

    __slots__ = (
        "begun",
        "body",
        "cancel",
        "disconnected",
        "keep_alive",
        "lane",
        "origin",
        "response_complete",
        "size",
    )
    message_event = NOBODY_WAITS

    def __init__(self, lane: FastLane, *, keep_alive: bool) -> None:
        self.lane = lane
        self.keep_alive = keep_alive
        self.disconnected = False
        self.response_complete = False
        self.body: bytes | list[bytes] = b""
        self.size = 0
        self.origin: bytes | None = None
        self.begun = 0.0
        self.cancel: Cancel = never_mind

    def respond(self, answer: Answer) -> None:
        """Write the answer: whole, in one call, or piece by piece in a task."""
        lane = self.lane
        self.cancel = never_mind
        lane.router.metrics.answered(answer.status, lane.loop.time() - self.begun)
        if isinstance(answer, StreamedResponse):
            lane.carry(self._carry(answer))
            return
        if self.disconnected or lane.transport.is_closing():
            self.response_complete = True
            return
        body, headers = answer.body, answer.headers
        if self.origin is not None or lane.server_state.default_headers:
            headers = self._with_common(headers)
        head = head_of(answer.status, headers, not self.keep_alive)
        lane.transport.write(b"%bcontent-length: %d\r\n\r\n%b" % (head, len(body), body))
        self._finish()

    def _with_common(self, headers: Headers) -> Headers:
        """The answer's headers and those that do not depend on it."""
        lane = self.lane
        shared = lane.router.cors.headers(self.origin)
        return (*lane.server_state.default_headers, *headers, *shared)

    def _finish(self) -> None:
        self.response_complete = True
        if not self.keep_alive:
            self.lane.transport.close()
        self.lane.on_response_complete()

    async def _carry(self, answer: StreamedResponse) -> None:
        """Send a streamed answer; what goes wrong midway is shown by a body without an end."""
        transport = self.lane.transport
        try:
            headers = self._with_common(answer.headers)
            head = head_of(answer.status, headers, not self.keep_alive)
            transport.write(b"%btransfer-encoding: chunked\r\n\r\n" % head)
            await deliver(answer.chunks, self._write)
        except (asyncio.CancelledError, ConnectionError, TimeoutError):  # the client has left
            transport.abort()
        except Exception:
            log.exception("stream_failed")
            transport.abort()
        else:
            transport.write(b"0\r\n\r\n")
            self._finish()

    async def _write(self, chunk: bytes) -> None:
        lane = self.lane
        if lane.transport.is_closing():
            raise ConnectionResetError
        lane.transport.write(b"%x\r\n%b\r\n" % (len(chunk), chunk))
        if lane.flow.write_paused:
            await lane.flow.drain()


class FastLane(HttpToolsProtocol):
    """uvicorn's protocol with a lane for GraphQL; `router` is set by `fast_lane`."""

    router: Router
    target: bytes

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.lane: LaneCycle | None = None
        self.carrying: asyncio.Task[None] | None = None
        # Requests that were not answered when the next one came; uvicorn knows only the last.
        self.unanswered: list[Any] = []

    def on_message_begin(self) -> None:
        """Start a request; what only ASGI needs is made when it is known to go there."""
        self.url = b""
        self.headers = []

    def on_header(self, name: bytes, value: bytes) -> None:
        """Collect a header."""
        self.headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        """Choose the way."""
        if self.url == self.target and self._is_plain():
            cycle = LaneCycle(self, keep_alive=self.parser.should_keep_alive())
            self.cycle = cycle  # type: ignore[assignment]
            self.lane = cycle
            return
        url, headers, earlier = self.url, self.headers, self.cycle
        super().on_message_begin()
        self.url, self.headers, self.scope["headers"] = url, headers, headers
        self.expect_100_continue = any(
            name == b"expect" and value.lower() == b"100-continue" for name, value in headers
        )
        super().on_headers_complete()
        if earlier is not None and not earlier.response_complete:
            still = [cycle for cycle in self.unanswered if not cycle.response_complete]
            self.unanswered = [*still, earlier]

    def _is_plain(self) -> bool:
        """Whether the request may go the lane."""
        parser, cycle = self.parser, self.cycle
        return (
            parser.get_method() == b"POST"
            and (cycle is None or cycle.response_complete)
            and not self.flow.write_paused
            and not parser.should_upgrade()
            and parser.get_http_version() == "1.1"
            and self.limit_concurrency is None
            and not any(name == b"expect" for name, _ in self.headers)
        )

    def on_body(self, body: bytes) -> None:
        """Collect a piece of the body, up to the limit."""
        cycle = self.lane
        if cycle is None:
            super().on_body(body)
            return
        cycle.size += len(body)
        if cycle.size > self.router.endpoint.rules.max_body:
            self.lane = None
            cycle.keep_alive = False  # the rest is not read
            self._start(cycle, None)
        elif not cycle.body:
            cycle.body = body
        elif isinstance(cycle.body, list):
            cycle.body.append(body)
        else:
            cycle.body = [cycle.body, body]

    def on_message_complete(self) -> None:
        """The request is whole."""
        cycle = self.lane
        if cycle is None:
            super().on_message_complete()
            return
        self.lane = None
        body, cycle.body = cycle.body, b""
        self._start(cycle, b"".join(body) if isinstance(body, list) else body)

    def _start(self, cycle: LaneCycle, body: bytes | None) -> None:
        """Hand the request to the endpoint; no body means that it was too large."""
        cycle.begun = self.loop.time()
        headers = tuple(self.headers)
        for name, value in headers:
            if name == b"origin":
                cycle.origin = value
        endpoint = self.router.endpoint
        if body is None:
            refused = too_large(endpoint.rules.max_body)
            cycle.respond(json_response(refused.status, {"errors": refused.errors}))
            return
        http = HttpRequest("POST", self.router.paths.graphql, b"", headers, body)
        try:
            cancel = endpoint.handle(http, cycle.respond)
        except Exception:
            log.exception("request_failed")
            cycle.keep_alive = False
            cycle.respond(FAILED)
            return
        if not cycle.response_complete:
            cycle.cancel = cancel

    def _should_upgrade_to_ws(self) -> bool:
        """Whether WebSockets are served; asked instead of `Config(ws=...)`."""
        return self.router.websocket is not None

    def handle_websocket_upgrade(self) -> None:
        """Go on as a WebSocket; what speaks it is loaded by the first client that does."""
        from uvicorn.protocols.websockets import websockets_sansio_impl  # noqa: PLC0415 - see above

        self.ws_protocol_class = websockets_sansio_impl.WebSocketsSansIOProtocol
        super().handle_websocket_upgrade()

    def carry(self, sending: Coroutine[Any, Any, None]) -> None:
        """Send a streamed answer in a task that uvicorn, when it stops, waits for."""
        task = self.carrying = self.loop.create_task(sending)
        self.tasks.add(task)
        task.add_done_callback(self._carried)

    def _carried(self, task: asyncio.Task[None]) -> None:
        self.tasks.discard(task)
        self.carrying = None

    def connection_lost(self, exc: Exception | None) -> None:
        """The client has left: so do the requests to subgraphs on its behalf."""
        super().connection_lost(exc)
        if self.carrying is not None:
            self.carrying.cancel()
        for cycle in (*self.unanswered, self.cycle):
            if isinstance(cycle, LaneCycle):
                cancel, cycle.cancel = cycle.cancel, never_mind
                cancel()
            elif cycle is not None and not cycle.response_complete:
                cycle.disconnected = True
                cycle.message_event.set()


def fast_lane(router: Router) -> type[HttpToolsProtocol]:
    """The protocol class to give to `uvicorn.Config(http=...)` for this router."""
    attributes = {"router": router, "target": router.paths.graphql.encode()}
    return type("FastLaneOfRouter", (FastLane,), attributes)
