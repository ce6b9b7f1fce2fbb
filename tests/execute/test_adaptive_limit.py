"""The limit on requests at once, over a machine whose work and waiting are numbers."""

from __future__ import annotations

import heapq
import math
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from router.execute.adaptive_limit import LEAST, TICK_SECONDS, AdaptiveLimit

MS = 0.001


@dataclass(frozen=True)
class Kind:
    """A kind of request: seconds of the router's processor, then of a subgraph at its leisure."""

    work: float
    wait: float = 0.0


@dataclass
class Machine:
    """One processor, clients that ask again as soon as they are answered, and a limit.

    A request works, waits for its subgraph, works again. `crowding` is what each request at once
    adds to the work of all (caches that are too small).
    """

    crowding: float = 0.0
    is_limited: bool = True
    limit: AdaptiveLimit = field(default_factory=AdaptiveLimit)
    now: float = 0.0
    used: float = 0.0
    running: int = 0
    ready: deque[Callable[[], None]] = field(default_factory=deque)
    later: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)
    queue: deque[tuple[Kind, Callable[[], None]]] = field(default_factory=deque)
    answered: Counter[str] = field(default_factory=Counter)
    longest_wait: float = 0.0
    most_running: int = 0

    def at(self, when: float, action: Callable[[], None]) -> None:
        heapq.heappush(self.later, (when, len(self.later) + id(action), action))

    def work(self, seconds: float) -> None:
        spent = seconds * (1 + self.crowding * self.running)
        self.now += spent
        self.used += spent

    def client(self, name: str, kind: Callable[[], Kind]) -> None:
        def ask() -> None:
            asked_at = self.now

            def answered() -> None:
                self.answered[name] += 1
                self.longest_wait = max(self.longest_wait, self.now - asked_at)
                self.ready.append(ask)

            self.queue.append((kind(), answered))
            self.admit()

        self.ready.append(ask)

    def admit(self) -> None:
        while self.queue and self.running < self.limit.current:
            kind, answered = self.queue.popleft()
            self.running += 1
            self.most_running = max(self.most_running, self.running)
            self.ready.append(self.begin(kind, answered))

    def begin(self, kind: Kind, answered: Callable[[], None]) -> Callable[[], None]:
        def first() -> None:
            self.work(kind.work / 2)

            def second() -> None:
                self.work(kind.work / 2)
                self.running -= 1
                answered()
                self.admit()

            self.at(self.now + kind.wait, lambda: self.ready.append(second))

        return first

    def run(self, seconds: float) -> Counter[str]:
        """Go on for so long; how many requests of each name were answered."""
        self.answered = Counter()
        self.most_running, self.longest_wait = self.running, 0.0
        end, tick = self.now + seconds, self.now + TICK_SECONDS
        ticked_at, used_at = self.now, self.used
        while self.now < end:
            while self.later and self.later[0][0] <= self.now:
                heapq.heappop(self.later)[2]()
            if self.now >= tick:
                busy = (self.used - used_at) / (self.now - ticked_at)
                ticked_at, used_at = self.now, self.used
                if self.is_limited:
                    self.limit.tick(busy, self.running, len(self.queue))
                tick = self.now + TICK_SECONDS
                self.admit()
            if self.ready:
                self.ready.popleft()()
            else:
                self.now = min([tick, *(self.later[0][:1] if self.later else ())])
        return self.answered


def crowd(machine: Machine, count: int, kind: Callable[[], Kind], name: str = "one") -> None:
    for _ in range(count):
        machine.client(name, kind)


def test_nobody_waits_until_the_processor_is_short() -> None:
    machine = Machine()
    crowd(machine, 100, lambda: Kind(0.1 * MS, 200 * MS))
    machine.run(3)
    assert math.isinf(machine.limit.current)
    assert machine.most_running == 100


def test_a_busy_processor_with_quick_subgraphs_has_few_requests_at_once_and_does_more() -> None:
    free, limited = Machine(crowding=0.01, is_limited=False), Machine(crowding=0.01)
    for machine in (free, limited):
        crowd(machine, 100, lambda: Kind(0.5 * MS, 0.5 * MS))
        machine.run(3)
    assert limited.limit.current < 20
    assert limited.run(3)["one"] > free.run(3)["one"] * 1.4


@pytest.mark.parametrize("wait", [1, 20, 200, 1_500])
def test_a_slow_subgraph_that_is_well_is_not_throttled(wait: float) -> None:
    free, limited = Machine(is_limited=False), Machine()
    for machine in (free, limited):
        crowd(machine, 400, lambda: Kind(0.5 * MS, wait * MS))
        machine.run(max(3.0, wait / 150))
    seconds = max(3.0, wait / 150)
    assert limited.run(seconds)["one"] > free.run(seconds)["one"] * 0.93


def test_a_subgraph_that_turns_slow_is_not_throttled_for_long() -> None:
    machine = Machine()
    wait = 0.5 * MS
    crowd(machine, 400, lambda: Kind(0.5 * MS, wait))
    machine.run(5)
    assert machine.limit.current < 20
    wait = 500 * MS
    machine.run(2)
    # 400 clients that each wait half a second get 800 answers a second, if nothing holds them up.
    assert machine.run(5)["one"] > 800 * 5 * 0.9
    wait = 0.5 * MS
    machine.run(5)
    assert machine.limit.current < 40


def test_a_burst_after_quiet_is_taken_at_once() -> None:
    machine = Machine()
    crowd(machine, 100, lambda: Kind(0.5 * MS))
    machine.run(3)
    assert machine.limit.current < 20
    machine.queue.clear()
    machine.ready.clear()
    machine.later.clear()
    machine.running = 0
    machine.run(2)
    crowd(machine, 200, lambda: Kind(0.05 * MS, 20 * MS))
    machine.run(0.04)
    assert machine.most_running == 200


def test_requests_of_several_kinds_all_get_their_turn() -> None:
    machine = Machine()
    crowd(machine, 60, lambda: Kind(0.1 * MS), "quick")
    crowd(machine, 60, lambda: Kind(1 * MS, 20 * MS), "slow subgraph")
    crowd(machine, 4, lambda: Kind(0.1 * MS, 10_000.0), "hangs for ever")
    machine.run(3)
    answered = machine.run(5)
    assert answered["slow subgraph"] > 1_000
    assert answered["quick"] > 1_000
    assert machine.longest_wait < 1
    assert machine.used / machine.now > 0.9


def test_the_limit_never_falls_below_what_keeps_things_going() -> None:
    limit = AdaptiveLimit()
    for _ in range(100):
        limit.tick(1.0, 10, 100)
    assert limit.current == LEAST
