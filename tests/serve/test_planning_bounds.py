"""Planning is bounded in time, number and memory; whatever happens, clients are answered."""

from __future__ import annotations

import asyncio
import gc
import threading
import time
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from router.execute.compiled.compile_plan import compile_plan
from router.execute.prepared import OperationError, PreparedOperation, parsed, prepare
from router.serve import plan_cache
from router.serve.app import assemble
from router.serve.plan_cache import CacheLimits, Found, PlanCache, PlanKey, estimated_bytes
from router.serve.served import Generations
from router.serve.settings.read import parse_settings
from router.serve.time_budget import CalledOff, within
from tests.execute.canned_subgraphs import CannedSubgraphs
from tests.execute.shop import shop, shop_sdl

ME = "{ me { id } }"


@pytest.fixture
def pool() -> Iterator[Executor]:
    """One thread, as the router has it."""
    with ThreadPoolExecutor(1) as made:
        yield made


@pytest.fixture
def no_collection() -> Iterator[None]:
    """No garbage of other tests is collected while this one raises exceptions from outside."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def key(text: str) -> PlanKey:
    return (text, None, frozenset(), False)


async def found(plans: PlanCache, text: str) -> Found:
    future: asyncio.Future[Found] = asyncio.get_running_loop().create_future()
    plans.find(key(text), future.set_result)
    return await asyncio.wait_for(future, 60)


def code_of(answer: Found) -> str:
    assert isinstance(answer, OperationError)
    code: str = answer.errors[0]["extensions"]["code"]
    return code


def never_ends() -> str:
    while True:
        pass


async def test_work_that_takes_too_long_is_called_off_and_the_thread_goes_on(
    pool: Executor,
    no_collection: None,
) -> None:
    assert await within(0.05, pool, never_ends, lambda: "called off") == "called off"
    assert await within(60, pool, lambda: "done", lambda: "called off") == "done"


async def test_work_that_ends_about_when_its_time_does_gives_one_of_both_results(
    pool: Executor,
    no_collection: None,
) -> None:
    def about(seconds: float) -> str:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            pass
        return "done"

    for step in range(100):
        seconds = 0.002 + step * 0.00002
        result = await within(0.003, pool, lambda end=seconds: about(end), lambda: "called off")  # type: ignore[misc]
        assert result in {"done", "called off"}
    assert await within(60, pool, lambda: "still here", lambda: "called off") == "still here"


async def test_an_exception_that_got_lost_is_raised_again(
    pool: Executor, no_collection: None
) -> None:
    def loses_the_first() -> str:
        try:
            never_ends()
        except CalledOff:
            return never_ends()
        return "never here"

    assert await within(0.05, pool, loses_the_first, lambda: "called off") == "called off"


async def test_work_that_fails_fails(pool: Executor) -> None:
    with pytest.raises(ZeroDivisionError):
        await within(60, pool, lambda: 1 // 0, lambda: 0)


async def test_an_operation_that_takes_too_long_to_plan_is_refused_and_others_are_planned(
    pool: Executor,
    no_collection: None,
) -> None:
    plans = PlanCache(shop(), pool, CacheLimits(seconds=0.1))
    names = [f"F{number}" for number in range(1_000)]
    spreads = " ".join(f"...{name}" for name in names)
    fragments = " ".join(f"fragment {name} on User {{ id name }}" for name in names)
    hostile = f"{{ me {{ {spreads} }} }} {fragments}"  # half a million pairs to validate
    late = await found(plans, hostile)
    assert code_of(late) == "QUERY_PLANNING_BUDGET_EXCEEDED"
    assert plans.known(key(hostile)) is late
    assert isinstance(await found(plans, ME), PreparedOperation)


def test_fragments_that_spread_each_other_over_and_over_cost_no_more_than_once() -> None:
    depth = 40  # each level doubles the ways to the next one
    levels = " ".join(
        f"fragment A{n} on User {{ ...B{n} ...A{n + 1} }} fragment B{n} on User {{ ...A{n + 1} }}"
        for n in range(depth)
    )
    text = f"{{ me {{ ...A0 }} }} {levels} fragment A{depth} on User {{ id }}"
    assert isinstance(prepare(shop(), parsed(text)), PreparedOperation)


async def test_only_so_many_operations_wait_to_be_planned(pool: Executor) -> None:
    plans = PlanCache(shop(), pool, CacheLimits(max_waiting=1))
    first = asyncio.ensure_future(found(plans, ME))
    await asyncio.sleep(0)
    again = asyncio.ensure_future(found(plans, ME))
    assert code_of(await found(plans, "{ me { name } }")) == "QUERY_PLANNING_OVERLOADED"
    assert isinstance(await first, PreparedOperation)
    assert await again is await first
    assert isinstance(await found(plans, "{ me { name } }"), PreparedOperation)


async def test_a_fault_of_the_planner_answers_everyone_who_waits(
    pool: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(plan_cache, "prepare", broken)
    plans = PlanCache(shop(), pool, CacheLimits())
    answers = await asyncio.gather(found(plans, ME), found(plans, ME))
    assert [code_of(answer) for answer in answers] == ["INTERNAL_SERVER_ERROR"] * 2


async def test_a_request_waits_for_its_plan_no_longer_than_its_deadline() -> None:
    settings = parse_settings({"traffic_shaping": {"router": {"timeout": "50ms"}}}, {})
    parts = assemble(shop_sdl(), settings, CannedSubgraphs({}))
    is_free = threading.Event()
    parts.generations.pool.submit(is_free.wait)
    transport = httpx.ASGITransport(parts.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://router.test") as client:
        response = await client.post("/graphql", json={"query": ME})
    is_free.set()
    assert response.status_code == 504
    assert response.json()["errors"][0]["extensions"] == {"code": "GATEWAY_TIMEOUT"}


def test_of_many_operations_the_most_used_ones_are_warmed() -> None:
    parts = assemble(shop_sdl(), parse_settings({}, {}), CannedSubgraphs({}))
    generations: Generations = parts.generations
    old, new = generations.make(shop_sdl()), generations.make(shop_sdl())
    texts = [f"{{ a{number}: __typename }}" for number in range(5)]
    for hits, text in enumerate(texts):
        operation = old.plans.make(key(text))
        assert isinstance(operation, PreparedOperation)
        operation.hits = hits
        old.plans.put(key(text), operation)
    generations.warm(new, old, 2)
    assert [new.plans.known(key(text)) is not None for text in texts] == [False] * 3 + [True] * 2


@pytest.mark.parametrize(
    "selection",
    [
        "me { id }",
        "products(first: 3) { id name price inStock }",
        "products { name inStock warehouse { city } reviews { stars author { name email } } }",
        (
            "me { id name } products { id name weight price kind inStock shipping details } "
            "items { ... on Product { name reviews { stars author { reviewCount } } } "
            "... on Category { title } }"
        ),
    ],
)
def test_plans_and_compiled_code_weigh_about_what_they_are_taken_to(selection: str) -> None:
    texts = [f"query Number{number} {{ {selection} }}" for number in range(15)]
    first = prepare(shop(), parsed(texts[0]))  # what is shared is made once
    first.shape({})
    compile_plan(first, {})
    gc.collect()
    tracemalloc.start()
    operations = [prepare(shop(), parsed(text)) for text in texts[1:]]
    for operation in operations:
        operation.shape({})
    gc.collect()
    planned = tracemalloc.get_traced_memory()[0]
    compiled = [compile_plan(operation, {}) for operation in operations]
    gc.collect()
    code = tracemalloc.get_traced_memory()[0] - planned
    tracemalloc.stop()
    assert 0.5 < sum(estimated_bytes(key(text)) for text in texts[1:]) / planned < 2
    assert 0.5 < sum(plan.weight for plan in compiled) / code < 2
