"""An operation that is asked for often is compiled, off the requests; some wait for that."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from typing import Any, TypeVar

import pytest

from router.execute.compiled.engine import CompiledEngine, Tiers
from router.execute.engine import ExecutionRequest, Response
from router.execute.interpreter import Interpreter
from router.execute.prepared import PreparedOperation
from router.execute.transport import Cancel
from tests.execute.canned_subgraphs import CannedSubgraphs
from tests.execute.shop import prepared

T = TypeVar("T")
ME = "{ me { id } }"
ANSWER = b'{"data":{"me":{"id":"u"}}}'


class PoolThatIsBusy(Executor):
    """Does nothing of what it is given until it is told to."""

    def __init__(self) -> None:
        self.given: list[tuple[Future[Any], Callable[[], Any]]] = []

    def submit(self, fn: Callable[..., T], /, *arguments: Any, **named: Any) -> Future[T]:
        future: Future[T] = Future()
        self.given.append((future, lambda: fn(*arguments, **named)))
        return future

    def work(self) -> None:
        for future, action in self.given:
            future.set_result(action())
        self.given.clear()

    def stop(self) -> None:
        for future, _ in self.given:
            future.cancel()


@dataclass
class Router:
    """An engine that compiles what it is asked for the third time, and who asks it."""

    pool: PoolThatIsBusy = field(default_factory=PoolThatIsBusy)
    operation: PreparedOperation = field(default_factory=lambda: prepared(ME))
    answers: list[bytes] = field(default_factory=list)
    max_bytes: int = 1_000_000

    def __post_init__(self) -> None:
        me = {"data": {"me": {"__typename": "User", "id": "u"}}}
        self.subgraphs = CannedSubgraphs({"accounts": me})
        tiers = Tiers(hits=3, max_bytes=self.max_bytes)
        self.engine = CompiledEngine(Interpreter(), tiers, self.pool)

    def ask(self) -> Cancel:
        def take(response: Response) -> None:
            self.answers.append(response.body)

        return self.engine.start(self.operation, ExecutionRequest({}), self.subgraphs, take)

    @property
    def asked(self) -> int:
        return len(self.subgraphs.asked)

    @property
    def is_compiled(self) -> bool:
        return bool(self.engine.kept)


async def turns() -> None:
    """Let everything that is due happen."""
    for _ in range(5):
        await asyncio.sleep(0)


async def test_the_first_requests_are_interpreted_and_the_next_wait_for_the_compiled_plan() -> None:
    router = Router()
    for _ in range(2):
        router.ask()
    assert not router.pool.given
    for _ in range(4):
        router.ask()
    await turns()
    assert (router.asked, len(router.answers)) == (2, 2)
    router.pool.work()
    await turns()
    assert router.is_compiled
    assert router.answers == [ANSWER] * 6


async def test_who_leaves_while_waiting_has_nothing_asked_on_its_behalf() -> None:
    router = Router()
    leave = [router.ask() for _ in range(5)]
    leave[3]()
    router.pool.work()
    await turns()
    assert (router.asked, len(router.answers)) == (4, 4)


async def test_who_leaves_once_it_no_longer_waits_takes_its_requests_along() -> None:
    router = Router()
    leave = [router.ask() for _ in range(4)]
    router.pool.work()
    while router.asked < 4:  # noqa: ASYNC110 - before its answer, which is due in the next turn
        await asyncio.sleep(0)
    leave[3]()
    await turns()
    assert (len(router.answers), router.subgraphs.cancelled) == (3, 1)


@pytest.mark.parametrize("end", ["takes too long", "is given up"])
async def test_requests_are_interpreted_when_compiling(end: str) -> None:
    router = Router()
    for _ in range(5):
        router.ask()
    if end == "is given up":
        router.pool.stop()
    async with asyncio.timeout(5):
        while len(router.answers) < 5:  # noqa: ASYNC110 - nothing announces it
            await asyncio.sleep(0.01)
    router.ask()
    await turns()
    assert router.answers == [ANSWER] * 6
    assert not router.is_compiled


async def test_operations_that_take_turns_in_too_little_room_are_not_compiled_each_time() -> None:
    router = Router(max_bytes=1)
    one, other = router.operation, prepared(ME)
    compiled = []
    for router.operation in [one, other] * 10:
        for _ in range(3):
            router.ask()
        compiled.append(len(router.pool.given))
        router.pool.work()
        await turns()
    assert sum(compiled) == 2
    assert router.answers == [ANSWER] * 60
