"""Requests that wait for their turn: in order, in bounds, until their deadline or until they go."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx
import orjson
import pytest

from router.execute.engine import ExecutionRequest, Response
from router.execute.limited_engine import LimitedEngine
from router.execute.prepared import PreparedOperation
from router.execute.transport import Cancel, SubgraphTransport
from router.serve.app import create_app
from router.serve.settings.read import parse_settings
from tests.execute.canned_subgraphs import CannedSubgraphs
from tests.execute.shop import prepared, shop_sdl

ANSWER = Response(b'{"data":{}}', has_data=True, has_errors=False)


@dataclass
class HeldEngine:
    """An engine that answers when the test says so, or at once."""

    is_quick: bool = False
    started: list[ExecutionRequest] = field(default_factory=list)
    done: list[Callable[[Response], None]] = field(default_factory=list)
    cancelled: list[int] = field(default_factory=list)

    def start(
        self,
        operation: PreparedOperation,  # noqa: ARG002 - an engine's signature
        request: ExecutionRequest,
        transport: SubgraphTransport,  # noqa: ARG002 - the same
        done: Callable[[Response], None],
    ) -> Cancel:
        number = len(self.started)
        self.started.append(request)
        self.done.append(done)
        if self.is_quick:
            done(ANSWER)
        return lambda: self.cancelled.append(number)


@dataclass
class Asking:
    """Asks an engine, and remembers who was told what."""

    engine: LimitedEngine
    operation: PreparedOperation = field(default_factory=lambda: prepared("{ me { id } }"))
    told: dict[str, Response] = field(default_factory=dict)

    def __call__(self, who: str, seconds: float = 60.0) -> Cancel:
        deadline = asyncio.get_running_loop().time() + seconds
        request = ExecutionRequest(deadline=deadline, trace_id=who)
        told = lambda answer: self.told.update({who: answer})  # noqa: E731 - one line says it
        return self.engine.start(self.operation, request, CannedSubgraphs({}), told)


@pytest.fixture
def inner() -> HeldEngine:
    return HeldEngine()


@pytest.fixture
async def ask(inner: HeldEngine) -> Asking:
    """Two at once, and two who wait."""
    engine = LimitedEngine(inner, max_waiting=2)
    engine.limit.current = 2
    return Asking(engine)


def begun(inner: HeldEngine) -> list[str]:
    return [request.trace_id for request in inner.started]


async def test_requests_begin_in_order_when_others_have_ended(
    ask: Asking, inner: HeldEngine
) -> None:
    for who in "abcd":
        ask(who)
    assert begun(inner) == ["a", "b"]
    inner.done[1](ANSWER)
    assert begun(inner) == ["a", "b", "c"]
    inner.done[0](ANSWER)
    inner.done[2](ANSWER)
    inner.done[3](ANSWER)
    assert list(ask.told) == ["b", "a", "c", "d"]
    assert ask.engine.running == 0


async def test_one_more_than_may_wait_is_refused(ask: Asking) -> None:
    for who in "abcde":
        ask(who)
    assert ask.told["e"].status == 503
    (error,) = orjson.loads(ask.told["e"].body)["errors"]
    assert error["extensions"] == {"code": "REQUEST_CONCURRENCY_LIMITED"}


async def test_one_who_waits_past_the_deadline_is_told_so_and_not_begun(
    ask: Asking, inner: HeldEngine
) -> None:
    ask("a")
    ask("b")
    ask("hasty", seconds=0.01)
    ask("patient")
    await asyncio.sleep(0.2)
    assert ask.told["hasty"].status == 504
    ask.engine.limit.current = 10
    await asyncio.sleep(0.2)
    assert begun(inner) == ["a", "b", "patient"]


async def test_one_who_leaves_makes_room_whether_waiting_or_begun(
    ask: Asking, inner: HeldEngine
) -> None:
    cancels = [ask(who) for who in "abcd"]
    cancels[2]()
    cancels[0]()
    cancels[0]()
    assert inner.cancelled == [0]
    assert begun(inner) == ["a", "b", "d"]
    assert ask.engine.running == 2


async def test_a_thousand_that_end_at_once_are_all_answered(inner: HeldEngine) -> None:
    ask = Asking(LimitedEngine(inner, max_waiting=2_000))
    ask.engine.limit.current = 1
    ask("first")
    for number in range(1_500):
        ask(str(number))
    inner.is_quick = True
    inner.done[0](ANSWER)
    assert len(ask.told) == 1_501


async def test_it_stands_in_front_of_the_engines_when_the_settings_say_so() -> None:
    settings = parse_settings({"execution": {"adaptive_limit": {"enabled": True}}}, {})
    subgraphs = CannedSubgraphs({"accounts": {"data": {"me": {"__typename": "User", "id": "u"}}}})
    app = create_app(shop_sdl(), settings, subgraphs)
    assert isinstance(app.endpoint.engine, LimitedEngine)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://router.test") as client:
        for _ in range(3):
            response = await client.post("/graphql", json={"query": "{ me { id } }"})
            assert response.json() == {"data": {"me": {"id": "u"}}}
        app.endpoint.engine.limit.current = 0
        app.endpoint.engine.max_waiting = 0
        response = await client.post("/graphql", json={"query": "{ me { id } }"})
        assert response.status_code == 503
