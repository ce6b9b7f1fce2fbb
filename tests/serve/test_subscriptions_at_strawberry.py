"""A subgraph that people really write: Strawberry, in each protocol it speaks."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson
import pytest
import strawberry
import uvicorn
from strawberry.asgi import GraphQL
from strawberry.subscriptions import (
    GRAPHQL_SSE_PROTOCOL,
    GRAPHQL_TRANSPORT_WS_PROTOCOL,
    MULTIPART_SUBSCRIPTION_PROTOCOL,
)

from router.compose import Source, compose
from router.serve.app import create_app
from router.serve.settings.read import parse_settings
from tests.serve.servers import connected, running

SUBSCRIPTION = {
    "query": "subscription ($to: Int!) { counted(to: $to) { id double } }",
    "variables": {"to": 3},
}


@strawberry.federation.type(keys=["id"])
class Number:
    id: strawberry.ID

    @strawberry.field
    def double(self) -> int:
        return 2 * int(self.id)


@strawberry.type
class Query:
    @strawberry.field
    def number(self, id: strawberry.ID) -> Number:  # noqa: A002 - the name of the argument
        return Number(id=id)


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def counted(self, to: int) -> AsyncGenerator[Number, None]:
        for number in range(to):
            yield Number(id=strawberry.ID(str(number)))


@asynccontextmanager
async def subgraph(protocol: str) -> AsyncIterator[Source]:
    """A server that speaks one protocol for subscriptions."""
    schema = strawberry.federation.Schema(Query, subscription=Subscription)
    listening = socket.create_server(("127.0.0.1", 0))
    app: Any = GraphQL(schema, subscription_protocols=[protocol])
    config = uvicorn.Config(app, log_config=None, lifespan="off", access_log=False)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve([listening]))
    try:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/graphql"
        yield Source("numbers", url, schema.as_str())
    finally:
        server.should_exit = True
        await serving


@pytest.mark.parametrize(
    ("spoken", "protocol"),
    [
        (MULTIPART_SUBSCRIPTION_PROTOCOL, "http"),
        (GRAPHQL_SSE_PROTOCOL, "http"),
        (GRAPHQL_TRANSPORT_WS_PROTOCOL, "graphql_ws"),
    ],
)
async def test_its_events_reach_the_client(spoken: str, protocol: str) -> None:
    passthrough = {"subgraphs": {"numbers": {"protocol": protocol}}}
    settings = parse_settings({"subscription": {"mode": {"passthrough": passthrough}}}, {})
    async with subgraph(spoken) as numbers:
        sdl = compose([numbers]).supergraph_sdl or ""
        async with running(create_app(sdl, settings)) as router, connected(router.port) as client:
            await client.post(orjson.dumps(SUBSCRIPTION), "text/event-stream")
            told = await client.until(b"event: complete\n")
    events = [
        orjson.loads(line.removeprefix(b"data: "))["data"]["counted"]
        for line in told.splitlines()
        if line.startswith(b"data: {")
    ]
    assert events == [{"id": str(number), "double": 2 * number} for number in range(3)]
