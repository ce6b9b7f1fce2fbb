"""How many subscriptions there may be, and what ends them: a new schema, or a router that stops."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import orjson
import pytest

from router.serve.reload import Reload
from router.serve.settings.read import SettingsError, parse_settings
from router.serve.toward_subgraphs import subscribing
from tests.execute.newsroom import newsroom_sdl
from tests.execute.scripted_server import scripted
from tests.serve.servers import connected, soon
from tests.serve.subscribing import EVENTS, SSE, News, answered, changed, opened, subscribe


async def test_there_are_at_most_as_many_as_allowed() -> None:
    bound = {"subscription": {"max_opened_subscriptions": 1}}
    async with opened(**bound) as setting, connected(setting.router.port) as second:
        async with connected(setting.router.port) as first:
            await subscribe(first)
            await first.chunk()
            await subscribe(second, SSE)
            refused = await second.until(b"event: complete\ndata: \n\n")
            assert b'"extensions":{"code":"SUBSCRIPTION_MAX_LIMIT"}' in refused
        await soon(lambda: not len(setting.parts.app.endpoint.subscriptions))
        await subscribe(second, SSE)
        assert await second.chunk() == b":\n\n"


async def test_they_can_be_switched_off() -> None:
    off = {"subscription": {"enabled": False}}
    async with opened(**off) as setting, connected(setting.router.port) as client:
        status, error = await answered(client, EVENTS)
        assert (status, error["extensions"]["code"]) == (200, "SUBSCRIPTION_DISABLED")


async def test_an_invalid_subscription_is_refused_at_once() -> None:
    async with opened() as setting, connected(setting.router.port) as client:
        text = {"query": "subscription { a: changed { id } b: changed { id } }"}
        status, error = await answered(client, EVENTS, text)
        assert (status, error["extensions"]["code"]) == (200, "GRAPHQL_VALIDATION_FAILED")


async def test_a_new_schema_ends_the_subscriptions_of_the_old_one(tmp_path: Path) -> None:
    async with opened() as setting, connected(setting.router.port) as client:
        await subscribe(client)
        setting.news.tell(changed("a"))
        await client.until(b"Ant")
        await client.until(b"\r\n--graphql\r\n")
        file = tmp_path / "supergraph.graphql"
        file.write_text(newsroom_sdl() + "\n# changed")
        app = setting.parts.app
        await Reload(file, app.endpoint, setting.parts.generations, app.metrics).take_up()
        end = await client.chunk()
        assert b'"extensions":{"code":"SUBSCRIPTION_SCHEMA_RELOAD"}' in end
        assert end.endswith(b"--graphql--\r\n")
        await asyncio.wait_for(setting.news.is_left.wait(), 5)


async def test_a_router_that_stops_ends_them_and_begins_no_more() -> None:
    async with opened() as setting, connected(setting.router.port) as client:
        await subscribe(client)
        await client.chunk()
        await setting.parts.app.endpoint.subscriptions.stop()
        assert b'"extensions":{"code":"SUBSCRIPTION_SHUTDOWN"}' in await client.chunk()
        assert await client.chunk() == b""
        _, error = await answered(client, EVENTS)
        assert error["extensions"]["code"] == "SUBSCRIPTION_SHUTDOWN"


@asynccontextmanager
async def serving(supergraph: Path) -> AsyncIterator[tuple[asyncio.subprocess.Process, int]]:
    """A router in a process of its own, and its port."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "router", "serve", "--supergraph", str(supergraph), "--port", "0"),
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stderr is not None
        line = orjson.loads(await asyncio.wait_for(process.stderr.readline(), 20))
        assert line["event"] == "serving"
        yield process, int(line["url"].removesuffix("/graphql").rpartition(":")[2])
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def test_a_process_that_is_told_to_stop_ends_them_and_then_itself(tmp_path: Path) -> None:
    news, file = News(), tmp_path / "supergraph.graphql"
    async with scripted(news.script) as server:
        file.write_text(newsroom_sdl().replace("http://news.test/graphql", server.url()))
        async with serving(file) as (process, port), connected(port) as client:
            await subscribe(client, text={"query": "subscription { changed { id } }"})
            await client.chunk()
            news.tell(changed("a"))
            assert b'"id":"a"' in await client.chunk()
            process.send_signal(signal.SIGTERM)
            assert b"SUBSCRIPTION_SHUTDOWN" in await client.rest()
            assert await asyncio.wait_for(process.wait(), 20) == 0


async def test_those_that_are_open_are_counted() -> None:
    async with opened() as setting, connected(setting.router.port) as client:
        await subscribe(client)
        await client.chunk()
        async with connected(setting.router.port) as scraper:
            scraper.writer.write(b"GET /metrics HTTP/1.1\r\nhost: r\r\nconnection: close\r\n\r\n")
            assert b"router_opened_subscriptions 1.0\n" in await scraper.rest()


@pytest.mark.parametrize(
    ("passthrough", "url", "protocol", "heartbeat"),
    [
        ({}, "https://news.test/graphql?a=1", "http", 10.0),
        ({"all": {}}, "wss://news.test/graphql?a=1", "graphql_ws", 10.0),
        (
            {"all": {}, "subgraphs": {"news": {"path": "/ws", "heartbeat_interval": "30s"}}},
            "wss://news.test/ws?a=1",
            "graphql_ws",
            30.0,
        ),
        (
            {"subgraphs": {"news": {"protocol": "http", "heartbeat_interval": "disabled"}}},
            "https://news.test/graphql?a=1",
            "http",
            None,
        ),
        ({"subgraphs": {"other": {}}}, "https://news.test/graphql?a=1", "http", 10.0),
    ],
)
def test_the_way_to_a_subgraph_is_as_apollo_router_has_it(
    passthrough: Any, url: str, protocol: str, heartbeat: float | None
) -> None:
    settings = parse_settings({"subscription": {"mode": {"passthrough": passthrough}}}, {})
    way = subscribing(settings, "news")
    assert way.url("https://news.test/graphql?a=1") == url
    assert (way.protocol, way.limits.heartbeat) == (protocol, heartbeat)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"mode": {"callback": {"public_url": "http://r/callback"}}},
            "subscription.mode.callback: not supported",
        ),
        ({"queue_capacity": 0}, "subscription.queue_capacity: expected `int` >= 1"),
        (
            {"mode": {"passthrough": {"all": {"protocol": "graphql_transport_ws"}}}},
            "subscription.mode.passthrough.all.protocol: invalid enum value",
        ),
        ({"deduplication": {}}, "subscription: unknown key `deduplication`"),
    ],
)
def test_settings_that_cannot_be_kept_are_refused(settings: Any, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        parse_settings({"subscription": settings}, {})
