"""What a subgraph can do wrong with one request. A fault that lets the right answer through counts
too: it is slow, in pieces, or compressed.
"""

from __future__ import annotations

import asyncio
import gzip
import random
from collections.abc import Callable, Iterator
from typing import Any

import orjson

from benchmarks.router.subgraph_server import message

HUGE = 50_000_000
PIECE = b"x" * 65536
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
CHUNKED = HEAD + b"transfer-encoding: chunked\r\n\r\n"

# (the connection, the right answer as a whole HTTP message)
Fault = Callable[[asyncio.Transport, bytes], None]


def hang(transport: asyncio.Transport, answer: bytes) -> None:
    """Never answer."""


def die(transport: asyncio.Transport, answer: bytes) -> None:  # noqa: ARG001 - one shape for all
    """Reset the connection without an answer."""
    transport.abort()


def close(transport: asyncio.Transport, answer: bytes) -> None:  # noqa: ARG001 - one shape for all
    """Close the connection without an answer."""
    transport.close()


def close_within_head(transport: asyncio.Transport, answer: bytes) -> None:
    """End in the middle of the head."""
    transport.write(answer[:20])
    transport.close()


def close_within_body(transport: asyncio.Transport, answer: bytes) -> None:
    """Announce the whole body, send a part."""
    transport.write(answer[:-5])
    transport.close()


def close_within_chunks(transport: asyncio.Transport, answer: bytes) -> None:
    """End before the last chunk."""
    body = answer.partition(b"\r\n\r\n")[2]
    transport.write(CHUNKED + b"%x\r\n%b\r\n" % (len(body), body))
    transport.close()


def garbage(transport: asyncio.Transport, answer: bytes) -> None:  # noqa: ARG001 - one shape for all
    """Bytes that mean nothing."""
    transport.write(random.randbytes(random.randrange(1, 500)))
    transport.close()


def page(transport: asyncio.Transport, answer: bytes) -> None:  # noqa: ARG001 - one shape for all
    """A page for people, with status 200."""
    transport.write(HEAD + b"content-length: 6\r\n\r\n<html>")


def failed(transport: asyncio.Transport, answer: bytes) -> None:  # noqa: ARG001 - one shape for all
    """Status 500, and nothing said."""
    transport.write(b"HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\n\r\n")


def refused(transport: asyncio.Transport, answer: bytes) -> None:  # noqa: ARG001 - one shape for all
    """GraphQL errors and no data."""
    transport.write(message({"errors": [{"message": "Not today."}]}))


def of_another_shape(transport: asyncio.Transport, answer: bytes) -> None:  # noqa: ARG001 - the same
    """JSON that is no answer to the question."""
    data: tuple[Any, ...] = ([1], 7, None, {})
    contents = ([], 7, {"errors": {}}, *({"data": item} for item in data))
    transport.write(message(random.choice(contents)))


def lacking(transport: asyncio.Transport, answer: bytes) -> None:
    """The right answer without one of its fields, wherever that is."""
    content = orjson.loads(answer.partition(b"\r\n\r\n")[2])
    objects = list(_objects(content["data"]))
    if objects:
        found = random.choice(objects)
        del found[random.choice(list(found))]
    transport.write(message(content))


def under_another_name(transport: asyncio.Transport, answer: bytes) -> None:
    """The right answer, but everything calls itself a User."""
    body = answer.partition(b"\r\n\r\n")[2]
    for name in (b"Product", b"Review"):
        body = body.replace(b'"__typename":"%b"' % name, b'"__typename":"User"')
    transport.write(HEAD + b"content-length: %d\r\n\r\n%b" % (len(body), body))


def huge(transport: asyncio.Transport, answer: bytes) -> None:  # noqa: ARG001 - one shape for all
    """50 MB, announced."""
    transport.write(HEAD + b"content-length: %d\r\n\r\n" % HUGE)
    _pour(transport, HUGE, PIECE)


def huge_in_chunks(transport: asyncio.Transport, answer: bytes) -> None:  # noqa: ARG001 - the same
    """50 MB that nobody could expect."""
    transport.write(CHUNKED)
    _pour(transport, HUGE, b"%x\r\n%b\r\n" % (len(PIECE), PIECE))


def huge_when_decompressed(transport: asyncio.Transport, answer: bytes) -> None:  # noqa: ARG001 - same
    """50 kB of gzip that are 50 MB."""
    transport.write(HEAD + b"content-encoding: gzip\r\n" + BOMB)


def slow(transport: asyncio.Transport, answer: bytes) -> None:
    """The right answer in two parts, with a pause between them."""
    half = len(answer) // 2
    transport.write(answer[:half])
    asyncio.get_running_loop().call_later(0.2, _rest, transport, answer[half:])


def compressed(transport: asyncio.Transport, answer: bytes) -> None:
    """The right answer, compressed without being asked to."""
    body = gzip.compress(answer.partition(b"\r\n\r\n")[2], 1)
    transport.write(
        HEAD + b"content-encoding: gzip\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body)
    )


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict) and value:
        yield value
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _objects(item)


def _rest(transport: asyncio.Transport, data: bytes) -> None:
    if not transport.is_closing():
        transport.write(data)


def _pour(transport: asyncio.Transport, left: int, piece: bytes) -> None:
    """Write as fast as the other side reads, until it has had enough."""
    if transport.is_closing() or left <= 0:
        return
    if transport.get_write_buffer_size() < len(PIECE):
        transport.write(piece)
        left -= len(PIECE)
    asyncio.get_running_loop().call_later(0.0005, _pour, transport, left, piece)


def _bomb() -> bytes:
    body = gzip.compress(b'{"data":"' + b"x" * HUGE + b'"}', 9)
    return b"content-length: %d\r\n\r\n%b" % (len(body), body)


BOMB = _bomb()
FAULTS: tuple[Fault, ...] = (
    hang,
    die,
    close,
    close_within_head,
    close_within_body,
    close_within_chunks,
    garbage,
    page,
    failed,
    refused,
    of_another_shape,
    lacking,
    under_another_name,
    huge,
    huge_in_chunks,
    huge_when_decompressed,
    slow,
    compressed,
)
