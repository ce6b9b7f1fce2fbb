"""@defer over HTTP: the bytes of answers in parts, and who gets the whole answer at once."""

from __future__ import annotations

from typing import Any

import httpx
import orjson
import pytest

from router.serve.app import create_app
from tests.execute.canned_subgraphs import CannedSubgraphs, entities
from tests.execute.held_subgraphs import HeldSubgraphs
from tests.execute.shop import shop_sdl
from tests.serve.conftest import OpenClient
from tests.serve.servers import Lane, connected, running, soon

PARTS = "multipart/mixed;deferSpec=20220824, application/json"
QUERY = '{ product(id: "1") { name ... @defer(label: "stock") { inStock } } }'
PART = b"\r\ncontent-type: application/json\r\n\r\n"
FIRST = b'{"data":{"product":{"name":"Mug"}},"hasNext":true}'
SECOND = (
    b'{"incremental":[{"label":"stock","path":["product"],"data":{"inStock":true}}],'
    b'"hasNext":false}'
)
BYTES = b"\r\n--graphql" + PART + FIRST + b"\r\n--graphql" + PART + SECOND + b"\r\n--graphql--\r\n"
ANSWERS = {
    "catalog": {"data": {"product": {"__typename": "Product", "id": "1", "name": "Mug"}}},
    "inventory": entities({"1": {"inStock": True}}),
}


@pytest.fixture
def subgraphs() -> CannedSubgraphs:
    return CannedSubgraphs(dict(ANSWERS))


async def ask(client: httpx.AsyncClient, query: str, accept: str = PARTS) -> httpx.Response:
    return await client.post("/graphql", json={"query": query}, headers={"accept": accept})


@pytest.mark.parametrize("lane", ["fast", "asgi"])
async def test_the_first_part_is_sent_while_the_others_are_made(lane: Lane) -> None:
    subgraphs = HeldSubgraphs(dict(ANSWERS))
    app = create_app(shop_sdl(), None, subgraphs)
    async with running(app, lane) as router, connected(router.port) as client:
        await client.post(orjson.dumps({"query": QUERY}), PARTS)
        await soon(lambda: subgraphs.waiting() == ["catalog"])
        subgraphs.let("catalog")
        head = await client.head()
        assert b"200 OK" in head
        assert b'content-type: multipart/mixed;boundary="graphql";deferSpec=20220824' in head
        first = await client.chunk()
        assert first == b"\r\n--graphql" + PART + FIRST + b"\r\n--graphql"
        subgraphs.let("inventory")
        rest = b""
        while chunk := await client.chunk():
            rest += chunk
        assert first + rest == BYTES


@pytest.mark.parametrize("lane", ["fast", "asgi"])
async def test_a_client_that_leaves_takes_along_what_is_not_made_yet(lane: Lane) -> None:
    subgraphs = HeldSubgraphs(dict(ANSWERS))
    app = create_app(shop_sdl(), None, subgraphs)
    async with running(app, lane) as router:
        async with connected(router.port) as client:
            await client.post(orjson.dumps({"query": QUERY}), PARTS)
            await soon(lambda: subgraphs.waiting() == ["catalog"])
            subgraphs.let("catalog")
            await client.head()
            await client.chunk()
        await soon(lambda: subgraphs.waiting() == [])
    assert subgraphs.cancelled == 1


async def test_a_client_that_asks_for_no_parts_gets_the_whole_answer(
    open_client: OpenClient,
) -> None:
    for mode in ("always", "off"):
        client = open_client(execution={"compiled": mode})
        response = await ask(client, QUERY, "application/json")
        assert response.headers["content-type"] == "application/json"
        assert response.json() == {"data": {"product": {"name": "Mug", "inStock": True}}}
        assert (await ask(client, QUERY)).content == BYTES


async def test_an_operation_that_defers_nothing_is_answered_at_once(
    client: httpx.AsyncClient,
) -> None:
    for query in ('{ product(id: "1") { name } }', QUERY.replace('label: "stock"', "if: false")):
        response = await ask(client, query)
        assert response.headers["content-type"] == "application/json"


async def test_the_plan_is_shown_with_the_first_part(open_client: OpenClient) -> None:
    client = open_client(plugins={"experimental.expose_query_plan": True})
    headers = {"accept": PARTS, "apollo-expose-query-plan": "true"}
    response = await client.post("/graphql", json={"query": QUERY}, headers=headers)
    first, second = (orjson.loads(text.partition("\r\n\r\n")[2]) for text in split(response.text))
    assert first["extensions"]["apolloQueryPlan"]["object"]["node"]["kind"] == "Defer"
    assert "extensions" not in second


def split(body: str) -> list[str]:
    return body.split("\r\n--graphql")[1:-1]


async def test_the_limit_on_requests_counts_an_answer_in_parts_once(
    open_client: OpenClient,
) -> None:
    client = open_client(execution={"adaptive_limit": {"enabled": True}})
    assert (await ask(client, QUERY)).content == BYTES
    assert (await ask(client, QUERY)).content == BYTES


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        (
            '{ me { ...F @defer(label: "a") ...F @defer(label: "a") } } fragment F on User { id }',
            "label",
        ),
        ("mutation { ... @defer { greet } }", "root"),
        ("{ me @defer { id } }", "may not be used on field"),
    ],
)
async def test_wrong_uses_of_the_directive_are_refused(
    client: httpx.AsyncClient, query: str, reason: str
) -> None:
    (error,) = (await ask(client, query)).json()["errors"]
    assert error["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    assert reason in error["message"]


async def test_clients_see_the_directive(client: httpx.AsyncClient) -> None:
    assert "defer" in await directives(client)


async def test_a_setting_takes_the_directive_away(open_client: OpenClient) -> None:
    client = open_client(supergraph={"defer_support": False})
    assert "defer" not in await directives(client)
    (error,) = (await ask(client, QUERY)).json()["errors"]
    assert "Unknown directive '@defer'" in error["message"]


async def directives(client: httpx.AsyncClient) -> list[Any]:
    response = await ask(client, "{ __schema { directives { name } } }", "application/json")
    return [item["name"] for item in response.json()["data"]["__schema"]["directives"]]
