"""The subscriptions that clients have open: begun within bounds, written in their form, ended."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from weakref import WeakSet

from router.execute.engine import ExecutionRequest
from router.execute.errors import request_error
from router.execute.interpreter import Interpreter
from router.execute.json_values import JSON
from router.execute.prepared import OperationError, PreparedOperation
from router.execute.requests import RootRequest, body_of
from router.execute.subgraph_client.tls import tls_context
from router.execute.subscriptions.inbox import Ended, Inbox
from router.execute.subscriptions.open_source import open_source
from router.execute.subscriptions.run import Subscription, primary_request
from router.execute.subscriptions.source import (
    OpenSource,
    SourceLimits,
    SourceProtocol,
    SourceRequest,
)
from router.execute.transport import Headers, never_mind
from router.serve.event_forms import EventForm
from router.serve.served import Served
from router.serve.streaming import StreamedResponse, with_heartbeat

RELOADED = request_error(
    "The subscription has ended because the schema has changed; subscribe again.",
    "SUBSCRIPTION_SCHEMA_RELOAD",
)
STOPPING = request_error(
    "The subscription has ended because the router is stopping; subscribe again.",
    "SUBSCRIPTION_SHUTDOWN",
)
# Clients are told that the router stops; one that does not listen is not waited for.
STOP_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Way:
    """How one subgraph is subscribed at; `path` takes the place of its URL's, `tls` that of the
    system's authorities.
    """

    protocol: SourceProtocol = "http"
    path: str | None = None
    limits: SourceLimits = field(default_factory=SourceLimits)
    tls: ssl.SSLContext | None = None

    def url(self, address: str) -> str:
        """Where to, given the subgraph's URL."""
        url = urlsplit(address)
        scheme = url.scheme if self.protocol == "http" else url.scheme.replace("http", "ws", 1)
        return url._replace(scheme=scheme, path=self.path or url.path).geturl()

    def request(
        self, subgraph: str, address: str, body: bytes, headers: Headers = ()
    ) -> SourceRequest:
        """What to open a conversation with, given the subgraph's URL."""
        is_secure = urlsplit(address).scheme == "https"
        tls = (self.tls or tls_context()) if is_secure else None
        url = self.url(address)
        return SourceRequest(subgraph, url, self.protocol, body, headers, self.limits, tls)


def over_http(_subgraph: str) -> Way:
    """Every subgraph in the same way."""
    return Way()


@dataclass(frozen=True, slots=True)
class SubscriptionRules:
    """What the settings say: `seconds` may pass between an event and its response, `heartbeat`
    between two signs of life to a client.
    """

    is_enabled: bool = True
    max_opened: int = 10_000
    queue_capacity: int = 128
    seconds: float = 60.0
    heartbeat: float = 5.0
    way: Callable[[str], Way] = over_http


@dataclass(slots=True, eq=False)
class Subscriptions:
    """Those of one router. `dropped` is called for each event that a slow client misses."""

    rules: SubscriptionRules = field(default_factory=SubscriptionRules)
    interpreter: Interpreter = field(default_factory=Interpreter)
    dropped: Callable[[], None] = never_mind
    open_source: OpenSource = open_source
    _opened: WeakSet[Inbox] = field(default_factory=WeakSet)
    _is_stopping: bool = False
    _fewer: asyncio.Event = field(default_factory=asyncio.Event)

    def __len__(self) -> int:
        return len(self._opened)

    def answer(
        self,
        operation: PreparedOperation,
        execution: ExecutionRequest,
        served: Served,
        form: EventForm,
    ) -> StreamedResponse:
        """An answer that goes on as long as the subscription. Raises OperationError."""
        self._check()
        primary = primary_request(operation)
        inbox = Inbox(self.rules.queue_capacity, self.dropped)
        self._opened.add(inbox)
        subscription = Subscription(
            operation,
            primary,
            execution,
            self.rules.seconds,
            served.transport,
            self.interpreter,
            inbox,
        )
        source = self.open_source(self._asked(primary, execution, served))
        chunks = self._told(inbox, form, subscription.responses(source))
        return StreamedResponse(200, form.headers, chunks)

    def end_all(self, error: JSON) -> None:
        """End every subscription now, with this error."""
        for inbox in list(self._opened):
            inbox.cut([error])

    async def stop(self) -> None:
        """End them, and begin none any more; returns when the clients have been told."""
        self._is_stopping = True
        self.end_all(STOPPING)
        with suppress(TimeoutError):
            async with asyncio.timeout(STOP_SECONDS):
                while self._opened:
                    self._fewer.clear()
                    await self._fewer.wait()

    def _check(self) -> None:
        if not self.rules.is_enabled:
            message = "Subscriptions are switched off (subscription.enabled)."
            raise OperationError([request_error(message, "SUBSCRIPTION_DISABLED")])
        if self._is_stopping:
            raise OperationError([STOPPING])
        if len(self._opened) >= self.rules.max_opened:
            message = (
                f"{self.rules.max_opened} subscriptions are open, and no more are allowed "
                "(subscription.max_opened_subscriptions); try again later."
            )
            raise OperationError([request_error(message, "SUBSCRIPTION_MAX_LIMIT")])

    def _asked(
        self, primary: RootRequest, execution: ExecutionRequest, served: Served
    ) -> SourceRequest:
        name = primary.subgraph
        body = body_of(primary, execution.variables, {})
        headers = execution.headers(name)
        return self.rules.way(name).request(name, served.addresses[name], body, headers)

    async def _told(
        self, inbox: Inbox, form: EventForm, responses: AsyncGenerator[bytes, None]
    ) -> AsyncGenerator[bytes, None]:
        try:
            if form.opening:
                yield form.opening
            async with aclosing(with_heartbeat(responses, self.rules.heartbeat)) as bodies:
                async for body in bodies:
                    yield form.heartbeat if body is None else form.next(body)
        except Ended as ended:
            yield form.fatal(ended.errors) if ended.errors else form.closing
        finally:
            self._opened.discard(inbox)
            self._fewer.set()
