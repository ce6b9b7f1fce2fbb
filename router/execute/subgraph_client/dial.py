"""A connection to whichever address of a host answers first.

https://www.rfc-editor.org/rfc/rfc8305 (Happy Eyeballs), which uvloop does not have of itself.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable
from itertools import chain, zip_longest

from router.execute.subgraph_client.connection import Connection

STAGGER_SECONDS = 0.25


async def dial(
    make: Callable[[], Connection], host: str, port: int, tls: ssl.SSLContext | None
) -> Connection:
    """Try the addresses in turn, the next one as soon as one fails or takes 250 ms.

    Raises OSError, with what went wrong at each address; UnicodeError for a host no DNS name is.
    """
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = alternating([(family, str(item[0])) for family, _, _, _, item in found])
    pending: set[asyncio.Task[Connection]] = set()
    errors: dict[str, None] = {}
    try:
        while addresses or pending:
            if addresses:
                attempt = _attempt(make, addresses.pop(0), port, tls, host)
                pending.add(loop.create_task(attempt))
            done, pending = await asyncio.wait(
                pending,
                timeout=STAGGER_SECONDS if addresses else None,
                return_when=asyncio.FIRST_COMPLETED,
            )
            connected = [task for task in done if task.exception() is None]
            errors |= {str(task.exception()): None for task in done if task not in connected}
            if connected:
                pending.update(connected[1:])
                return connected[0].result()
    finally:
        for task in pending:
            task.cancel()
            task.add_done_callback(_unwanted)
    raise OSError("; ".join(errors))


async def _attempt(
    make: Callable[[], Connection], address: str, port: int, tls: ssl.SSLContext | None, host: str
) -> Connection:
    _, connection = await asyncio.get_running_loop().create_connection(
        make, address, port, ssl=tls, server_hostname=host if tls else None
    )
    return connection


def _unwanted(task: asyncio.Task[Connection]) -> None:
    """Another address was faster."""
    if not task.cancelled() and task.exception() is None:
        task.result().discard()


def alternating(addresses: list[tuple[int, str]]) -> list[str]:
    """The addresses, each once, of IPv6 and IPv4 in turn: one family may be cut off altogether."""
    families: dict[int, dict[str, None]] = {}
    for family, address in addresses:
        families.setdefault(family, {})[address] = None
    return [item for item in chain.from_iterable(zip_longest(*families.values())) if item]
