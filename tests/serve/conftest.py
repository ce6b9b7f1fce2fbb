"""The shop's router in this process, in front of subgraphs that know their answers by heart."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest

from router.serve.app import create_app
from router.serve.settings.read import parse_settings
from tests.execute.canned_subgraphs import CannedSubgraphs
from tests.execute.shop import shop_sdl

ME = {"data": {"me": {"__typename": "User", "id": "u"}}}
OpenClient = Callable[..., httpx.AsyncClient]


@pytest.fixture
def subgraphs() -> CannedSubgraphs:
    return CannedSubgraphs({"accounts": ME, "catalog": {"data": {"products": []}}})


@pytest.fixture
async def open_client(subgraphs: CannedSubgraphs) -> AsyncIterator[OpenClient]:
    """Makes a client of a router with the given settings."""
    opened: list[httpx.AsyncClient] = []

    def open_(**settings: Any) -> httpx.AsyncClient:
        app = create_app(shop_sdl(), parse_settings(settings, {}), subgraphs)
        transport = httpx.ASGITransport(app)
        client = httpx.AsyncClient(transport=transport, base_url="http://router.test")
        client.headers.pop("accept")
        opened.append(client)
        return client

    yield open_
    for client in opened:
        await client.aclose()


@pytest.fixture
def client(open_client: OpenClient) -> httpx.AsyncClient:
    return open_client()
