"""How many requests to execute at once: as many as keep the processor busy, and not many more.

With hundreds of half-finished requests in memory each one costs more: nothing is left in the
processor's caches when its next answer comes. By Little's law throughput times latency is how many
are needed, but the latency that can be measured has the crowd in it already. So the limit is felt
for: while the processor is busy it falls, slowly; once the processor has time to spare although
requests wait, it was too low, which is remembered for a while, and it is doubled. Where the router
waits for slow subgraphs the processor has time to spare, and nothing is held back.
"""

from __future__ import annotations

import math

TICK_SECONDS = 0.05
# Above this share of a core the loop counts as busy; a loop that is never idle measures less.
BUSY = 0.85
LEAST = 4.0
GROWTH, DECAY = 2.0, 0.9
# A limit that was too low is a bound from below, with a margin; half of it is forgotten in 7 s.
MARGIN, FORGETTING = 1.25, 0.995
# So many ticks (a second) without anyone waiting, and the limit is lifted.
QUIET_TICKS = 20


class AdaptiveLimit:
    """`current` is how many requests may be executed at once; infinite, until it is too many."""

    __slots__ = ("_quiet", "_too_low", "current")

    def __init__(self) -> None:
        self.current = math.inf
        self._too_low = 0.0
        self._quiet = 0

    def tick(self, busy: float, running: int, waiting: int) -> None:
        """Set the limit anew, 50 ms after the last time: `busy` is the share of a core used."""
        if busy >= BUSY:
            self._quiet = 0
            self._too_low *= FORGETTING
            self.current = max(LEAST, self._too_low, min(self.current, float(running)) * DECAY)
        elif waiting:
            self._quiet = 0
            self._too_low = max(self._too_low, self.current * MARGIN)
            self.current *= GROWTH
        else:
            self._quiet += 1
            if self._quiet >= QUIET_TICKS:
                self.current, self._too_low = math.inf, 0.0
