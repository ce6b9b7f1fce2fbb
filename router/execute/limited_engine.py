"""An engine that begins no more requests at once than is good for them; the others queue."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from router.execute.adaptive_limit import TICK_SECONDS, AdaptiveLimit
from router.execute.engine import Engine, ExecutionRequest, Response, response
from router.execute.errors import request_error
from router.execute.prepared import PreparedOperation
from router.execute.transport import Cancel, SubgraphTransport, never_mind

SCHEDULER = Path("/proc/thread-self/schedstat")


def runnable_seconds() -> float:
    """How long this thread has run, or waited for a processor that others were using."""
    try:
        run, waited, _ = SCHEDULER.read_bytes().split()
    except (OSError, ValueError):  # not Linux: what it has run
        return time.thread_time()
    return (int(run) + int(waited)) / 1e9


@dataclass(slots=True, eq=False)
class Turn:
    """One request: waiting, then running, then over."""

    operation: PreparedOperation
    request: ExecutionRequest
    transport: SubgraphTransport
    done: Callable[[Response], None]
    is_running: bool = False
    is_over: bool = False
    cancel: Cancel = never_mind


@dataclass(slots=True, eq=False)
class LimitedEngine:
    """An Engine. At most `max_waiting` requests queue, first come, first served; no longer than
    their deadline.
    """

    inner: Engine
    max_waiting: int
    limit: AdaptiveLimit = field(default_factory=AdaptiveLimit)
    waiting: deque[Turn] = field(default_factory=deque)
    running: int = 0
    ticker: asyncio.TimerHandle | None = None
    ticked_at: float = 0.0
    used: float = 0.0
    idle_ticks: int = 0
    is_admitting: bool = False

    def start(
        self,
        operation: PreparedOperation,
        request: ExecutionRequest,
        transport: SubgraphTransport,
        done: Callable[[Response], None],
    ) -> Cancel:
        """Run the operation now or when it is its turn (`router.execute.engine.Engine`)."""
        if self.ticker is None:
            self._begin_ticking()
        turn = Turn(operation, request, transport, done)
        if self.running < self.limit.current and not self.waiting:
            self._run(turn)
        elif len(self.waiting) >= self.max_waiting:
            done(_refused(self.running, self.max_waiting))
            return never_mind
        else:
            self.waiting.append(turn)
        return lambda: self._give_up(turn)

    def _run(self, turn: Turn) -> None:
        self.running += 1
        turn.is_running = True

        def ended(answer: Response) -> None:
            if not answer.has_next:
                self._over(turn)
            turn.done(answer)

        cancel = self.inner.start(turn.operation, turn.request, turn.transport, ended)
        if not turn.is_over:
            turn.cancel = cancel

    def _over(self, turn: Turn) -> None:
        turn.is_over = True
        turn.cancel = never_mind  # it holds the run, and the run holds us
        self.running -= 1
        if self.waiting:
            self._next()

    def _next(self) -> None:
        """Begin as many of those who wait as the limit allows."""
        if self.is_admitting:  # one that we began has ended at once: the loop below goes on
            return
        self.is_admitting = True
        try:
            self._admit(asyncio.get_running_loop().time())
        finally:
            self.is_admitting = False

    def _admit(self, now: float) -> None:
        while self.waiting and (self.running < self.limit.current or self._is_late(now)):
            turn = self.waiting.popleft()
            if turn.is_over:
                continue
            if turn.request.deadline <= now:
                turn.is_over = True
                turn.done(_too_late())
            else:
                self._run(turn)

    def _is_late(self, now: float) -> bool:
        return self.waiting[0].is_over or self.waiting[0].request.deadline <= now

    def _give_up(self, turn: Turn) -> None:
        if turn.is_over:
            return
        turn.is_over = True
        cancel, turn.cancel = turn.cancel, never_mind
        cancel()
        if turn.is_running:
            self.running -= 1
            self._next()

    def _begin_ticking(self) -> None:
        loop = asyncio.get_running_loop()
        self.ticked_at, self.used, self.idle_ticks = loop.time(), runnable_seconds(), 0
        self.ticker = loop.call_later(TICK_SECONDS, self._tick)

    def _tick(self) -> None:
        """Look at the last 50 ms; a while after the last request there is nothing to look at."""
        loop = asyncio.get_running_loop()
        now, used = loop.time(), runnable_seconds()
        seconds = max(now - self.ticked_at, 1e-3)
        busy = (used - self.used) / seconds
        self.ticked_at, self.used = now, used
        self.limit.tick(busy, self.running, len(self.waiting))
        self._next()
        self.idle_ticks = 0 if self.running or self.waiting else self.idle_ticks + 1
        is_over = self.idle_ticks > 2 / TICK_SECONDS
        self.ticker = None if is_over else loop.call_later(TICK_SECONDS, self._tick)


def _refused(running: int, waiting: int) -> Response:
    message = f"The router is at work on {running} requests, and {waiting} wait; this one may not."
    refusal = response(None, [request_error(message, "REQUEST_CONCURRENCY_LIMITED")])
    return Response(refusal.body, has_data=False, has_errors=True, status=503)


def _too_late() -> Response:
    message = "The router had no time for this request before its deadline."
    late = response(None, [request_error(message, "GATEWAY_TIMEOUT")])
    return Response(late.body, has_data=False, has_errors=True, status=504)
