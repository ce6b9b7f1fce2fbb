"""One request under way in the compiled tier, and its way back to the interpreter."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec

from router.execute.compiled.compile_plan import CompiledPlan, CompiledStep
from router.execute.compiled.uncovered import Surprise
from router.execute.engine import Engine, ExecutionRequest, Response
from router.execute.prepared import PreparedOperation
from router.execute.replay import Replay
from router.execute.transport import Cancel, SubgraphAnswer, SubgraphTransport, now

log = logging.getLogger(__name__)
EXPECTED = (Surprise, msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


class Run:
    """Steps start when those they wait for have ended; answers come back by callback.

    Everything that was asked and answered is kept until the end, so that the interpreter can be
    given the same bytes.
    """

    __slots__ = (
        "asked",
        "cancels",
        "done",
        "fallback",
        "is_surprised",
        "known",
        "operation",
        "plan",
        "request",
        "state",
        "transport",
        "waits",
    )

    def __init__(
        self,
        plan: CompiledPlan,
        operation: PreparedOperation,
        request: ExecutionRequest,
        transport: SubgraphTransport,
        fallback: Engine,
        done: Callable[[Response], None],
    ) -> None:
        self.plan = plan
        self.operation = operation
        self.request = request
        self.transport = transport
        self.fallback = fallback
        self.done: Callable[[Response], None] | None = done
        self.state: list[Any] = [None] * plan.slots
        if plan.make_root is not None:
            self.state[0] = plan.make_root()
        self.waits = [step.waits for step in plan.steps]
        self.cancels: dict[int, Cancel] = {}
        # A list, because the bodies are long to hash, and only a surprise looks them up.
        self.known: list[tuple[tuple[str, bytes], SubgraphAnswer]] = []
        self.is_surprised = False

    def begin(self) -> None:
        """Start the steps that wait for nothing."""
        self._launch(self.plan.first)

    def cancel(self) -> None:
        """Give up; nobody is told."""
        self.done = None
        for cancel in self.cancels.values():
            cancel()
        self.cancels.clear()

    def _launch(self, ready: tuple[int, ...] | list[int]) -> None:
        """Start these steps, and those that follow when there is nothing to ask."""
        try:
            for number in ready:
                self._start(self.plan.steps[number])
        except EXPECTED:
            self.is_surprised = True
        except Exception:  # noqa: BLE001 - whatever it is, the interpreter answers
            self._failed()
        if not self.cancels:
            self._finish()

    def _start(self, step: CompiledStep) -> None:
        body = step.ask
        request = self.request
        if body is not None and not isinstance(body, bytes):
            body = body(self.state, request.variables)
        if body is None:
            for number in self._released(step):
                self._start(self.plan.steps[number])
            return
        name = step.subgraph
        limit = now() + request.timeouts.of(name)
        self.cancels[step.number] = self.transport.send(
            name,
            body,
            request.headers(name),
            min(request.deadline, limit),
            partial(self._answered, step, body),
        )

    def _released(self, step: CompiledStep) -> list[int]:
        waits = self.waits
        free: list[int] = []
        for number in step.then:
            waits[number] -= 1
            if not waits[number]:
                free.append(number)
        return free

    def _answered(self, step: CompiledStep, body: bytes, answer: SubgraphAnswer) -> None:
        if self.done is None:
            return
        self.cancels.pop(step.number, None)
        self.known.append(((step.subgraph, body), answer))
        ready: list[int] = []
        if not self.is_surprised:
            try:
                ready = self._taken(step, answer)
            except EXPECTED:
                self.is_surprised = True
            except Exception:  # noqa: BLE001 - the same
                self._failed()
        self._launch(ready)

    def _taken(self, step: CompiledStep, answer: SubgraphAnswer) -> list[int]:
        """Merge an answer; returns the steps that were waiting for it."""
        if answer.failure is not None or not 200 <= answer.status < 300:
            raise Surprise("no answer")
        if step.take is not None:
            step.take(self.state, answer.body)
        return self._released(step)

    def _failed(self) -> None:
        """A fault of the generated code costs time only: the interpreter answers."""
        log.exception("compiled_plan_failed", extra={"operation": self.operation.name})
        self.is_surprised = True

    def _finish(self) -> None:
        """Everything has been answered."""
        if self.done is None:
            return
        body: bytes | None = None
        if not self.is_surprised:
            try:
                body = self.plan.finish(self.state)
            except Exception:  # noqa: BLE001 - the same
                self._failed()
        if body is None:
            self._hand_over()
            return
        self.plan.surprises = 0
        done, self.done = self.done, None
        self.state.clear()
        self.known.clear()
        done(Response(body, has_data=True, has_errors=False))

    def _hand_over(self) -> None:
        """Let the interpreter answer from the same bytes; it asks on where we stopped."""
        self.plan.surprises += 1
        done = self.done
        if done is None:
            return
        self.state.clear()
        transport = Replay(dict(self.known), self.transport)
        self.cancels[-1] = self.fallback.start(self.operation, self.request, transport, done)
