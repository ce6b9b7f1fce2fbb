"""From a subgraph's events to a client's responses.

https://spec.graphql.org/October2021/#sec-Subscription
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

from msgspec.structs import replace

from router.execute.answers import Understood
from router.execute.engine import ExecutionRequest, Response
from router.execute.errors import SubgraphError, request_error
from router.execute.interpreter import Event, Interpreter
from router.execute.prepared import PreparedOperation
from router.execute.requests import RootRequest, request_of
from router.execute.subscriptions.inbox import Inbox
from router.execute.subscriptions.source import SourceFailed
from router.execute.transport import SubgraphTransport
from router.plan.nodes import Subscription as SubscriptionNode

log = logging.getLogger(__name__)


def primary_request(operation: PreparedOperation) -> RootRequest:
    """What the subgraph that has the events is asked."""
    node = operation.plan.node
    if isinstance(node, SubscriptionNode):
        request = request_of(node.primary)
        if isinstance(request, RootRequest):
            return request
    raise AssertionError("the plan of a subscription has a primary fetch at the root")


@dataclass(frozen=True, slots=True, eq=False)
class Subscription:
    """One client's subscription. `seconds` is what may pass between an event and its response;
    `request.deadline` is not used.
    """

    operation: PreparedOperation
    primary: RootRequest
    request: ExecutionRequest
    seconds: float
    transport: SubgraphTransport
    interpreter: Interpreter
    inbox: Inbox

    async def responses(
        self, source: AsyncGenerator[Understood, None]
    ) -> AsyncGenerator[bytes, None]:
        """A response body for each event. Raises Ended. Closing it ends the conversation."""
        collecting = asyncio.create_task(self._collect(source))
        try:
            while True:
                event = await self.inbox.get()
                response = await self._response(event)
                yield response.body
        finally:
            collecting.cancel()
            await asyncio.wait((collecting,))

    async def _collect(self, source: AsyncGenerator[Understood, None]) -> None:
        try:
            async with aclosing(source):
                async for event in source:
                    self.inbox.put(event)
            self.inbox.end()
        except SourceFailed as failed:
            for error in failed.errors:
                self._log(error)
            self.inbox.end([self.interpreter.expose(error) for error in failed.errors])
        except Exception:
            log.exception("subscription_failed", extra={"trace_id": self.request.trace_id})
            self.inbox.end([request_error("The router failed.", "INTERNAL_SERVER_ERROR")])

    def _log(self, error: SubgraphError) -> None:
        """The error as the subgraph told it; clients may see less."""
        log.warning(
            "subscription_failed",
            extra={
                "subgraph": error.subgraph,
                "error": error.message,
                "code": error.extensions.get("code"),
                "operation": self.operation.name,
                "trace_id": self.request.trace_id,
            },
        )

    async def _response(self, answer: Understood) -> Response:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Response] = loop.create_future()
        request = replace(self.request, deadline=loop.time() + self.seconds)

        def done(response: Response) -> None:
            if not future.done():  # it is cancelled a moment before we learn of that
                future.set_result(response)

        event = Event(self.primary, answer)
        cancel = self.interpreter.start_after(event, self.operation, request, self.transport, done)
        try:
            return await future
        finally:
            cancel()
