"""Answers of subgraphs over real sockets, on both event loops: every framing, every fault."""

from __future__ import annotations

import gc
import gzip
import zlib
from collections.abc import Callable
from typing import Any

import pytest

from router.execute.subgraph_client.answer_reader import AnswerReader
from router.execute.subgraph_client.client import Reaching
from router.execute.subgraph_client.pool import Limits
from tests.execute.scripted_server import (
    DATA,
    QUERY,
    Peer,
    Script,
    always,
    answer_of,
    ask,
    ok,
    once,
    scripted,
)

BIG = b'{"data":"' + b"x" * 100_000 + b'"}'
CHUNKED = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
FRAMINGS = {
    "a length, in one piece": [ok(DATA)],
    "a length, byte by byte at first": [ok(DATA)[:1], ok(DATA)[1:30], ok(DATA)[30:]],
    "chunks": [CHUNKED + b"5\r\n" + DATA[:5] + b"\r\n15\r\n" + DATA[5:] + b"\r\n0\r\n\r\n"],
    "chunks that come late": [CHUNKED, b"1a\r\n" + DATA, b"\r\n0\r\n", b"\r\n"],
    "chunks with a trailer": [CHUNKED + b"1a\r\n" + DATA + b"\r\n0\r\nx-sum: 7\r\n\r\n"],
    "an interim answer before": [b"HTTP/1.1 103 Early Hints\r\nlink: <x>\r\n\r\n" + ok(DATA)],
    "gzip": [ok(gzip.compress(DATA), b"Content-Encoding: gzip")],
    "gzip of several members": [
        ok(gzip.compress(DATA[:9]) + gzip.compress(DATA[9:]), b"content-encoding: x-gzip")
    ],
    "HTTP/1.0 that stays": [
        b"HTTP/1.0 200 OK\r\nconnection: keep-alive\r\ncontent-length: 26\r\n\r\n" + DATA
    ],
}


@pytest.mark.parametrize("framing", FRAMINGS)
def test_an_answer_is_read_in_every_framing_and_the_connection_kept(
    run: Callable[[Any], Any], framing: str
) -> None:
    answers, connections = run(answer_of(always(*FRAMINGS[framing]), times=3))
    assert [(answer.status, answer.body) for answer in answers] == [(200, DATA)] * 3
    assert connections == 1


LAST_ANSWERS = {
    "no length: the end is the connection's": [b"HTTP/1.1 200 OK\r\n\r\n", DATA],
    "HTTP/1.0": [b"HTTP/1.0 200 OK\r\n\r\n" + DATA],
    "connection: close": [ok(DATA, b"connection: close")],
}


@pytest.mark.parametrize("framing", LAST_ANSWERS)
def test_an_answer_that_ends_its_connection_is_read_and_the_next_one_has_another(
    run: Callable[[Any], Any], framing: str
) -> None:
    answers, connections = run(answer_of(once(*LAST_ANSWERS[framing]), times=2))
    assert [answer.body for answer in answers] == [DATA, DATA]
    assert connections == 2


def test_statuses_and_types_are_told_as_they_are(run: Callable[[Any], Any]) -> None:
    for status, body in [(b"204 No Content", b""), (b"500 Oh", b"<html>"), (b"401 No", DATA)]:
        raw = ok(body, b"content-type: text/html", status=status)
        if not body:
            raw = b"HTTP/1.1 %b\r\n\r\n" % status
        (one, two), connections = run(answer_of(always(raw), times=2))
        assert (one.status, one.body) == (int(status[:3]), body) == (two.status, two.body)
        assert connections == 1


UNUSABLE = {
    "no HTTP": ([b"220 smtp ready\r\n"], "malformed", "not HTTP"),
    "a switch of protocol": (
        [b"HTTP/1.1 101 S\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n"],
        "malformed",
        "not HTTP",
    ),
    "an end before the head's": ([b"HTTP/1.1 200 OK\r\ncontent-le"], "closed", "complete"),
    "an end before the body's": ([ok(DATA)[:-3]], "closed", "complete"),
    "an end before the last chunk": ([CHUNKED + b"1a\r\n" + DATA], "closed", "complete"),
    "nothing": ([], "closed", "without an answer"),
    "brotli, unasked": ([ok(b"\x0b", b"content-encoding: br")], "malformed", '"br"'),
    "two codings": ([ok(b"\x0b", b"content-encoding: gzip, br")], "malformed", '"gzip, br"'),
    "gzip that is none": ([ok(DATA, b"content-encoding: gzip")], "malformed", "broken gzip"),
    "gzip cut off": (
        [ok(gzip.compress(DATA)[:-5], b"content-encoding: gzip")],
        "malformed",
        "too early",
    ),
}


@pytest.mark.parametrize("case", UNUSABLE)
def test_what_cannot_be_used_is_a_failure_that_says_why(
    run: Callable[[Any], Any], case: str
) -> None:
    pieces, kind, message = UNUSABLE[case]
    (answer,), _ = run(answer_of(once(*pieces)))
    assert answer.failure is not None
    assert answer.failure.kind == kind
    assert answer.failure.message.startswith('Subgraph "shop" ')
    assert message in answer.failure.message


TOO_LARGE = {
    "announced": [b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n"],
    "announced and whole": [ok(BIG)],
    "in chunks": [CHUNKED, b"10000\r\n" + b"x" * 65536 + b"\r\n"],
    "without a length": [b"HTTP/1.1 200 OK\r\n\r\n" + BIG],
    "when decompressed": [ok(gzip.compress(BIG), b"content-encoding: gzip")],
}


@pytest.mark.parametrize("case", TOO_LARGE)
def test_an_answer_above_the_limit_is_refused(run: Callable[[Any], Any], case: str) -> None:
    async def story() -> None:
        async def script(peer: Peer) -> None:
            await peer.request()
            await peer.write(*TOO_LARGE[case])
            await peer.left()

        (answer,), _ = await answer_of(script, limits=Limits(answer_bytes=1_000))
        assert answer.failure is not None
        assert answer.failure.kind == "too_large"
        assert "1000 bytes" in answer.failure.message

    run(story())


async def begins_a_large_one(peer: Peer) -> None:
    await peer.request()
    await peer.write(TOO_LARGE["in chunks"][0] + b"100\r\n" + b"x" * 256)
    await peer.left()


@pytest.mark.parametrize("script", [once(*TOO_LARGE["in chunks"]), begins_a_large_one])
def test_nothing_of_an_answer_that_was_given_up_stays_in_memory(
    run: Callable[[Any], Any], script: Script
) -> None:
    async def story() -> None:
        async with scripted(script) as server:
            client = server.client(Reaching(Limits(answer_bytes=1_000)))
            gc.collect()
            gc.disable()
            try:
                answer = await ask(client, seconds=0.1)
                left = [item for item in gc.get_objects() if isinstance(item, AnswerReader)]
            finally:
                gc.enable()
            assert answer.failure is not None
            assert left == []
            client.close()

    run(story())


def test_an_answer_as_large_as_the_limit_is_taken(run: Callable[[Any], Any]) -> None:
    limits = Limits(answer_bytes=len(BIG))
    for raw in (ok(BIG), ok(gzip.compress(BIG), b"content-encoding: gzip")):
        (answer,), _ = run(answer_of(always(raw), limits=limits))
        assert answer.body == BIG


def test_bytes_that_follow_an_answer_never_reach_the_next_one(run: Callable[[Any], Any]) -> None:
    other = b'{"data":{"me":{"id":"somebody else"}}}'
    surplus = CHUNKED + b"26\r\n" + other + b"\r\n0\r\n\r\n"
    for first in (ok(DATA), CHUNKED + b"1a\r\n" + DATA + b"\r\n0\r\n\r\n"):
        answers, connections = run(answer_of(always(first + surplus), times=3))
        assert [answer.body for answer in answers] == [DATA] * 3
        assert connections == 3


def test_larger_requests_are_compressed_when_the_settings_say_so(run: Callable[[Any], Any]) -> None:
    async def story() -> None:
        async with scripted(always(ok(DATA))) as server:
            client = server.client(Reaching(is_compressed=True))
            await ask(client)
            await ask(client, QUERY + b" " * 2_000)
            client.close()
            small, large = server.requests
        assert b"accept-encoding: gzip\r\n" in small
        assert small.endswith(QUERY)
        assert b"\r\ncontent-encoding: gzip\r\n" in large
        body = large.partition(b"\r\n\r\n")[2]
        assert zlib.decompress(body, 31) == QUERY + b" " * 2_000

    run(story())
