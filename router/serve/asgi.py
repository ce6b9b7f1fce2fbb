"""The router as an ASGI application: routes, and the way from ASGI messages to `Endpoint`."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from msgspec import structs

from router.execute.transport import Headers, now
from router.serve.asgi_types import Receive, Scope, Send
from router.serve.cors import CorsRules
from router.serve.endpoint import Answer, Endpoint, too_large
from router.serve.health import Health
from router.serve.http_messages import HttpRequest, HttpResponse, json_response
from router.serve.landing import Landing
from router.serve.metrics import Metrics
from router.serve.negotiation import wants_page
from router.serve.streaming import StreamedResponse, deliver
from router.serve.websocket import WebSocketRules, converse


class _ClientLeft(Exception):  # noqa: N818 - a fact, not a fault
    """Nobody waits for the answer any more."""


@dataclass(frozen=True, slots=True)
class Paths:
    """Where what is served; None switches it off."""

    graphql: str = "/graphql"
    health: str | None = "/health"
    metrics: str | None = "/metrics"


@dataclass(frozen=True, slots=True)
class Router:
    """The ASGI application. Everything it answers with is made elsewhere."""

    endpoint: Endpoint
    health: Health
    metrics: Metrics
    cors: CorsRules
    landing: Landing | None
    paths: Paths
    websocket: WebSocketRules | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection's scope (ASGI 3)."""
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await self._websocket(scope, receive, send)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        origin, host = headers.get(b"origin"), headers.get(b"host")
        is_let_in = scope["path"] == self.paths.graphql and self.cors.lets_in(origin, host)
        if self.websocket is None or not is_let_in:
            await send({"type": "websocket.close"})  # before it is accepted: a 403
            return
        await converse(self.endpoint, self.websocket, scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = now()
        headers: Headers = tuple(scope["headers"])
        try:
            body = await self._body(headers, receive)
            path, query = scope["path"], scope.get("query_string", b"")
            http = HttpRequest(scope["method"], path, query, headers, body or b"")
            if body is None:
                response: Answer = _too_large(self.endpoint.rules.max_body)
            else:
                response = await self._response(http, receive)
        except _ClientLeft:
            return
        self.metrics.answered(response.status, now() - begun)
        if isinstance(response, StreamedResponse):
            await _stream(response, receive, send)
        else:
            await _send(response, http, send)

    async def _response(self, http: HttpRequest, receive: Receive) -> Answer:
        if http.path == self.paths.graphql:
            return await self._graphql(http, receive)
        if http.method not in {"GET", "HEAD"}:
            return _not_found(http, self.paths)
        served = self.endpoint.served
        health = self.paths.health
        if health is not None and http.path == health:
            return await self.health.all(served)
        if health is not None and http.path == f"{health}/live":
            return self.health.live()
        if health is not None and http.path == f"{health}/ready":
            return self.health.ready(served)
        if http.path == self.paths.metrics:
            return self._metrics_page()
        page = self.landing.asset(http.path) if self.landing else None
        return page or _not_found(http, self.paths)

    def _metrics_page(self) -> HttpResponse:
        # Only those who scrape it pay for prometheus_client: 3 MB and 30 ms, once.
        from router.serve.metrics_page import metrics_page  # noqa: PLC0415

        plans, subscriptions = self.endpoint.served.plans, self.endpoint.subscriptions
        return metrics_page(self.metrics, len(plans), len(subscriptions))

    async def _graphql(self, http: HttpRequest, receive: Receive) -> Answer:
        if self.cors.is_preflight(http):
            return self.cors.preflight(http)
        is_page = http.method == "GET" and b"query=" not in http.query
        if self.landing is not None and is_page and wants_page(http.header(b"accept")):
            return self.landing.page
        response = await self._answer(http, receive)
        extra = self.cors.headers(http.header(b"origin"))
        return structs.replace(response, headers=(*response.headers, *extra))

    async def _answer(self, http: HttpRequest, receive: Receive) -> Answer:
        """The endpoint's answer; a client that leaves before takes its subgraph requests along."""
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()

        def respond(response: Answer) -> None:
            if not future.done():
                future.set_result(response)

        cancel = self.endpoint.handle(http, respond)
        if future.done():
            return future.result()
        leaving = asyncio.ensure_future(_left(receive))
        first: set[asyncio.Future[Any]] = {future, leaving}
        try:
            await asyncio.wait(first, return_when=asyncio.FIRST_COMPLETED)
            if future.done():
                return future.result()
            raise _ClientLeft
        finally:
            leaving.cancel()
            cancel()

    async def _body(self, headers: Headers, receive: Receive) -> bytes | None:
        """The whole body; None when it is larger than allowed. Raises _ClientLeft."""
        limit = self.endpoint.rules.max_body
        announced = next((value for name, value in headers if name == b"content-length"), b"0")
        if announced.isdigit() and int(announced) > limit:
            return None
        parts: list[bytes] = []
        size = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise _ClientLeft
            part = message.get("body", b"")
            size += len(part)
            if size > limit:
                return None
            parts.append(part)
            if not message.get("more_body", False):
                return b"".join(parts)


async def _send(response: HttpResponse, http: HttpRequest, send: Send) -> None:
    length = (b"content-length", str(len(response.body)).encode())
    headers = response.headers if response.status == 204 else (*response.headers, length)
    await send({"type": "http.response.start", "status": response.status, "headers": list(headers)})
    body = b"" if http.method == "HEAD" else response.body
    await send({"type": "http.response.body", "body": body})


async def _stream(response: StreamedResponse, receive: Receive, send: Send) -> None:
    """Send a streamed answer; it ends early when the client leaves."""
    carrying = asyncio.ensure_future(_carry(response, send))
    leaving = asyncio.ensure_future(_left(receive))
    both: set[asyncio.Future[None]] = {carrying, leaving}
    try:
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        if carrying.done():
            carrying.result()
    finally:
        for task in both:
            task.cancel()
        await asyncio.wait(both)


async def _carry(response: StreamedResponse, send: Send) -> None:
    async def write(chunk: bytes) -> None:
        await send({"type": "http.response.body", "body": chunk, "more_body": True})

    start = {"status": response.status, "headers": list(response.headers)}
    await send({"type": "http.response.start", **start})
    await deliver(response.chunks, write)
    await send({"type": "http.response.body", "body": b""})


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


def _too_large(limit: int) -> HttpResponse:
    refused = too_large(limit)
    return json_response(refused.status, {"errors": refused.errors})


def _not_found(http: HttpRequest, paths: Paths) -> HttpResponse:
    message = f"There is nothing at {http.path}; GraphQL is at {paths.graphql}."
    return json_response(404, {"errors": [{"message": message}]})
