"""A connection carries many requests, cut into whatever pieces the network makes of them."""

from __future__ import annotations

import asyncio
import gc
import re
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from typing import Any
from weakref import ref

import uvicorn
from hypothesis import given
from hypothesis import strategies as st
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from router.serve.app import create_app
from router.serve.asgi import Router
from router.serve.fast_lane import fast_lane
from tests.execute.canned_subgraphs import CannedSubgraphs, Question
from tests.execute.shop import shop_sdl
from tests.properties.endless import IN_TIME, examples
from tests.serve.servers import connected, running, soon

START = b"POST /graphql HTTP/1.1\r\nhost: r\r\ncontent-type: application/json\r\n"
ME = b'{"query":"{ %c: me { id } }"}'
GRAPHQL = b"accept: application/graphql-response+json\r\n"


def me(question: Question) -> dict[str, Any]:
    """The user, by the name that was asked for."""
    found = re.search(r"(\w+): ?me", question.query)
    return {"data": {found[1] if found else "me": {"__typename": "User", "id": "u"}}}


def router() -> Router:
    return create_app(shop_sdl(), None, CannedSubgraphs({"accounts": me}))


@dataclass(frozen=True)
class Message:
    """A request that asks for the user by a name of one letter, and what its answer has."""

    sent: bytes
    answered: bytes


def whole(letter: int, extra: bytes = b"") -> Message:
    body = ME % letter
    head = START + extra + b"content-length: %d\r\n\r\n" % len(body)
    return Message(head + body, b'{"data":{"%c":{"id":"u"}}}' % letter)


def chunked(letter: int) -> Message:
    body = ME % letter
    framed = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
    head = START + b"transfer-encoding: chunked\r\n\r\n"
    return Message(head + framed, whole(letter).answered)


LIVE = Message(b"GET /health/live HTTP/1.1\r\nhost: r\r\n\r\n", b'"UP"')
EMPTY = Message(START + b"content-length: 0\r\n\r\n", b"is not JSON")
LETTERS = st.sampled_from(b"abc")
MESSAGES = st.one_of(
    st.builds(whole, LETTERS),
    st.builds(whole, LETTERS, st.sampled_from([GRAPHQL, b"expect: 100-continue\r\n"])),
    st.builds(chunked, LETTERS),
    st.sampled_from([LIVE, EMPTY]),
)


@dataclass
class ClientSide(asyncio.Transport):
    """What the router has written to a client that reads everything at once."""

    written: bytearray = field(default_factory=bytearray)
    is_closed: bool = False

    def __post_init__(self) -> None:
        super().__init__()

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += data

    def is_closing(self) -> bool:
        return self.is_closed

    def close(self) -> None:
        self.is_closed = True

    def resume_reading(self) -> None:
        """There is nobody to hold back."""

    pause_reading = resume_reading


def opened(app: Router, client: ClientSide) -> HttpToolsProtocol:
    """The router's side of the connection."""
    settings = uvicorn.Config(app, http=fast_lane(app), log_config=None, lifespan="off")
    settings.load()
    connection = fast_lane(app)(config=settings, server_state=ServerState(), app_state={})
    connection.connection_made(client)
    return connection


async def answers(pieces: list[bytes], expected: list[int]) -> list[bytes]:
    """The bodies of the answers; after each piece so many are waited for."""
    client = ClientSide()
    connection = opened(router(), client)
    for piece, count in zip(pieces, expected, strict=True):
        connection.data_received(piece)
        await soon(lambda count=count: len(bodies(client.written)) >= count)
    connection.connection_lost(None)
    return bodies(client.written)


def bodies(written: bytearray) -> list[bytes]:
    found, rest = [], bytes(written)
    while b"\r\n\r\n" in rest:
        head, _, rest = rest.partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 100"):
            length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
            found.append(rest[:length])
            rest = rest[length:]
    return found


def cut(sent: bytes, at: list[int]) -> list[bytes]:
    places = [0, *sorted({place % len(sent) for place in at} - {0}), len(sent)]
    return [sent[start:end] for start, end in pairwise(places)]


def assert_answered(messages: list[Message], pieces: list[bytes], expected: list[int]) -> None:
    seen = asyncio.run(answers(pieces, expected))
    for message, body in zip(messages, seen, strict=True):
        assert message.answered in body


def assert_answered_in_turns(turns: list[list[Message]]) -> None:
    """The client sends a few requests at once, and more when they are answered."""
    pieces = [b"".join(message.sent for message in turn) for turn in turns]
    expected = list(accumulate(len(turn) for turn in turns))
    assert_answered([message for turn in turns for message in turn], pieces, expected)


@IN_TIME
@given(st.lists(MESSAGES, min_size=1, max_size=8), st.lists(st.integers(0, 5000), max_size=6))
@examples(40)
def test_each_request_gets_its_own_answer_however_the_bytes_arrive(
    messages: list[Message], places: list[int]
) -> None:
    pieces = cut(b"".join(message.sent for message in messages), places)
    assert_answered(messages, pieces, [0] * (len(pieces) - 1) + [len(messages)])


@IN_TIME
@given(st.lists(st.lists(MESSAGES, min_size=1, max_size=3), min_size=1, max_size=6))
@examples(40)
def test_each_request_gets_its_own_answer_when_a_few_are_sent_in_turns(
    turns: list[list[Message]],
) -> None:
    assert_answered_in_turns(turns)


def test_two_requests_that_arrive_at_once_are_two_also_when_the_same_two_come_again() -> None:
    pair = [whole(ord("a")), whole(ord("a"))]
    assert_answered_in_turns([pair] * 3)


async def test_a_connection_is_closed_when_it_has_been_idle_for_its_time() -> None:
    async with running(router()) as served, connected(served.port) as client:
        await soon(lambda: bool(served.connections))
        served.connections[0].timeout_keep_alive = 0.05
        client.writer.write(whole(ord("a")).sent)
        assert b'{"data":' in await client.rest()


async def test_a_timer_that_goes_off_soon_after_an_answer_does_not_close_the_connection() -> None:
    client = ClientSide()
    connection = opened(router(), client)
    connection.data_received(whole(ord("a")).sent)
    connection.timeout_keep_alive_handler()
    assert not client.is_closed, "a request is under way"
    await soon(lambda: bool(client.written))
    connection.timeout_keep_alive_handler()
    assert not client.is_closed, "it was answered just now"
    connection.timeout_keep_alive = 0
    connection.timeout_keep_alive_handler()
    assert client.is_closed
    connection.connection_lost(None)


async def test_a_connection_that_is_lost_leaves_no_garbage_to_collect() -> None:
    client = ClientSide()
    connection = opened(router(), client)
    connection.data_received(whole(ord("a")).sent)
    await soon(lambda: bool(client.written))
    connection.connection_lost(None)
    left = ref(connection)
    gc.disable()
    try:
        del connection
        await asyncio.sleep(0)
        assert left() is None
    finally:
        gc.enable()
