"""What the router counts, in Prometheus' text format."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from router.execute.transport import Cancel, Done, Headers, SubgraphAnswer, SubgraphTransport
from router.serve.http_messages import HttpResponse

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """The counters of one router; each has a registry of its own, so that tests can run many."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Histogram(
            "http_server_request_duration_seconds",
            "Time to answer a client's request.",
            ["http_response_status_code"],
            buckets=BUCKETS,
            registry=self.registry,
        )
        self._fetches = Histogram(
            "http_client_request_duration_seconds",
            "Time a subgraph took to answer.",
            ["subgraph_name", "outcome"],
            buckets=BUCKETS,
            registry=self.registry,
        )
        # What `labels` gives, kept: it takes as long as observing.
        self._answered: dict[int, Histogram] = {}
        self._fetched: dict[tuple[str, str | int], Histogram] = {}
        self.plans = Gauge("router_plan_cache_entries", "Plans kept.", registry=self.registry)
        self.reloads = Counter(
            "router_schema_reloads", "Supergraphs loaded.", ["outcome"], registry=self.registry
        )

    def answered(self, status: int, seconds: float) -> None:
        """A client got its answer."""
        found = self._answered.get(status)
        if found is None:
            found = self._answered[status] = self._requests.labels(str(status))
        found.observe(seconds)

    def fetched(self, subgraph: str, answer: SubgraphAnswer, seconds: float) -> None:
        """A subgraph answered, or did not."""
        outcome = answer.failure.kind if answer.failure else answer.status
        found = self._fetched.get((subgraph, outcome))
        if found is None:
            found = self._fetches.labels(subgraph, str(outcome))
            self._fetched[subgraph, outcome] = found
        found.observe(seconds)

    def page(self) -> HttpResponse:
        """Everything, to be scraped."""
        content_type = CONTENT_TYPE_LATEST.encode()
        return HttpResponse(200, ((b"content-type", content_type),), generate_latest(self.registry))


@dataclass(frozen=True, slots=True)
class MeasuredTransport:
    """A transport that tells the metrics how long each answer took."""

    inner: SubgraphTransport
    metrics: Metrics

    def send(
        self, subgraph: str, body: bytes, headers: Headers, deadline: float, done: Done
    ) -> Cancel:
        """See SubgraphTransport.send."""
        begun = asyncio.get_running_loop().time()
        answered = partial(self._answered, subgraph, begun, done)
        return self.inner.send(subgraph, body, headers, deadline, answered)

    def _answered(self, subgraph: str, begun: float, done: Done, answer: SubgraphAnswer) -> None:
        seconds = asyncio.get_running_loop().time() - begun
        self.metrics.fetched(subgraph, answer, seconds)
        done(answer)
