"""The responses of one answer in parts, on their way from the engine to whoever sends them."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

from router.execute.transport import Cancel, never_mind


@dataclass(slots=True, eq=False)
class ComingParts:
    """Bodies that are made, in order; an operation has no more of them than it has parts.

    `cancel` gives up those that are not made yet.
    """

    cancel: Cancel = never_mind
    _made: deque[bytes] = field(default_factory=deque)
    _has_more: bool = True
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def add(self, body: bytes, *, has_next: bool) -> None:
        """Another body is made."""
        self._made.append(body)
        self._has_more = has_next
        self._changed.set()

    async def bodies(self) -> AsyncGenerator[bytes, None]:
        """Each body as soon as it is made; closing this gives up the rest."""
        try:
            while self._made or self._has_more:
                if self._made:
                    yield self._made.popleft()
                else:
                    self._changed.clear()
                    await self._changed.wait()
        finally:
            self.cancel()
