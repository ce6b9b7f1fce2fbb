"""Plans are kept within bounds, and a changed supergraph is taken up without stopping."""

from __future__ import annotations

import asyncio
from concurrent.futures import Executor
from pathlib import Path

import httpx
import pytest

from router.execute.prepared import OperationError, PreparedOperation
from router.serve.app import Parts, assemble
from router.serve.plan_cache import CacheLimits, PlanCache, PlanKey, estimated_bytes
from router.serve.reload import Reload
from router.serve.served import planning_pool
from router.serve.settings.model import Settings
from router.serve.settings.read import parse_settings
from tests.execute.canned_subgraphs import CannedSubgraphs
from tests.execute.shop import shop, shop_sdl

NONE: frozenset[str] = frozenset()


@pytest.fixture(scope="module")
def pool() -> Executor:
    return planning_pool()


def key(text: str) -> PlanKey:
    return (text, None, NONE, False)


def test_documents_that_differ_in_layout_only_share_an_operation(pool: Executor) -> None:
    plans = PlanCache(shop(), pool, CacheLimits())
    one = plans.make(key("{ me { id } }"))
    other = plans.make(key("query  {\n me {  id, } # same\n}"))
    assert isinstance(one, PreparedOperation)
    assert one is other
    assert plans.make(key("{ me { name } }")) is not one


def test_the_least_recently_used_plans_leave_first(pool: Executor) -> None:
    keys = [key(f"{{ a{n}: __typename }}") for n in range(4)]
    plans = PlanCache(shop(), pool, CacheLimits(max_entries=3))
    for item in keys[:3]:
        plans.put(item, plans.make(item))
    assert plans.known(keys[0]) is not None
    plans.put(keys[3], plans.make(keys[3]))
    assert [plans.known(item) is not None for item in keys] == [True, False, True, True]


def test_plans_are_bounded_by_their_estimated_size(pool: Executor) -> None:
    small, large = key("{ __typename }"), key("{ __typename }" + " " * 5000)
    limit = CacheLimits(max_bytes=estimated_bytes(small) * 5)
    plans = PlanCache(shop(), pool, limit)
    plans.put(small, plans.make(small))
    plans.put(large, plans.make(large))
    assert plans.known(large) is None
    for n in range(20):
        plans.put(key(f"{{ a{n}: __typename }}"), plans.make(key(f"{{ a{n}: __typename }}")))
    assert len(plans) <= 5


async def test_an_operation_asked_for_twice_at_once_is_made_once(pool: Executor) -> None:
    plans = PlanCache(shop(), pool, CacheLimits())
    loop = asyncio.get_running_loop()
    futures = [loop.create_future() for _ in range(3)]
    for future in futures:
        plans.find(key("{ me { email } }"), future.set_result)
    one, *others = await asyncio.gather(*futures)
    assert all(other is one for other in others)
    assert plans.known(key("{ me { email } }")) is one


async def test_a_refusal_is_kept_like_a_plan(pool: Executor) -> None:
    plans = PlanCache(shop(), pool, CacheLimits())
    future = asyncio.get_running_loop().create_future()
    plans.find(key("{ nobody }"), future.set_result)
    assert isinstance(await future, OperationError)
    assert plans.known(key("{ nobody }")) is future.result()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "supergraph.graphql"
    path.write_text(shop_sdl())
    return path


@pytest.fixture
def parts(file: Path) -> Parts:
    subgraphs = CannedSubgraphs({"accounts": {"data": {"me": None}}})
    return assemble(file.read_text(), Settings(), subgraphs)


def reload(parts: Parts, file: Path) -> Reload:
    app = parts.app
    return Reload(file, app.endpoint, parts.generations, app.metrics, poll_seconds=0.02)


def write(file: Path, text: str | None) -> None:
    """Another process writes the file, or takes it away."""
    file.unlink() if text is None else file.write_text(text)


async def ask(parts: Parts, text: str) -> dict[str, object]:
    transport = httpx.ASGITransport(parts.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://router.test") as client:
        answer: dict[str, object] = (await client.post("/graphql", json={"query": text})).json()
        return answer


async def test_a_changed_file_takes_traffic_with_the_most_used_operations_ready(
    parts: Parts, file: Path
) -> None:
    await ask(parts, "{ me { id } }")
    before = parts.app.endpoint.served
    reloading = reload(parts, file)
    await reloading.look()
    write(file, shop_sdl().replace("reviewCount", "countOfReviews"))
    await reloading.look()
    assert parts.app.endpoint.served is not before
    plans = parts.app.endpoint.served.plans
    assert isinstance(plans.known(key("{ me { id } }")), PreparedOperation)
    assert await ask(parts, "{ me { countOfReviews } }") == {"data": {"me": None}}
    assert "errors" in await ask(parts, "{ me { reviewCount } }")


@pytest.mark.parametrize("broken", ["", "type Query {", "type Query { a: Int }"])
async def test_a_file_that_does_not_load_leaves_the_old_schema_serving(
    parts: Parts, file: Path, broken: str
) -> None:
    before = parts.app.endpoint.served
    write(file, broken)
    await reload(parts, file).take_up()
    assert parts.app.endpoint.served is before
    assert parts.app.metrics.reloads == {"success": 0, "failure": 1}


async def test_settings_that_only_a_new_subgraph_needs_may_be_wrong_until_then(file: Path) -> None:
    tls = {"subgraphs": {"stock": {"certificate_authorities": "no PEM"}}}
    parts = assemble(shop_sdl(), parse_settings({"tls": {"subgraph": tls}}, {}))
    before = parts.app.endpoint.served
    write(file, shop_sdl().replace('name: "inventory"', 'name: "stock"'))
    await reload(parts, file).take_up()
    assert parts.app.endpoint.served is before
    assert parts.app.metrics.reloads == {"success": 0, "failure": 1}


async def test_a_file_written_again_with_the_same_content_changes_nothing(
    parts: Parts, file: Path
) -> None:
    before = parts.app.endpoint.served
    write(file, shop_sdl())
    await reload(parts, file).take_up()
    assert parts.app.endpoint.served is before


async def test_a_file_that_has_gone_for_a_moment_changes_nothing(parts: Parts, file: Path) -> None:
    before = parts.app.endpoint.served
    write(file, None)
    await reload(parts, file).take_up()
    assert parts.app.endpoint.served is before
