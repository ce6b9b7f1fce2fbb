"""One request in the fast lane, from its last byte to the answer's."""

from __future__ import annotations

import asyncio
import logging
from functools import lru_cache
from typing import TYPE_CHECKING

from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from router.execute.transport import Cancel, Headers, never_mind
from router.serve.endpoint import Answer
from router.serve.streaming import StreamedResponse, deliver

if TYPE_CHECKING:
    from router.serve.fast_lane import FastLane

log = logging.getLogger(__name__)


class NobodyWaits:
    """Stands for the event that ASGI's `receive` waits on; in the lane nothing does."""

    def set(self) -> None:
        """Wake nobody."""


NOBODY_WAITS = NobodyWaits()


@lru_cache(maxsize=256)
def head_of(status: int, headers: Headers, closing: bool) -> bytes:  # noqa: FBT001 - a cache's key
    """The response's head up to what says where its body ends."""
    lines = [STATUS_LINE[status]]
    lines += [b"%b: %b\r\n" % pair for pair in headers]
    if closing:
        lines.append(b"connection: close\r\n")
    return b"".join(lines)


class LaneCycle:
    """One request in the lane; what uvicorn reads of a cycle has uvicorn's names."""

    __slots__ = (
        "begun",
        "body",
        "cancel",
        "disconnected",
        "keep_alive",
        "lane",
        "origin",
        "response_complete",
        "size",
    )
    message_event = NOBODY_WAITS

    def __init__(self, lane: FastLane, *, keep_alive: bool) -> None:
        self.lane = lane
        self.keep_alive = keep_alive
        self.disconnected = False
        self.response_complete = False
        self.body: bytes | list[bytes] = b""
        self.size = 0
        self.origin: bytes | None = None
        self.begun = 0.0
        self.cancel: Cancel = never_mind

    def respond(self, answer: Answer) -> None:
        """Write the answer: whole, in one call, or piece by piece in a task."""
        lane = self.lane
        self.cancel = never_mind
        lane.router.metrics.answered(answer.status, lane.loop.time() - self.begun)
        if isinstance(answer, StreamedResponse):
            lane.carry(self._carry(answer))
            return
        if self.disconnected or lane.transport.is_closing():
            self.response_complete = True
            return
        body, headers = answer.body, answer.headers
        if self.origin is not None or lane.server_state.default_headers:
            headers = self._with_common(headers)
        head = head_of(answer.status, headers, not self.keep_alive)
        lane.transport.write(b"%bcontent-length: %d\r\n\r\n%b" % (head, len(body), body))
        self._finish()

    def _with_common(self, headers: Headers) -> Headers:
        """The answer's headers and those that do not depend on it."""
        lane = self.lane
        shared = lane.router.cors.headers(self.origin)
        return (*lane.server_state.default_headers, *headers, *shared)

    def _finish(self) -> None:
        self.response_complete = True
        if not self.keep_alive:
            self.lane.transport.close()
        self.lane.on_response_complete()

    async def _carry(self, answer: StreamedResponse) -> None:
        """Send a streamed answer; what goes wrong midway is shown by a body without an end."""
        transport = self.lane.transport
        try:
            headers = self._with_common(answer.headers)
            head = head_of(answer.status, headers, not self.keep_alive)
            transport.write(b"%btransfer-encoding: chunked\r\n\r\n" % head)
            await deliver(answer.chunks, self._write)
        except (asyncio.CancelledError, ConnectionError, TimeoutError):  # the client has left
            transport.abort()
        except Exception:
            log.exception("stream_failed")
            transport.abort()
        else:
            transport.write(b"0\r\n\r\n")
            self._finish()

    async def _write(self, chunk: bytes) -> None:
        lane = self.lane
        if lane.transport.is_closing():
            raise ConnectionResetError
        lane.transport.write(b"%x\r\n%b\r\n" % (len(chunk), chunk))
        if lane.flow.write_paused:
            await lane.flow.drain()
