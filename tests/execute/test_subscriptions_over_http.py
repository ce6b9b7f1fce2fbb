"""Subscriptions at a subgraph that answers with parts or server-sent events, byte by byte."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import aclosing
from itertools import pairwise
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.execute.answers import Understood
from router.execute.subscriptions.multipart import MultipartError, MultipartReader, boundary_of
from router.execute.subscriptions.open_source import open_source
from router.execute.subscriptions.server_sent_events import EventReader, ServerSentEvent
from router.execute.subscriptions.source import SourceFailed, SourceLimits, SourceRequest
from tests.execute.scripted_server import Peer, Script, ScriptedServer, ok, once, scripted

ACCEPT = b"multipart/mixed;subscriptionSpec=1.0, text/event-stream;q=0.9, application/json;q=0.5"
HEAD = b"\r\ncontent-type: application/json\r\n\r\n"
PARTS = b'multipart/mixed;boundary="graphql";subscriptionSpec=1.0'
SSE = b"text/event-stream"


def request(server: ScriptedServer, **limits: Any) -> SourceRequest:
    body = b'{"query":"subscription { a }"}'
    headers = ((b"authorization", b"Bearer t"),)
    return SourceRequest("news", server.url(), "http", body, headers, SourceLimits(**limits))


async def told(server: ScriptedServer, **limits: Any) -> list[Any]:
    """The data of each event, then the errors of the end."""
    found: list[Any] = []
    try:
        async for event in open_source(request(server, **limits)):
            assert isinstance(event, Understood)
            found.append(event.data)
    except SourceFailed as failed:
        found.append([error.message for error in failed.errors])
    return found


async def told_by(script: Script, **limits: Any) -> list[Any]:
    async with scripted(script) as server:
        return await asyncio.wait_for(told(server, **limits), 10)


def stream(content_type: bytes, *pieces: bytes) -> tuple[bytes, ...]:
    head = b"HTTP/1.1 200 OK\r\ncontent-type: %b\r\ntransfer-encoding: chunked\r\n\r\n"
    chunks = (b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces)
    return (head % content_type, *chunks)


def part(content: Any) -> bytes:
    return HEAD + orjson.dumps(content) + b"\r\n--graphql"


def payload(**data: Any) -> dict[str, Any]:
    return {"payload": {"data": data}}


async def test_the_request_says_what_the_router_reads() -> None:
    async with scripted(once(ok(b'{"data":{"a":1}}'))) as server:
        await told(server)
    (sent,) = server.requests
    head, _, body = sent.partition(b"\r\n\r\n")
    assert head.split(b"\r\n") == [
        b"POST /graphql HTTP/1.1",
        b"host: localhost:%d" % server.port,
        b"content-type: application/json",
        b"accept: " + ACCEPT,
        b"connection: close",
        b"authorization: Bearer t",
        b"content-length: 30",
    ]
    assert body == b'{"query":"subscription { a }"}'


async def test_parts_are_events_and_empty_ones_signs_of_life() -> None:
    pieces = stream(
        PARTS,
        b"\r\n--graphql" + part({}),
        part(payload(a=1)),
        part({}),
        part(payload(a=2)) + part(payload(a=3)),
        b"--\r\n",
    )
    assert await told_by(once(*pieces)) == [{"a": 1}, {"a": 2}, {"a": 3}]


async def test_an_event_is_there_before_the_delimiter_that_ends_it() -> None:
    is_seen = asyncio.Event()

    async def script(peer: Peer) -> None:
        await peer.request()
        await peer.write(*stream(b"multipart/mixed; boundary=-"))
        for number, end in ((1, b"\r\n---"), (2, b"\r\n-----\r\n")):
            before = b"---" if number == 1 else b""
            piece = before + HEAD + orjson.dumps(payload(a=number))
            await peer.write(b"%x\r\n%b\r\n" % (len(piece), piece))
            await is_seen.wait()
            is_seen.clear()
            await peer.write(b"%x\r\n%b\r\n" % (len(end), end))

    async with scripted(script) as server:
        found = []
        async for event in open_source(request(server)):
            found.append(event.data)
            is_seen.set()
    assert found == [{"a": 1}, {"a": 2}]


@pytest.mark.parametrize(
    ("last", "messages"),
    [
        ({"payload": None, "errors": [{"message": "Full."}, {"message": "!"}]}, ["Full.", "!"]),
        ({"errors": [{"message": "Full."}]}, ["Full."]),
        ({"payload": {"errors": [{"message": "No."}]}}, ["No."]),
        ({"payload": None}, ["it sent neither data nor errors"]),
        ({"payload": 3}, ["it sent neither data nor errors"]),
        ({"payload": None, "errors": 3}, ["it sent neither data nor errors"]),
    ],
)
async def test_errors_instead_of_a_payload_end_the_subscription(
    last: Any, messages: list[str]
) -> None:
    pieces = stream(PARTS, b"--graphql", part(payload(a=1)), part(last))
    first, errors = await told_by(once(*pieces))
    assert first == {"a": 1}
    for message, error in zip(messages, errors, strict=True):
        assert message in error


@pytest.mark.parametrize(
    "end",
    [b"--\r\n", b"--", b"\r\n--graphql--\r\n", b"--\r\n\r\n epilogue"],
)
async def test_the_end_is_written_in_several_ways(end: bytes) -> None:
    pieces = stream(PARTS, b"\r\n--graphql", part(payload(a=1)), end)
    assert await told_by(once(*pieces)) == [{"a": 1}]


async def test_results_without_a_payload_are_taken_as_they_are() -> None:
    pieces = stream(PARTS, b"--graphql", part({"data": {"a": 1}, "hasNext": True}), b"--")
    assert await told_by(once(*pieces)) == [{"a": 1}]


async def test_server_sent_events_are_events() -> None:
    pieces = stream(
        SSE + b"; charset=utf-8",
        b":\n\n",
        b'event: next\ndata: {"data":{"a":1}}\n\n: still here\n\nevent: next\r\ndata:{"da',
        b'ta":\r\ndata: {"a":2}}\r\n\r\nevent: ping\ndata: now\n\n',
        b'data: {"data":{"a":3}}\n\nevent: complete\n\n',
    )
    assert await told_by(once(*pieces)) == [{"a": 1}, {"a": 2}, {"a": 3}]


async def test_errors_that_come_as_the_only_event_are_why_there_are_no_others() -> None:
    event = b'event: next\ndata: {"errors":[{"message":"No such field."}]}\n\n'
    assert await told_by(once(*stream(SSE, event))) == [["No such field."]]


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (ok(b'{"errors":[{"message":"Sign in."}]}'), [["Sign in."]]),
        (ok(b'{"errors":[{"message":"Sign in."}]}', status=b"401 Nope"), [["Sign in."]]),
        (ok(b'{"data":{"a":1}}'), [{"a": 1}]),
        (b'HTTP/1.1 200 OK\r\n\r\n{"data":{"a":1}}', [{"a": 1}]),
        (b'HTTP/1.1 102 Wait\r\n\r\nHTTP/1.1 200 OK\r\n\r\n{"data":{"a":1}}', [{"a": 1}]),
        (ok(b"<html>", status=b"502 X"), [['Subgraph "news" answered with HTTP status 502 Bad']]),
        (ok(b"hello"), [['The answer of subgraph "news" cannot be used: it is not JSON']]),
        (ok(b"x" * 2000), [["it answered with more than 1000 bytes"]]),
        (b"SMTP ready\r\n\r\n", [["it sent something that is not HTTP"]]),
        (b"", [["it closed the connection"]]),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{", [["it closed the connection"]]),
        (b"".join(stream(PARTS, b"--graphql" + HEAD + b"{]}\r\n--graphql")), [["is not JSON"]]),
        (b"".join(stream(PARTS, b"--graphql" + HEAD + b"[]\r\n--graphql")), [["not a JSON obj"]]),
        (b"".join(stream(PARTS, b"--graphql" + HEAD + b"x" * 2000)), [["more than 1000 bytes"]]),
        (b"".join(stream(SSE, b"data: " + b"x" * 2000)), [["more than 1000 bytes"]]),
        (b"".join(stream(SSE, b"data: {]\n\n")), [["is not JSON"]]),
        (b"".join((*stream(PARTS, b"--graphql"), b"0\r\n\r\n")), [["ended before the subscr"]]),
        (b"".join(stream(SSE, b":\n\n")), [["it closed the connection"]]),
    ],
)
async def test_a_plain_or_broken_answer_says_what_was_wrong(
    answer: bytes, found: list[Any]
) -> None:
    got = await told_by(once(answer), event_bytes=1000)
    assert len(got) == len(found)
    for item, expected in zip(got, found, strict=True):
        if isinstance(expected, list):
            assert expected[0] in item[0]
        else:
            assert item == expected


async def test_a_subgraph_that_does_not_accept_in_time_is_given_up() -> None:
    async def script(peer: Peer) -> None:
        await peer.request()
        await peer.left()

    (errors,) = await told_by(script, open=0.01)
    assert errors == [
        'The subscription at subgraph "news" ended: it did not accept within 0.01 seconds.'
    ]


async def test_a_subgraph_that_falls_silent_is_given_up() -> None:
    async def script(peer: Peer) -> None:
        await peer.request()
        await peer.write(b"".join(stream(PARTS, b"--graphql" + part(payload(a=1)))))
        await peer.left()

    first, errors = await told_by(script, silence=0.01)
    assert first == {"a": 1}
    assert "it sent nothing for 0.01 seconds, not even a heartbeat" in errors[0]


async def test_nobody_at_the_address_is_an_error_that_says_so() -> None:
    async with scripted(once()) as server:
        pass
    (errors,) = await told(server)
    assert 'The subscription at subgraph "news" ended: there is no connection' in errors[0]


async def test_leaving_closes_the_connection() -> None:
    is_closed = asyncio.Event()

    async def script(peer: Peer) -> None:
        await peer.request()
        await peer.write(b"".join(stream(PARTS, b"--graphql" + part(payload(a=1)))))
        await peer.left()
        is_closed.set()

    async with scripted(script) as server:
        async with aclosing(open_source(request(server))) as events:
            assert (await anext(events)).data == {"a": 1}
        await asyncio.wait_for(is_closed.wait(), 5)


def cut(text: bytes, places: list[int]) -> Iterator[bytes]:
    edges = [0, *sorted({place % (len(text) + 1) for place in places}), len(text)]
    for begin, end in pairwise(edges):
        yield text[begin:end]


@given(
    st.lists(st.fixed_dictionaries({"a": st.text('{}"\r\n-aé', max_size=6)}), max_size=4),
    st.lists(st.integers(0, 10_000), max_size=12),
)
def test_parts_are_the_same_however_they_arrive(bodies: list[Any], places: list[int]) -> None:
    text = b"preamble\r\n--graphql" + b"".join(map(part, bodies)) + b"--\r\n"
    reader = MultipartReader("graphql", 10_000)
    assert [found for piece in cut(text, places) for found in reader.feed(piece)] == bodies
    assert reader.is_over


@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=9), max_size=5),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.lists(st.integers(0, 10_000), max_size=12),
)
def test_server_sent_events_are_the_same_however_they_arrive(
    bodies: list[str], line_end: str, places: list[int]
) -> None:
    lines = "".join(f"event: next{line_end}data: {body}{line_end * 2}" for body in bodies)
    reader = EventReader(10_000)
    pieces = cut(lines.encode() + b"\n", places)
    found = [event for piece in pieces for event in reader.feed(piece)]
    assert found == [ServerSentEvent("next", body.encode()) for body in bodies]


@pytest.mark.parametrize(
    ("content_type", "boundary"),
    [
        ('multipart/mixed; boundary="a b"; x=y', "a b"),
        ("multipart/mixed;Boundary=abc;x=y", "abc"),
        ("multipart/mixed", "-"),
    ],
)
def test_the_boundary_is_in_the_content_type(content_type: str, boundary: str) -> None:
    assert boundary_of(content_type) == boundary


def test_a_part_has_a_limit_however_it_arrives() -> None:
    reader = MultipartReader("graphql", 100)
    assert list(reader.feed(b"no boundary")) == []
    with pytest.raises(MultipartError, match="more than 100 bytes"):
        list(reader.feed(b"here either" * 10))
