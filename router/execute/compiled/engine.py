"""The engine in front of the interpreter: it compiles what is asked often, off the request."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

from router.execute.compiled.compile_plan import CompiledPlan, compile_plan
from router.execute.compiled.run import Run
from router.execute.compiled.uncovered import Uncovered
from router.execute.engine import Engine, ExecutionRequest, Response
from router.execute.prepared import PreparedOperation
from router.execute.transport import Cancel, SubgraphTransport, never_mind

log = logging.getLogger(__name__)
Mode = Literal["auto", "always", "off"]
# After so many surprises in a row the compiled plan rests, for so many requests.
SURPRISES_IN_A_ROW, REST = 8, 200
# An operation that made room for another is compiled again after so many times as many requests.
AGAIN = 10
# So long, and so many, may requests wait for their operation to be compiled.
MOST_SECONDS, MOST_WAITING = 0.1, 1_000


@dataclass(frozen=True, slots=True)
class Tiers:
    """When operations are compiled: after `hits` requests (auto), at once (always), or never.

    `max_bytes` bounds what compiled plans are estimated to take; the least used ones leave first.
    """

    mode: Mode = "auto"
    hits: int = 10
    max_bytes: int = 48_000_000


def _start_nothing() -> Cancel:
    return never_mind


@dataclass(slots=True, eq=False)
class Waiting:
    """A request that begins when its operation is compiled, or is not after all."""

    start: Callable[[], Cancel]
    cancel_started: Cancel = never_mind

    def begin(self) -> None:
        """Begin, if somebody still waits for the answer."""
        start, self.start = self.start, _start_nothing
        self.cancel_started = start()

    def cancel(self) -> None:
        """Give up; nobody is told."""
        self.start = _start_nothing
        self.cancel_started()


@dataclass(slots=True, eq=False)
class Variant:
    """An operation for one set of values of its @skip/@include variables.

    `refusal` says why it is not compiled, once that is known. `waiting` are requests that came
    while it was being compiled; None while it is not, or when that takes too long to wait for.
    """

    hits: int = 0
    is_pending: bool = False
    waiting: list[Waiting] | None = None
    plan: CompiledPlan | None = None
    refusal: str | None = None


Variants = dict[tuple[bool, ...], Variant]


@dataclass(slots=True, eq=False)
class CompiledEngine:
    """An Engine. `pool` compiles in mode auto, so that no request waits for it."""

    interpreter: Engine
    tiers: Tiers = field(default_factory=Tiers)
    pool: Executor | None = None
    kept: OrderedDict[Variant, None] = field(default_factory=OrderedDict)
    bytes: int = 0

    def start(
        self,
        operation: PreparedOperation,
        request: ExecutionRequest,
        transport: SubgraphTransport,
        done: Callable[[Response], None],
    ) -> Cancel:
        """Run it compiled if it is, else interpreted (`router.execute.engine.Engine`)."""
        if self.tiers.mode == "off" or operation.kind != "query" or operation.parts:
            return self.interpreter.start(operation, request, transport, done)
        values = tuple([request.variables.get(name) is True for name in operation.boolean_names])
        variants: Variants | None = operation.compiled
        if variants is None:
            variants = operation.compiled = {}
        variant = variants.get(values)
        if variant is None:
            variant = variants[values] = Variant()
        plan = variant.plan or self._compiled(operation, values, variant)
        if variant.waiting is not None and len(variant.waiting) < MOST_WAITING:
            waiting = Waiting(partial(self.start, operation, request, transport, done))
            variant.waiting.append(waiting)
            return waiting.cancel
        if plan is None or not _is_awake(plan):
            return self.interpreter.start(operation, request, transport, done)
        run = Run(plan, operation, request, transport, self.interpreter, done)
        run.begin()
        return run.cancel

    def _compiled(
        self, operation: PreparedOperation, values: tuple[bool, ...], variant: Variant
    ) -> CompiledPlan | None:
        """Compile now, later, or not at all."""
        if variant.refusal is not None or variant.is_pending:
            return None
        variant.hits += 1
        if self.tiers.mode == "always":
            self._keep(variant, _compile(operation, values))
        elif variant.hits >= self.tiers.hits:
            variant.is_pending, variant.waiting = True, []
            loop = asyncio.get_running_loop()
            future = loop.run_in_executor(self.pool, _compile, operation, values)
            future.add_done_callback(partial(self._made, variant))
            loop.call_later(MOST_SECONDS, _begin_waiting, variant)
        return variant.plan

    def _made(self, variant: Variant, future: asyncio.Future[CompiledPlan | str]) -> None:
        is_stopping = future.cancelled() or future.exception() is not None
        self._keep(variant, "the router is stopping" if is_stopping else future.result())
        _begin_waiting(variant)

    def _keep(self, variant: Variant, made: CompiledPlan | str) -> None:
        variant.is_pending = False
        if isinstance(made, str):
            variant.refusal = made
            return
        variant.plan = made
        self.kept[variant] = None
        self.bytes += made.weight
        while self.bytes > self.tiers.max_bytes and len(self.kept) > 1:
            oldest, _ = self.kept.popitem(last=False)
            if oldest.plan is not None:
                self.bytes -= oldest.plan.weight
            # Else operations that take turns, too many to keep, would be compiled all the time.
            oldest.plan, oldest.hits = None, -self.tiers.hits * AGAIN


def _begin_waiting(variant: Variant) -> None:
    waiting, variant.waiting = variant.waiting, None
    for one in waiting or ():
        one.begin()


def _is_awake(plan: CompiledPlan) -> bool:
    if plan.surprises < SURPRISES_IN_A_ROW:
        return True
    plan.resting += 1
    if plan.resting > REST:
        plan.resting = 0
        plan.surprises = SURPRISES_IN_A_ROW - 1
    return False


def _compile(operation: PreparedOperation, values: tuple[bool, ...]) -> CompiledPlan | str:
    booleans = dict(zip(operation.boolean_names, values, strict=True))
    try:
        return compile_plan(operation, booleans)
    except Uncovered as reason:
        log.debug("operation_not_compiled", extra={"operation": operation.name, "reason": reason})
        return str(reason)
    except Exception:
        log.exception("compiling_failed", extra={"operation": operation.name})
        return "compiling failed"
