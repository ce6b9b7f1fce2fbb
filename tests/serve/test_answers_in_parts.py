"""How answers of several parts are written and who gets them: exact bytes, as clients read them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

import httpx
import pytest

from router.serve.event_forms import MULTIPART, SERVER_SENT_EVENTS
from router.serve.multipart import parts
from router.serve.negotiation import Accepted, accepted
from router.serve.streaming import deliver

DEFER = "multipart/mixed;deferSpec=20220824"
EVENTS = 'multipart/mixed;subscriptionSpec="1.0"'
SSE = "text/event-stream"
JSON = b"application/json"
PART = b"\r\n--graphql\r\ncontent-type: application/json\r\n\r\n"
GRAPHQL = b"application/graphql-response+json"


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("application/json", Accepted(JSON)),
        (f"{DEFER}, application/json", Accepted(JSON, is_deferrable=True)),
        (f"{DEFER}, application/graphql-response+json", Accepted(GRAPHQL, is_deferrable=True)),
        ('multipart/mixed; DeferSpec="20220824"', Accepted(None, is_deferrable=True)),
        (
            "multipart/mixed;boundary=graphql;subscriptionSpec=1.0,application/json",
            Accepted(JSON, events=MULTIPART),
        ),
        (SSE, Accepted(None, events=SERVER_SENT_EVENTS)),
        (f"{SSE}, {EVENTS}, */*", Accepted(JSON, events=SERVER_SENT_EVENTS)),
        (f"{SSE};q=0.5, {EVENTS}", Accepted(None, events=MULTIPART)),
        ("multipart/mixed, */*", Accepted(JSON)),
        ("multipart/mixed;deferSpec=20991231, */*", Accepted(JSON)),
        ("*/*", Accepted(JSON)),
        ("multipart/mixed", None),
        (f"{SSE};q=0", None),
    ],
)
def test_answers_in_parts_are_asked_for_by_name_and_version(
    accept: str, form: Accepted | None
) -> None:
    assert accepted(accept.encode()) == form


async def _bodies(*bodies: bytes) -> AsyncGenerator[bytes, None]:
    for body in bodies:
        yield body


async def test_parts_end_with_the_delimiter_so_that_nobody_waits_for_the_next() -> None:
    chunks = [chunk async for chunk in parts(_bodies(b'{"a":1}', b'{"b":2}'))]
    assert chunks == [
        b'\r\n--graphql\r\ncontent-type: application/json\r\n\r\n{"a":1}\r\n--graphql',
        b'\r\ncontent-type: application/json\r\n\r\n{"b":2}\r\n--graphql',
        b"--\r\n",
    ]


def test_the_events_of_a_multipart_answer() -> None:
    head = b"\r\ncontent-type: application/json\r\n\r\n"
    assert MULTIPART.opening == b"\r\n--graphql" + head + b"{}\r\n--graphql"
    assert MULTIPART.heartbeat == head + b"{}\r\n--graphql"
    assert MULTIPART.next(b'{"data":1}') == head + b'{"payload":{"data":1}}\r\n--graphql'
    ended = b'{"payload":null,"errors":[{"message":"m"}]}\r\n--graphql--\r\n'
    assert MULTIPART.fatal([{"message": "m"}]) == head + ended
    assert MULTIPART.closing == b"--\r\n"


def test_the_events_of_a_server_sent_stream() -> None:
    assert SERVER_SENT_EVENTS.next(b'{"data":1}') == b'event: next\ndata: {"data":1}\n\n'
    ended = b'event: next\ndata: {"errors":[{"message":"m"}]}\n\nevent: complete\ndata: \n\n'
    assert SERVER_SENT_EVENTS.fatal([{"message": "m"}]) == ended
    assert SERVER_SENT_EVENTS.closing == b"event: complete\ndata: \n\n"


@pytest.mark.parametrize(
    ("accept", "body"),
    [
        (SSE, b':\n\nevent: next\ndata: {"data":{"me":{"id":"u"}}}\n\nevent: complete\ndata: \n\n'),
        (
            DEFER,
            PART + b'{"data":{"me":{"id":"u"}},"hasNext":false}\r\n--graphql--\r\n',
        ),
        (
            EVENTS,
            PART + b"{}" + PART + b'{"payload":{"data":{"me":{"id":"u"}}}}\r\n--graphql--\r\n',
        ),
    ],
)
async def test_a_query_is_answered_in_parts_to_a_client_that_takes_nothing_else(
    client: httpx.AsyncClient, accept: str, body: bytes
) -> None:
    query = {"query": "{ me { id } }"}
    response = await client.post("/graphql", json=query, headers={"accept": accept})
    assert response.status_code == 200
    assert response.content == body
    assert response.headers["content-type"].partition(";")[0] == accept.partition(";")[0]
    both = {"accept": f"{accept}, application/json"}
    response = await client.post("/graphql", json=query, headers=both)
    assert response.json() == {"data": {"me": {"id": "u"}}}


async def test_an_invalid_operation_is_an_event_with_errors(client: httpx.AsyncClient) -> None:
    query = {"query": "{ nobody }"}
    response = await client.post("/graphql", json=query, headers={"accept": SSE})
    assert response.status_code == 200
    assert response.headers["content-type"] == SSE
    assert b'event: next\ndata: {"errors":[{"message":"Cannot query field' in response.content


async def test_a_client_that_takes_nothing_for_long_is_given_up() -> None:
    is_closed = False

    async def chunks() -> AsyncGenerator[bytes, None]:
        nonlocal is_closed
        try:
            yield b"one"
        finally:
            is_closed = True

    async def never(_chunk: bytes) -> None:
        await asyncio.Event().wait()

    with pytest.raises(TimeoutError):
        await deliver(chunks(), never, stalled_seconds=0)
    assert is_closed
