"""Subgraphs that answer rightly, but for some requests: those meet a fault, or a dead process.

Run as `python -m benchmarks.faults.subgraph_server PORT DATA_FOLDER FAULTS_PER_THOUSAND`. `GET
/well` ends the faults; `GET /told` counts what was done to whom.
"""

from __future__ import annotations

import asyncio
import random
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import cast

import uvloop

from benchmarks.faults.kinds import FAULTS
from benchmarks.router.public_data import read_benchmark, shop_of
from benchmarks.router.subgraph_answers import Subgraphs
from benchmarks.router.subgraph_server import HEAD_END, Answers, message

DEAD_SECONDS, ALIVE_SECONDS = 0.5, 10.0
# (request line, body) -> the right answer, as a whole HTTP message
Answer = Callable[[bytes, bytes], bytes]


@dataclass(slots=True, eq=False)
class FaultySubgraphs:
    """All subgraphs on one port; `per_thousand` requests meet a fault."""

    answer: Answer
    per_thousand: int
    told: Counter[str] = field(default_factory=Counter)
    connections: set[Connection] = field(default_factory=set)

    async def serve(self, port: int, *, is_dying: bool = True) -> None:
        """Listen until cancelled; die now and then, and come back."""
        loop = asyncio.get_running_loop()
        while True:
            server = await loop.create_server(
                lambda: Connection(self), "127.0.0.1", port, backlog=1024
            )
            try:
                await self._live(is_dying=is_dying)
            finally:
                server.close()
                for connection in list(self.connections):
                    connection.transport.abort()
            self.told["dead"] += 1
            await asyncio.sleep(DEAD_SECONDS)

    async def _live(self, *, is_dying: bool) -> None:
        """Until the next death."""
        for _ in count():
            await asyncio.sleep(ALIVE_SECONDS)
            if is_dying and self.per_thousand:
                return

    def take(self, line: bytes, body: bytes, transport: asyncio.Transport) -> None:
        """Answer one request, or do something worse."""
        if line.startswith(b"GET /well"):
            self.per_thousand = 0
        if line.startswith(b"GET"):
            transport.write(message(dict(self.told)))
            return
        answer = self.answer(line, body)
        if random.randrange(1000) < self.per_thousand:
            fault = random.choice(FAULTS)
            self.told[fault.__name__] += 1
            fault(transport, answer)
        else:
            self.told["right"] += 1
            transport.write(answer)


class Connection(asyncio.Protocol):
    """One keep-alive connection of the router."""

    def __init__(self, subgraphs: FaultySubgraphs) -> None:
        self.subgraphs = subgraphs
        self.pending = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        self.transport = cast("asyncio.Transport", transport)
        self.subgraphs.connections.add(self)

    def connection_lost(self, error: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        """The router has had enough, or we have died."""
        self.subgraphs.connections.discard(self)

    def data_received(self, data: bytes) -> None:
        """Take every complete request."""
        data = self.pending + data
        while (end := data.find(HEAD_END)) >= 0:
            head = data[:end]
            at = head.lower().find(b"\r\ncontent-length:")
            length = int(head[at + 17 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
            stop = end + 4 + length
            if len(data) < stop:
                break
            line, body = head[: head.find(b"\r\n")], data[end + 4 : stop]
            self.subgraphs.take(line, body, self.transport)
            data = data[stop:]
        self.pending = data


if __name__ == "__main__":
    right = Answers(Subgraphs(shop_of(read_benchmark(Path(sys.argv[2])))))
    uvloop.run(FaultySubgraphs(right.to, int(sys.argv[3])).serve(int(sys.argv[1])))
