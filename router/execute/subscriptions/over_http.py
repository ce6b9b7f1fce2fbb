"""A subscription asked over HTTP: an answer that goes on as long as there are events.

The subgraph chooses: parts (Apollo's multipart protocol for subscriptions) or server-sent events
(https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md). A plain JSON answer is the only
event, or the reason why there are none.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing
from urllib.parse import urlsplit

from router.execute.answers import Understood, understand, understand_result, understood_errors
from router.execute.json_values import JSON
from router.execute.subscriptions.http_answer import HttpAnswer, request_bytes
from router.execute.subscriptions.multipart import (
    MultipartError,
    MultipartReader,
    boundary_of,
    json_object,
)
from router.execute.subscriptions.server_sent_events import EventReader, EventTooLarge
from router.execute.subscriptions.source import (
    SourceFailed,
    SourceRequest,
    broken,
    too_late,
    unreadable,
)
from router.execute.transport import SubgraphAnswer

# Reads the events that a piece of the body completes; None stands for the end.
Read = Callable[[bytes], Iterator[Understood | None]]


async def events(request: SourceRequest) -> AsyncGenerator[Understood, None]:
    """See OpenSource."""
    subgraph, limits = request.subgraph, request.limits
    deadline = asyncio.get_running_loop().time() + limits.open
    writer: asyncio.StreamWriter | None = None
    try:
        try:
            async with asyncio.timeout_at(deadline):
                reader, writer = await _connect(request)
                writer.write(request_bytes(request))
                answer = HttpAnswer(request, reader)
                await answer.head()
                read = _reading(answer)
                sole = None if read else _sole(subgraph, answer.status, await answer.whole())
        except TimeoutError as error:
            raise too_late(subgraph, f"it did not accept within {limits.open:g} seconds") from error
        except (OSError, UnicodeError) as error:
            raise broken(subgraph, f"there is no connection ({error})") from error
        if sole is not None:
            yield sole
            return
        if read is not None:
            async with aclosing(_until_end(answer, read)) as told:
                async for event in told:
                    yield event
    finally:
        if writer is not None:
            writer.transport.abort()


async def _connect(request: SourceRequest) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    url = urlsplit(request.url)
    port = url.port or (443 if request.tls else 80)
    return await asyncio.open_connection(url.hostname, port, ssl=request.tls)


def _reading(answer: HttpAnswer) -> Read | None:
    """How to read the body; None when it is not a stream."""
    if not 200 <= answer.status < 300:
        return None
    kind, limit = answer.content_type, answer.request.limits.event_bytes
    match kind.partition(";")[0].strip().lower():
        case "multipart/mixed":
            return _Parts(answer.request.subgraph, MultipartReader(boundary_of(kind), limit)).read
        case "text/event-stream":
            return _Events(answer.request.subgraph, EventReader(limit)).read
    return None


def _sole(subgraph: str, status: int, body: bytes) -> Understood:
    """A plain answer. Raises SourceFailed when there is nothing but errors in it."""
    understood = understand(subgraph, SubgraphAnswer(status, body))
    if understood.data is None:
        raise SourceFailed(*understood.errors)
    return understood


async def _until_end(answer: HttpAnswer, read: Read) -> AsyncGenerator[Understood, None]:
    subgraph = answer.request.subgraph
    try:
        async with aclosing(answer.chunks()) as chunks:
            async for chunk in chunks:
                for event in read(chunk):
                    if event is None:
                        return
                    yield event
    except (MultipartError, EventTooLarge) as error:
        raise unreadable(subgraph, f"it sent {error}") from error
    raise broken(subgraph, "its answer ended before the subscription was complete")


class _Parts:
    """Parts are `{"payload": <result>}`, `{}` to show that it is alive, and `{"payload": null,
    "errors": [...]}` when it cannot go on. Servers that know no payload send results bare.
    """

    def __init__(self, subgraph: str, reader: MultipartReader) -> None:
        self._subgraph = subgraph
        self._reader = reader

    def read(self, chunk: bytes) -> Iterator[Understood | None]:
        """Raises MultipartError, SourceFailed."""
        for part in self._reader.feed(chunk):
            event = self._event(part)
            if event is not None:
                yield event
        if self._reader.is_over:
            yield None

    def _event(self, part: JSON) -> Understood | None:
        if not part:
            return None
        result = part.get("payload") if "payload" in part else part
        if isinstance(result, dict) and "data" in result:
            return understand_result(self._subgraph, result)
        errors = part if result is None else result
        raise _given_up(self._subgraph, errors.get("errors") if isinstance(errors, dict) else None)


class _Events:
    """Events are `next` with a result, and `complete`. A server without names sends results as
    `message`; events of other names are its own business.
    """

    def __init__(self, subgraph: str, reader: EventReader) -> None:
        self._subgraph = subgraph
        self._reader = reader

    def read(self, chunk: bytes) -> Iterator[Understood | None]:
        """Raises MultipartError, EventTooLarge, SourceFailed."""
        for event in self._reader.feed(chunk):
            if event.name == "complete":
                yield None
            elif event.name in {"next", "message"}:
                result = json_object(event.data)
                if "data" not in result:
                    raise _given_up(self._subgraph, result.get("errors"))
                yield understand_result(self._subgraph, result)


def _given_up(subgraph: str, errors: object) -> SourceFailed:
    told = understood_errors(subgraph, errors)
    return SourceFailed(*told) if told else unreadable(subgraph, "it sent neither data nor errors")
