"""What the router counts: plain numbers, for `metrics_page` to show."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable
from dataclasses import dataclass, field
from functools import partial

from router.execute.transport import Cancel, Done, Headers, SubgraphAnswer, SubgraphTransport, now

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


@dataclass(slots=True)
class Durations:
    """A histogram with one set of labels; bounded by BUCKETS (seconds), the last one open.

    Counted on the hot path, so without the locks of prometheus_client: one thread counts.
    """

    labels: tuple[str, ...]
    counts: list[int] = field(default_factory=lambda: [0] * (len(BUCKETS) + 1))
    total: float = 0.0

    def observe(self, seconds: float) -> None:
        """Count one."""
        self.counts[bisect_left(BUCKETS, seconds)] += 1
        self.total += seconds


class Metrics:
    """The counters of one router."""

    def __init__(self) -> None:
        self.requests: dict[int, Durations] = {}
        self.fetches: dict[Hashable, Durations] = {}
        self.skipped_events = 0
        self.reloads = {"success": 0, "failure": 0}

    def answered(self, status: int, seconds: float) -> None:
        """A client got its answer."""
        found = self.requests.get(status)
        if found is None:
            found = self.requests[status] = Durations((str(status),))
        found.observe(seconds)

    def fetched(self, subgraph: str, answer: SubgraphAnswer, seconds: float) -> None:
        """A subgraph answered, or did not."""
        outcome = answer.failure.kind if answer.failure else answer.status
        key = (subgraph, outcome)
        found = self.fetches.get(key)
        if found is None:
            found = self.fetches[key] = Durations((subgraph, str(outcome)))
        found.observe(seconds)

    def skipped_event(self) -> None:
        """A client was too slow for an event of its subscription."""
        self.skipped_events += 1


@dataclass(frozen=True, slots=True)
class MeasuredTransport:
    """A transport that tells the metrics how long each answer took."""

    inner: SubgraphTransport
    metrics: Metrics

    def send(
        self, subgraph: str, body: bytes, headers: Headers, deadline: float, done: Done
    ) -> Cancel:
        """See SubgraphTransport.send."""
        begun = now()
        answered = partial(self._answered, subgraph, begun, done)
        return self.inner.send(subgraph, body, headers, deadline, answered)

    def _answered(self, subgraph: str, begun: float, done: Done, answer: SubgraphAnswer) -> None:
        self.metrics.fetched(subgraph, answer, now() - begun)
        done(answer)
