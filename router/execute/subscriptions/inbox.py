"""Events that wait until the client has taken those before."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from router.execute.answers import Understood
from router.execute.json_values import JSON


class Ended(Exception):  # noqa: N818 - every subscription ends
    """No more events. `errors` are for the client; none when everything has been told."""

    def __init__(self, errors: Sequence[JSON]) -> None:
        super().__init__()
        self.errors = list(errors)


@dataclass(slots=True, eq=False, weakref_slot=True)
class Inbox:
    """A queue of at most `capacity` events. When another comes the oldest gives way, as with
    Apollo Router's `queue_capacity`: a client that is too slow misses events, and memory does
    not grow. `dropped` is called for each.
    """

    capacity: int
    dropped: Callable[[], None]
    _waiting: deque[Understood] = field(default_factory=deque)
    _errors: Sequence[JSON] | None = None
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def put(self, event: Understood) -> None:
        """Add an event."""
        if len(self._waiting) >= self.capacity:
            self._waiting.popleft()
            self.dropped()
        self._waiting.append(event)
        self._news.set()

    def end(self, errors: Sequence[JSON] = ()) -> None:
        """End when the events that wait have been taken."""
        if self._errors is None:
            self._errors = errors
        self._news.set()

    def cut(self, errors: Sequence[JSON]) -> None:
        """End now."""
        self._waiting.clear()
        self.end(errors)

    async def get(self) -> Understood:
        """The next event, once there is one. Raises Ended."""
        while not self._waiting:
            if self._errors is not None:
                raise Ended(self._errors)
            self._news.clear()
            await self._news.wait()
        return self._waiting.popleft()
