"""Identical queries to a subgraph, asked at the same time, are one request.

https://www.apollographql.com/docs/graphos/routing/performance/query-deduplication
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from router.execute.transport import (
    Cancel,
    Done,
    Headers,
    SubgraphAnswer,
    SubgraphTransport,
    failed,
    is_query,
)

log = logging.getLogger(__name__)
# These name the request and never change what is answered; every other header may.
TRACE_HEADERS = frozenset({b"traceparent", b"tracestate"})
# The request itself outlives those who wait for it: each of them has a deadline of its own.
LONGEST = 24 * 3600.0

Key = tuple[str, bytes, Headers]


@dataclass(slots=True, eq=False)
class Waiter:
    """One who asked. `timer` ends at their own deadline."""

    done: Done
    timer: asyncio.TimerHandle | None = None


@dataclass(slots=True, eq=False)
class Flight:
    """A request under way, and all who wait for its answer."""

    key: Key
    waiters: dict[Waiter, None] = field(default_factory=dict)
    cancel: Cancel | None = None


@dataclass(slots=True)
class SharingTransport:
    """A transport that shares answers in flight, of the subgraphs that `is_shared` says yes to.

    Requests are the same when body and headers are: what a subgraph cannot tell apart, it answers
    alike. Nothing is kept once the answer is there. Mutations are never shared.
    """

    inner: SubgraphTransport
    is_shared: Callable[[str], bool]
    flights: dict[Key, Flight] = field(default_factory=dict)

    def send(
        self, subgraph: str, body: bytes, headers: Headers, deadline: float, done: Done
    ) -> Cancel:
        """See SubgraphTransport.send."""
        if not self.is_shared(subgraph) or not is_query(body):
            return self.inner.send(subgraph, body, headers, deadline, done)
        telling = tuple([item for item in headers if item[0] not in TRACE_HEADERS])
        key = (subgraph, body, telling)
        flight = self.flights.get(key) or self._take_off(key, headers)
        waiter = Waiter(done)
        flight.waiters[waiter] = None
        loop = asyncio.get_running_loop()
        waiter.timer = loop.call_at(deadline, self._late, flight, waiter)
        return lambda: self._leave(flight, waiter)

    def _take_off(self, key: Key, headers: Headers) -> Flight:
        flight = self.flights[key] = Flight(key)
        latest = asyncio.get_running_loop().time() + LONGEST
        flight.cancel = self.inner.send(
            key[0], key[1], headers, latest, lambda answer: self._landed(flight, answer)
        )
        return flight

    def _landed(self, flight: Flight, answer: SubgraphAnswer) -> None:
        """Tell everyone, of a failure too; who comes now asks anew."""
        self._forget(flight)
        flight.cancel = None
        while flight.waiters:  # one who is told may make another leave
            waiter = next(iter(flight.waiters))
            del flight.waiters[waiter]
            if waiter.timer is not None:
                waiter.timer.cancel()
            try:
                waiter.done(answer)
            except Exception:  # a fault of one must not reach the others
                log.exception("answer_not_taken", extra={"subgraph": flight.key[0]})

    def _late(self, flight: Flight, waiter: Waiter) -> None:
        self._leave(flight, waiter)
        message = f'Subgraph "{flight.key[0]}" did not answer in time.'
        waiter.done(failed("timeout", message))

    def _leave(self, flight: Flight, waiter: Waiter) -> None:
        """One waits no more; the last one takes the request along."""
        if waiter not in flight.waiters:
            return
        del flight.waiters[waiter]
        if waiter.timer is not None:
            waiter.timer.cancel()
        if not flight.waiters:
            self._forget(flight)
            cancel, flight.cancel = flight.cancel, None
            if cancel is not None:
                cancel()

    def _forget(self, flight: Flight) -> None:
        if self.flights.get(flight.key) is flight:
            del self.flights[flight.key]
