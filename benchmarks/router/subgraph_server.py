"""All four subgraphs on one port: each distinct request is resolved once, then remembered.

Run as `python -m benchmarks.router.subgraph_server PORT DATA_FOLDER`. `GET /calls` tells how many
requests came so far.
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass, field
from pathlib import Path

import orjson
import uvloop

from benchmarks.router.public_data import read_benchmark, shop_of
from benchmarks.router.subgraph_answers import Subgraphs

MAX_REMEMBERED = 50_000
HEAD_END = b"\r\n\r\n"


@dataclass(slots=True)
class Answers:
    """What was answered to each request line and body, as a whole HTTP message."""

    subgraphs: Subgraphs
    known: dict[tuple[bytes, bytes], bytes] = field(default_factory=dict)
    calls: int = 0

    def to(self, line: bytes, body: bytes) -> bytes:
        """The HTTP response to a request."""
        if line.startswith(b"GET /calls"):
            return message({"calls": self.calls})
        self.calls += 1
        answer = self.known.get((line, body))
        if answer is None:
            name = line.split(b" ")[1].strip(b"/").decode()
            answer = message(self.subgraphs.answer(name, orjson.loads(body)))
            if len(self.known) < MAX_REMEMBERED:
                self.known[line, body] = answer
        return answer


def message(content: object) -> bytes:
    """A JSON answer over HTTP/1.1."""
    body = orjson.dumps(content)
    head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
    return head % len(body) + body


class Connection(asyncio.Protocol):
    """One keep-alive connection of a gateway."""

    def __init__(self, answers: Answers) -> None:
        self.answers = answers
        self.pending = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer every complete request."""
        if self.pending:
            data = self.pending + data
        while (end := data.find(HEAD_END)) >= 0:
            head = data[:end]
            at = head.lower().find(b"\r\ncontent-length:")
            length = int(head[at + 17 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
            stop = end + 4 + length
            if len(data) < stop:
                break
            line = head[: head.find(b"\r\n")]
            self.transport.write(self.answers.to(line, data[end + 4 : stop]))  # type: ignore[attr-defined]
            data = data[stop:]
        self.pending = data


async def serve(port: int, folder: Path) -> None:
    """Listen until cancelled."""
    answers = Answers(Subgraphs(shop_of(read_benchmark(folder))))
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(answers), "127.0.0.1", port, backlog=1024)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
