"""POST /graphql as a raw ASGI application in front of the service's other pages.

It answers GraphQL over HTTP in JSON (https://graphql.github.io/graphql-over-http/draft/). The
endpoint is what a router's request meets, so it does little: look the prepared operation up,
know the caller, execute, encode with orjson.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Generic, TypeGuard, TypeVar, cast

import orjson
import strawberry
from graphql import DocumentNode, ExecutionResult, execute
from prometheus_client import Counter, Histogram
from strawberry.execution import optimized_is_awaitable

from subgraphs.chassis.access_tokens import AccessTokens
from subgraphs.chassis.caller import Caller
from subgraphs.chassis.federated_schema import core_schema
from subgraphs.chassis.graphql_errors import format_error, refusal_entry
from subgraphs.chassis.prepared_operations import PreparedOperations
from subgraphs.chassis.refusal import Refusal
from subgraphs.chassis.resolver_context import Context
from subgraphs.chassis.tracing import enter_trace

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]
App = TypeVar("App")

_is_awaitable = cast("Callable[[Any], TypeGuard[Awaitable[Any]]]", optimized_is_awaitable)

PATH = "/graphql"
LARGEST_BODY = 4 << 20
REQUEST_SECONDS = 30.0
_JSON = b"application/json; charset=utf-8"
_GRAPHQL_JSON = b"application/graphql-response+json; charset=utf-8"

_seconds = Histogram(
    "graphql_request_seconds",
    "Time to answer a GraphQL request",
    ["service"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)

_surprises = Counter(
    "graphql_compiled_surprises", "Compiled queries that graphql-core had to answer", ["service"]
)


class BadRequestError(Exception):
    """The HTTP request is no GraphQL request; `status` and message say why."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class GraphqlEndpoint(Generic[App]):
    """ASGI: /graphql here, every other path to `pages`."""

    def __init__(
        self,
        service: str,
        schema: strawberry.federation.Schema,
        app: App,
        tokens: AccessTokens,
        pages: ASGIApp,
    ) -> None:
        self._schema = core_schema(schema)
        self._operations = PreparedOperations(self._schema)
        self._app = app
        self._tokens = tokens
        self._pages = pages
        self._seconds = _seconds.labels(service)
        self._surprises = _surprises.labels(service)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI entry."""
        if scope["type"] != "http" or scope["path"] != PATH:
            await self._pages(scope, receive, send)
            return
        started = time.perf_counter()
        headers: dict[bytes, bytes] = dict(scope["headers"])
        modern = b"application/graphql-response+json" in headers.get(b"accept", b"")
        try:
            request = await _read(scope, headers, receive)
            status, answer = await self._answer(request, headers)
        except BadRequestError as error:
            status, answer = error.status, _failure("BAD_REQUEST", str(error))
        except Refusal as refusal:
            status, answer = _status_of(refusal), {"errors": [refusal_entry(refusal)]}
        except TimeoutError:
            status = 504
            answer = _failure("TIMEOUT", f"No answer within {REQUEST_SECONDS:g} s; try again.")
        if status == 400 and not modern and "errors" in answer:
            status = 200
        await _send(send, status, orjson.dumps(answer), modern=modern)
        self._seconds.observe(time.perf_counter() - started)

    async def _answer(
        self, request: dict[str, Any], headers: dict[bytes, bytes]
    ) -> tuple[int, dict[str, Any]]:
        trace = headers.get(b"traceparent")
        enter_trace(trace.decode("latin-1") if trace else None)
        authorization = headers.get(b"authorization")
        caller = await self._tokens.caller(
            authorization.decode("latin-1") if authorization is not None else None
        )
        prepared = self._operations.get(request["query"])
        if prepared.document is None:
            return 400, {"errors": [format_error(error) for error in prepared.errors]}
        if prepared.compiled is not None:
            limit = asyncio.timeout(REQUEST_SECONDS)
            try:
                async with limit:
                    context = Context(caller, self._app)
                    data = await prepared.compiled.run(context, request.get("variables") or {})
                return 200, {"data": data}
            except Exception:
                if limit.expired():
                    raise
                # graphql-core knows what to answer.
                self._surprises.inc()
        return await self._interpreted(prepared.document, request, caller)

    async def _interpreted(
        self, document: DocumentNode, request: dict[str, Any], caller: Caller
    ) -> tuple[int, dict[str, Any]]:
        """The answer of graphql-core: mutations, errors, and anything unusual."""
        running = execute(
            self._schema,
            document,
            context_value=Context(caller, self._app),
            variable_values=request.get("variables"),
            operation_name=request.get("operationName"),
            is_awaitable=_is_awaitable,
        )
        if not isinstance(running, ExecutionResult):
            async with asyncio.timeout(REQUEST_SECONDS):
                running = await running
        if not running.errors:
            return 200, {"data": running.data}
        errors = [format_error(error) for error in running.errors]
        if running.data is None and not any(error.path for error in running.errors):
            return 400, {"errors": errors}
        return 200, {"data": running.data, "errors": errors}


async def _read(scope: Scope, headers: dict[bytes, bytes], receive: Receive) -> dict[str, Any]:
    """The request's JSON object, its members checked. Raises BadRequestError."""
    if scope["method"] != "POST":
        raise BadRequestError(405, "This endpoint takes POST with a JSON body.")
    if not headers.get(b"content-type", b"").startswith(b"application/json"):
        raise BadRequestError(415, "The body must be application/json.")
    body = await _body(receive)
    try:
        request = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise BadRequestError(400, f"The body is not JSON: {error}.") from None
    if not isinstance(request, dict) or not isinstance(request.get("query"), str):
        raise BadRequestError(400, 'The body must be a JSON object with "query" as a string.')
    if not isinstance(request.get("variables"), dict | None):
        raise BadRequestError(400, '"variables" must be an object.')
    if not isinstance(request.get("operationName"), str | None):
        raise BadRequestError(400, '"operationName" must be a string.')
    return request


async def _body(receive: Receive) -> bytes:
    message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body"):
        message = await receive()
        body += message.get("body", b"")
        if len(body) > LARGEST_BODY:
            raise BadRequestError(413, f"The body is larger than {LARGEST_BODY >> 20} MiB.")
    return body


async def _send(send: Send, status: int, body: bytes, *, modern: bool) -> None:
    headers = [
        (b"content-type", _GRAPHQL_JSON if modern else _JSON),
        (b"content-length", b"%d" % len(body)),
    ]
    if status == 405:
        headers.append((b"allow", b"POST"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _failure(code: str, message: str) -> dict[str, Any]:
    return {"errors": [{"message": message, "extensions": {"code": code}}]}


def _status_of(refusal: Refusal) -> int:
    return {"UNAUTHENTICATED": 401, "UNAVAILABLE": 503}.get(refusal.code, 400)
