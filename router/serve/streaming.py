"""Bodies that are sent piece by piece: made while they are sent, no faster than the client reads.

Nothing is buffered here: a chunk is asked for when the one before has left the server's own
buffer, so whoever makes the chunks decides what to do about a client that is slower.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing

from msgspec import Struct

from router.execute.transport import Headers

# A client that takes nothing for so long is taken to be gone.
STALLED_SECONDS = 60.0


class StreamedResponse(Struct, frozen=True):
    """An answer without a known length. Whoever sends it begins `chunks` (none is empty) and
    closes them: after the last one, or as soon as the client has left.
    """

    status: int
    headers: Headers
    chunks: AsyncGenerator[bytes, None]


async def with_heartbeat(
    items: AsyncGenerator[bytes, None], seconds: float
) -> AsyncGenerator[bytes | None, None]:
    """The items, and None whenever none has come for so long. Raises what `items` raise, and closes
    them.
    """
    async with aclosing(items):
        while True:
            coming = asyncio.ensure_future(anext(items, None))
            try:
                while not (await asyncio.wait((coming,), timeout=seconds))[0]:
                    yield None
            finally:
                if not coming.done():
                    coming.cancel()
                    await asyncio.wait((coming,))
            item = coming.result()
            if item is None:
                return
            yield item


async def deliver(
    chunks: AsyncGenerator[bytes, None],
    write: Callable[[bytes], Awaitable[None]],
    stalled_seconds: float = STALLED_SECONDS,
) -> None:
    """Write each chunk; `write` returns when there is room for another.

    Raises TimeoutError for a client that takes nothing for `stalled_seconds`, and whatever
    `chunks` and `write` raise. The chunks are closed in any case.
    """
    async with aclosing(chunks):
        async for chunk in chunks:
            async with asyncio.timeout(stalled_seconds):
                await write(chunk)
