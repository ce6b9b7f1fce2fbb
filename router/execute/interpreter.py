"""The reference engine: runs any plan, step by step, and knows what to do when things go wrong.

A step starts when those it waits for have ended; requests are answered by callback, so that no
task is made for a fetch (`router.execute.schedule`, `router.execute.transport`).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from router.execute.answers import Understood, understand
from router.execute.batches import Asked, requests_for, take_entities
from router.execute.engine import ExecutionRequest, Response, response
from router.execute.errors import Expose, SubgraphError, in_full, request_error
from router.execute.in_parts import Delivery
from router.execute.introspect import introspect
from router.execute.json_values import JSON
from router.execute.left_out import Read, Taken, left_out
from router.execute.places import objects_at
from router.execute.prepared import PreparedOperation
from router.execute.project import Projection, unexplained
from router.execute.requests import EntityRequest, RootRequest, body_of
from router.execute.root_answers import take_root
from router.execute.schedule import Step
from router.execute.static_types import StaticTypes
from router.execute.transport import Cancel, SubgraphAnswer, SubgraphTransport, now

log = logging.getLogger(__name__)
# Merges what was understood; it can be read once more.
Take = Callable[[Understood, Read], None]


class Event(NamedTuple):
    """What a subgraph has told, and the request that it was the answer to."""

    request: RootRequest
    answer: Understood


@dataclass(frozen=True, slots=True)
class Interpreter:
    """Runs plans. `expose` decides what clients see of subgraphs' errors."""

    expose: Expose = in_full

    def start(
        self,
        operation: PreparedOperation,
        request: ExecutionRequest,
        transport: SubgraphTransport,
        done: Callable[[Response], None],
    ) -> Cancel:
        """Run the operation (`router.execute.engine.Engine`)."""
        delivery = None
        if operation.parts:
            delivery = Delivery(operation, operation.switched(request.variables), self.expose)
        run = Run(operation, request, transport, self.expose, done, delivery)
        run.begin()
        return run.cancel

    def start_after(
        self,
        event: Event,
        operation: PreparedOperation,
        request: ExecutionRequest,
        transport: SubgraphTransport,
        done: Callable[[Response], None],
    ) -> Cancel:
        """Run what follows an event of a subscription; else as `start`."""
        run = Run(operation, request, transport, self.expose, done)
        run.begin_after(event)
        return run.cancel


@dataclass(slots=True, eq=False)
class Run:
    """One execution under way. `data` is everything the subgraphs have said so far.

    With a `delivery`, parts are told as they are whole; `held` are answers that must not yet count.
    """

    operation: PreparedOperation
    request: ExecutionRequest
    transport: SubgraphTransport
    expose: Expose
    done: Callable[[Response], None] | None
    delivery: Delivery | None = None
    data: JSON = field(default_factory=dict)
    errors: list[SubgraphError] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    waits: list[int] = field(default_factory=list)
    open: dict[int, int] = field(default_factory=dict)
    cancels: dict[int, Cancel] = field(default_factory=dict)
    held: list[Callable[[], None]] = field(default_factory=list)
    sent: int = 0

    def begin(self) -> None:
        """Start the steps that wait for nothing."""
        self.waits = [step.waits for step in self.operation.steps]
        if self.delivery is not None:
            self.data |= self._introspected()
        self._guarded(self._launch, [step for step in self.operation.steps if not step.waits])

    def begin_after(self, event: Event) -> None:
        """Start with what is known already."""
        self._guarded(self._take_event, event)
        self.begin()

    def cancel(self) -> None:
        """Give up: what is under way is cancelled, and nobody is told."""
        self.done = None
        for cancel in self.cancels.values():
            cancel()
        self.cancels.clear()

    def _guarded(self, action: Callable[..., None], *arguments: object) -> None:
        """A fault of ours must answer the client, and not reach the connection that called us."""
        if self.done is None:
            return
        try:
            action(*arguments)
        except Exception:
            log.exception(
                "execution_failed",
                extra={"operation": self.operation.name, "trace_id": self.request.trace_id},
            )
            done = self.done
            self.cancel()
            if done is not None:
                fault = request_error("The router failed.", "INTERNAL_SERVER_ERROR")
                delivery = self.delivery
                done(delivery.fault(fault) if delivery else response(None, [fault]))

    def _launch(self, ready: list[Step]) -> None:
        """Start these steps and all that have nothing to wait for once they have."""
        while ready:
            step = ready.pop()
            if not self._begin(step):
                ready.extend(self._released(step))
        if self.delivery is not None:
            self._tell(self.delivery)
        elif not self.open:
            self._finish()

    def _released(self, step: Step) -> list[Step]:
        free: list[Step] = []
        for number in step.then:
            self.waits[number] -= 1
            if not self.waits[number]:
                free.append(self.operation.steps[number])
        return free

    def _begin(self, step: Step) -> bool:
        """Send what the step asks for; False when that is nothing."""
        variables, delivery = self.request.variables, self.delivery
        values = delivery.values if delivery else variables
        if any((values.get(name) is True) is not value for name, value in step.guards):
            return False
        if step.is_last and delivery is not None:
            delivery.finish(step.part, self.data)
        if step.request is None:
            return False
        request, schema = step.request, self.operation.schema
        if isinstance(request, RootRequest):
            if request.path and not objects_at(self.data, request.path, schema.conditions):
                return False
            take = partial(self._take_root, request)
            self._send(step, request, body_of(request, variables, {}), take)
            return True
        asked_for = requests_for(request, self.data, StaticTypes(self.operation, values))
        for asked in asked_for:
            body = body_of(request, variables, asked.variables)
            self._send(step, request, body, partial(self._take_entities, request, asked))
        return bool(asked_for)

    def _send(
        self,
        step: Step,
        request: RootRequest | EntityRequest,
        body: bytes,
        take: Take,
    ) -> None:
        name = request.subgraph
        deadline = min(self.request.deadline, now() + self.request.timeouts.of(name))
        number = self.sent = self.sent + 1
        self.open[step.number] = self.open.get(step.number, 0) + 1
        answered = partial(self._guarded, self._answered, step, number, name, take)
        headers = self.request.headers(name)
        self.cancels[number] = self.transport.send(name, body, headers, deadline, answered)

    def _answered(
        self,
        step: Step,
        number: int,
        subgraph: str,
        take: Take,
        answer: SubgraphAnswer,
    ) -> None:
        self.cancels.pop(number, None)
        delivery = self.delivery
        if delivery is not None and delivery.must_wait(step.part):
            again = partial(self._guarded, self._answered, step, number, subgraph, take, answer)
            self.held.append(again)
            return
        read = partial(understand, subgraph, answer)
        understood = read()
        for error in understood.errors:
            self._log(error)
        take(understood, read)
        if delivery is not None:
            self._tell_left_out(delivery.values)
            delivery.errors.take(step.part, self.errors)
            self.errors = []
        self.open[step.number] -= 1
        if not self.open[step.number]:
            del self.open[step.number]
            self._launch(self._released(step))

    def _take_event(self, event: Event) -> None:
        for error in event.answer.errors:
            self._log(error)
        self._take_root(event.request, event.answer, lambda: event.answer)

    def _log(self, error: SubgraphError) -> None:
        """The error as the subgraph told it; clients may see less."""
        log.warning(
            "subgraph_error",
            extra={
                "subgraph": error.subgraph,
                "error": error.message,
                "code": error.extensions.get("code"),
                "operation": self.operation.name,
                "trace_id": self.request.trace_id,
            },
        )

    def _take_root(self, request: RootRequest, answer: Understood, read: Read) -> None:
        self.errors.extend(take_root(request, answer, self.data, self.operation.schema))
        self.taken.append(Taken(request, None, read))

    def _take_entities(
        self, request: EntityRequest, asked: Asked, answer: Understood, read: Read
    ) -> None:
        self.errors.extend(take_entities(request, asked, answer, self.operation.schema))
        self.taken.append(Taken(request, asked, read))

    def _tell_left_out(self, values: JSON) -> None:
        for taken in self.taken:
            found = left_out(self.operation, taken, values, self.data, self.errors)
            for error in found:
                self._log(error)
            self.errors += found
        self.taken.clear()

    def _tell(self, delivery: Delivery) -> None:
        """Tell what is whole; then what was held back may count, if anybody still waits for it."""
        for told in delivery.responses():
            if self.done is not None:
                self.done(told)
        if delivery.is_over:
            self.cancel()
        held, self.held = self.held, []
        for again in held:
            again()

    def _finish(self) -> None:
        done, self.done = self.done, None
        finished = self._response()
        if done is not None:
            done(finished)

    def _response(self) -> Response:
        operation = self.operation
        if operation.introspection is not None:
            self.data |= self._introspected()
        root = operation.schema.api.get_root_type(operation.operation.operation)
        projection = Projection(operation.schema)
        shape = operation.shape(self.request.variables)
        data = projection.root(shape, root.name if root else "", self.data)
        if projection.has_gaps:
            self._tell_left_out(self.request.variables)
        errors = [self.expose(error) for error in self.errors] + projection.wrong
        errors += unexplained(projection.missing, errors)
        return response(data, errors)

    def _introspected(self) -> JSON:
        operation = self.operation
        if operation.introspection is None:
            return {}
        if operation.introspected is not None:
            return operation.introspected
        variables = self.request.variables
        answer = introspect(operation.schema.api, operation.introspection, variables)
        if not operation.variable_definitions:
            operation.introspected = answer
        return answer
