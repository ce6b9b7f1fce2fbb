"""The fast lane answers as the ASGI way does, byte for byte but for the order of headers."""

from __future__ import annotations

import pytest

from router.serve.app import create_app
from router.serve.settings.read import parse_settings
from tests.execute.canned_subgraphs import CannedSubgraphs
from tests.execute.shop import shop_sdl
from tests.serve.conftest import ME
from tests.serve.servers import Lane, connected, running

QUERY = b'{"query":"{ me { id } }"}'
JSON = b"content-type: application/json\r\n"


async def answer(lane: Lane, request: bytes) -> tuple[bytes, set[bytes], bytes]:
    """The status line, the headers and the body."""
    settings = parse_settings({"limits": {"http_max_request_bytes": 100}}, {})
    app = create_app(shop_sdl(), settings, CannedSubgraphs({"accounts": ME}))
    async with running(app, lane) as router, connected(router.port) as client:
        client.writer.write(request)
        head, _, body = (await client.rest()).partition(b"\r\n\r\n")
    status, *headers = head.split(b"\r\n")
    return status, set(headers), body


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (JSON, QUERY),
        (JSON + b"accept: application/graphql-response+json\r\n", QUERY),
        (JSON + b"accept: text/event-stream\r\n", QUERY),
        (JSON + b"accept: text/plain\r\n", QUERY),
        (JSON + b"origin: https://studio.apollographql.com\r\n", QUERY),
        (JSON + b"origin: https://elsewhere.test\r\n", QUERY),
        (JSON, b'{"query":"{ nobody }"}'),
        (JSON, b'{"query":"mutation { rename(name: null) { id } }"}'),
        (JSON, b"{"),
        (JSON, b""),
        (JSON, b"x" * 101),
        (b"content-type: text/plain\r\n", QUERY),
        (b"", QUERY),
    ],
)
async def test_both_ways_answer_alike(headers: bytes, body: bytes) -> None:
    length = b"content-length: %d\r\n" % len(body)
    start = b"POST /graphql HTTP/1.1\r\nhost: r\r\nconnection: close\r\n"
    sent = start + headers + length + b"\r\n" + body
    fast = await answer("fast", sent)
    assert fast == await answer("asgi", sent)
    assert b"connection: close" in fast[1]
