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
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from router.execute.transport import Headers, never_mind
from router.serve.endpoint import too_large
from router.serve.http_messages import HttpRequest, HttpResponse, json_response
from router.serve.lane_cycle import LaneCycle

if TYPE_CHECKING:
    from router.serve.asgi import Router

log = logging.getLogger(__name__)
FAILED = HttpResponse(
    500, ((b"content-type", b"text/plain; charset=utf-8"),), b"The router failed."
)


BLANK_LINE = b"\r\n\r\n"
MAX_KNOWN_HEAD = 4096


class KnownHead(Struct, frozen=True, gc=False):
    """The head of a request that went the lane, with its blank line, and what was read in it.

    A client's requests on one connection mostly differ in their bodies only. A message that begins
    with the same bytes as the last one is read alike, so the parser need not see it.
    """

    text: bytes
    headers: Headers
    message_size: int


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
        self.known: KnownHead | None = None
        # What arrived at once, where a message began with it.
        self.arrived = b""
        self.is_between_messages = True
        self.idle_since: float | None = None

    def data_received(self, data: bytes) -> None:
        """Take a whole message with a known head by hand, others by the parser."""
        self.idle_since = None
        known = self.known
        if (
            known is not None
            and len(data) == known.message_size
            and data.startswith(known.text)
            and self.is_between_messages
            and self._is_free()
        ):
            self.cycle = cycle = LaneCycle(self, keep_alive=True)  # type: ignore[assignment]
            self._start(cycle, known.headers, data[len(known.text) :])
            return
        self.arrived = data if self.is_between_messages else b""
        super().data_received(data)

    def on_message_begin(self) -> None:
        """Start a request; what only ASGI needs is made when it is known to go there."""
        self.is_between_messages = False
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
        parser = self.parser
        return (
            parser.get_method() == b"POST"
            and self._is_free()
            and not parser.should_upgrade()
            and parser.get_http_version() == "1.1"
            and self.limit_concurrency is None
            and not any(name == b"expect" for name, _ in self.headers)
        )

    def _is_free(self) -> bool:
        """Whether nothing is under way on this connection."""
        cycle = self.cycle
        return (cycle is None or cycle.response_complete) and not self.flow.write_paused

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
            self._start(cycle, tuple(self.headers), None)
        elif not cycle.body:
            cycle.body = body
        elif isinstance(cycle.body, list):
            cycle.body.append(body)
        else:
            cycle.body = [cycle.body, body]

    def on_message_complete(self) -> None:
        """The request is whole."""
        self.is_between_messages = True
        cycle = self.lane
        if cycle is None:
            super().on_message_complete()
            return
        self.lane = None
        headers = tuple(self.headers)
        body, cycle.body = cycle.body, b""
        if isinstance(body, list):
            body = b"".join(body)
        elif cycle.keep_alive:
            self._remember(headers, body)
        self._start(cycle, headers, body)

    def _remember(self, headers: Headers, body: bytes) -> None:
        """Keep the head for the next message, if this one and nothing else has just arrived.

        The head must be all that is before the body, up to the first blank line: so the message is
        not chunked, and is alone.
        """
        size = len(self.arrived) - len(body)
        end = self.arrived.find(BLANK_LINE) + len(BLANK_LINE)
        if end == size <= MAX_KNOWN_HEAD:
            self.known = KnownHead(self.arrived[:size], headers, len(self.arrived))

    def _start(self, cycle: LaneCycle, headers: Headers, body: bytes | None) -> None:
        """Hand the request to the endpoint; no body means that it was too large."""
        cycle.begun = self.loop.time()
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

    def on_response_complete(self) -> None:
        """As uvicorn's, but that a connection has one timer, where uvicorn sets one a request."""
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
            return
        self.idle_since = self.loop.time()
        if self.timeout_keep_alive_task is None:
            self._look_later(self.timeout_keep_alive)

    def _look_later(self, seconds: float) -> None:
        look = self.timeout_keep_alive_handler
        self.timeout_keep_alive_task = self.loop.call_later(seconds, look)

    def timeout_keep_alive_handler(self) -> None:
        """Close the connection if it has been idle for long enough."""
        self.timeout_keep_alive_task = None
        if self.idle_since is None:
            return  # the end of the answer under way sets the timer again
        left = self.idle_since + self.timeout_keep_alive - self.loop.time()
        if left > 0:
            self._look_later(left)
        else:
            super().timeout_keep_alive_handler()

    def _unset_keepalive_if_required(self) -> None:
        """Let the timer run: `idle_since` tells it what to do."""

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
        if self.timeout_keep_alive_task is not None:
            self.timeout_keep_alive_task.cancel()
        if self.carrying is not None:
            self.carrying.cancel()
        for cycle in (*self.unanswered, self.cycle):
            if isinstance(cycle, LaneCycle):
                cancel, cycle.cancel = cycle.cancel, never_mind
                cancel()
            elif cycle is not None and not cycle.response_complete:
                cycle.disconnected = True
                cycle.message_event.set()
        # What is under way knows the connection: without this each would keep the other.
        self.cycle, self.unanswered = None, []  # type: ignore[assignment]
        self.known, self.arrived = None, b""


def fast_lane(router: Router) -> type[HttpToolsProtocol]:
    """The protocol class to give to `uvicorn.Config(http=...)` for this router."""
    attributes = {"router": router, "target": router.paths.graphql.encode()}
    return type("FastLaneOfRouter", (FastLane,), attributes)
