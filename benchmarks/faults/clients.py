"""Clients that ask without a pause and check every answer; some leave before it is there."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

LEAVE_PER_THOUSAND = 5


@dataclass(frozen=True, slots=True)
class Question:
    """A request body, and the `data` that a router in front of healthy subgraphs answers."""

    body: bytes
    data: Any


@dataclass(slots=True)
class Seen:
    """What the clients saw. `wrong` has the first wrong answers, `slowest` is in seconds."""

    complete: int = 0
    partial: int = 0
    stuck: int = 0
    broken: int = 0
    left: int = 0
    slowest: float = 0.0
    wrong: list[str] = field(default_factory=list)
    codes: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Clients:
    """`deadline` is by when the router must have answered, whatever its subgraphs do (seconds)."""

    port: int
    questions: Sequence[Question]
    deadline: float
    seen: Seen = field(default_factory=Seen)
    is_over: bool = False

    async def run(self, count: int, seconds: float) -> None:
        """So many clients for so long; returns when each has its last answer."""
        asyncio.get_running_loop().call_later(seconds, self._end)
        async with asyncio.TaskGroup() as group:
            for _ in range(count):
                group.create_task(self._ask_on())

    def _end(self) -> None:
        self.is_over = True

    async def _ask_on(self) -> None:
        while not self.is_over:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            try:
                while not self.is_over and await self._ask(reader, writer):
                    pass
            except (OSError, asyncio.IncompleteReadError, ValueError):
                self.seen.broken += 1
            finally:
                writer.transport.abort()

    async def _ask(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """One request; whether the connection can take another."""
        question = random.choice(self.questions)
        writer.write(
            b"POST /graphql HTTP/1.1\r\nhost: router\r\ncontent-type: application/json\r\n"
            b"content-length: %d\r\n\r\n%b" % (len(question.body), question.body)
        )
        if random.randrange(1000) < LEAVE_PER_THOUSAND:
            await asyncio.sleep(random.random() * 0.02)
            self.seen.left += 1
            return False
        loop = asyncio.get_running_loop()
        begun = loop.time()
        try:
            async with asyncio.timeout(self.deadline):
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0])
                body = await reader.readexactly(length)
        except TimeoutError:
            self.seen.stuck += 1
            return False
        self.seen.slowest = max(self.seen.slowest, loop.time() - begun)
        self._judge(question, head, body)
        return b"connection: close" not in head

    def _judge(self, question: Question, head: bytes, body: bytes) -> None:
        seen = self.seen
        answer = orjson.loads(body)
        errors, data = answer.get("errors"), answer.get("data")
        if not errors and data == question.data:
            seen.complete += 1
        elif errors and is_part_of(data, question.data):
            seen.partial += 1
            seen.codes.update(error.get("extensions", {}).get("code", "") for error in errors)
        elif len(seen.wrong) < 10:
            seen.wrong.append(f"{head.splitlines()[0]!r} {body[:500]!r}")


def is_part_of(found: Any, whole: Any) -> bool:
    """Whether nothing differs but what is null."""
    if found is None:
        return True
    if isinstance(found, dict) and isinstance(whole, dict):
        return found.keys() == whole.keys() and all(
            is_part_of(value, whole[key]) for key, value in found.items()
        )
    if isinstance(found, list) and isinstance(whole, list):
        return len(found) == len(whole) and all(map(is_part_of, found, whole))
    return bool(found == whole)
