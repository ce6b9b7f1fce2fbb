"""`multipart/mixed` answers: parts of JSON, sent one after the other.

The delimiter that ends a part is sent along with it, so that clients need not wait for the next
one to know that this one is whole.

https://www.rfc-editor.org/rfc/rfc2046#section-5.1
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing

# https://www.apollographql.com/docs/graphos/routing/operations/defer
DEFER_TYPE = b'multipart/mixed;boundary="graphql";deferSpec=20220824'
DELIMITER = b"\r\n--graphql"
END = b"--\r\n"


def part(body: bytes) -> bytes:
    """A JSON body as a part, after a delimiter and up to the next."""
    return b"\r\ncontent-type: application/json\r\n\r\n%b%b" % (body, DELIMITER)


def multipart(bodies: Iterable[bytes]) -> bytes:
    """All parts at once."""
    return b"".join((DELIMITER, *map(part, bodies), END))


async def parts(bodies: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    """The chunks of an answer whose JSON bodies come one by one; closes `bodies`."""
    opening = DELIMITER
    async with aclosing(bodies):
        async for body in bodies:
            yield opening + part(body)
            opening = b""
    yield opening + END
