"""One timer for all exchanges of a pool, because nearly every one ends long before its deadline."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf

from router.execute.subgraph_client.connection import Exchange
from router.execute.transport import now

# A loop's time stands still within one turn, so that a timer may be told a little early.
EARLY_SECONDS = 0.002


@dataclass(slots=True, eq=False)
class Alarm:
    """Calls `ring` with each exchange whose time is over and that was not forgotten before.

    The timer is set for the earliest deadline there was when it was last looked at; later ones need
    no other. So under load it goes off once in the length of a deadline, not once a request.
    """

    ring: Callable[[Exchange], None]
    watched: dict[Exchange, float] = field(default_factory=dict)
    timer: asyncio.TimerHandle | None = None
    at: float = inf

    def watch(self, exchange: Exchange, until: float) -> None:
        """Ring at `until` (by `router.execute.transport.now`), in place of what was said before."""
        self.watched[exchange] = until
        if until < self.at:
            self._set(until)

    def forget(self, exchange: Exchange) -> None:
        """Do not ring for it any more."""
        self.watched.pop(exchange, None)

    def _set(self, at: float) -> None:
        if self.timer is not None:
            self.timer.cancel()
        self.at = at
        self.timer = asyncio.get_running_loop().call_at(at, self._look)

    def _look(self) -> None:
        self.timer, self.at = None, inf
        soon = now() + EARLY_SECONDS
        for exchange in [one for one, until in self.watched.items() if until <= soon]:
            self.forget(exchange)
            self.ring(exchange)
        earliest = min(self.watched.values(), default=inf)
        if earliest < self.at:
            self._set(earliest)
