"""From an operation to functions: the compiler's four calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from router.execute.compiled.ask_code import Ask, ask_root, write_ask
from router.execute.compiled.blueprint import Blueprint, Work, blueprint
from router.execute.compiled.finish_code import Finish, write_finish
from router.execute.compiled.take_code import Take, TakeCode
from router.execute.compiled.writer import Writer
from router.execute.prepared import PreparedOperation
from router.execute.requests import EntityRequest, RootRequest

# Measured with tracemalloc over the reference plans: the Struct classes weigh most.
BYTES_PER_OPERATION, BYTES_PER_CLASS = 4_000, 6_500


@dataclass(frozen=True, slots=True)
class CompiledStep:
    """A step of the plan: `ask` is the body, or makes it; None for a mere meeting point."""

    number: int
    waits: int
    then: tuple[int, ...]
    subgraph: str
    ask: Ask | bytes | None
    take: Take | None


@dataclass(slots=True, eq=False, weakref_slot=True)
class CompiledPlan:
    """An operation as functions. `slots` is the length of a run's state, `make_root` its first.

    `weight` is an estimate in bytes. `surprises` counts those in a row.
    """

    steps: tuple[CompiledStep, ...]
    first: tuple[int, ...]
    slots: int
    make_root: Callable[[], Any] | None
    finish: Finish
    weight: int
    surprises: int = 0
    resting: int = 0


def compile_plan(operation: PreparedOperation, booleans: Mapping[str, bool]) -> CompiledPlan:
    """Compile for these values of the @skip/@include variables. Raises Uncovered."""
    made = blueprint(operation, booleans)
    writer = Writer()
    take_code = TakeCode(writer, made)
    steps = tuple(_step(writer, made, take_code, work) for work in made.works)
    finish = write_finish(writer, made)
    is_whole = take_code.is_root_whole()
    return CompiledPlan(
        steps=steps,
        first=tuple(step.number for step in steps if not step.waits),
        slots=made.slots,
        make_root=None if is_whole else made.classes.of(made.layout.root),
        finish=finish,
        weight=BYTES_PER_OPERATION + BYTES_PER_CLASS * len(made.classes.made),
    )


def _step(writer: Writer, made: Blueprint, take_code: TakeCode, work: Work) -> CompiledStep:
    step, request = work.step, work.step.request
    ask: Ask | bytes | None = None
    take: Take | None = None
    match request:
        case RootRequest():
            ask, take = ask_root(request), take_code.write_root(work)
        case EntityRequest():
            ask, take = write_ask(writer, made, work, request), take_code.write_entities(work)
    subgraph = request.subgraph if request else ""
    return CompiledStep(step.number, step.waits, step.then, subgraph, ask, take)
