"""What the router counts, in Prometheus' text format."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import accumulate

from prometheus_client import CollectorRegistry, Counter, Gauge, Metric, generate_latest
from prometheus_client.core import HistogramMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from router.execute.transport import Cancel, Done, Headers, SubgraphAnswer, SubgraphTransport, now
from router.serve.http_messages import HttpResponse

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
EDGES = (*(str(edge) for edge in BUCKETS), "+Inf")


@dataclass(slots=True)
class Durations:
    """A histogram with one set of labels; bounded by BUCKETS, in seconds.

    Counted on the hot path, so without the locks of prometheus_client: one thread counts.
    """

    labels: tuple[str, ...]
    counts: list[int] = field(default_factory=lambda: [0] * len(EDGES))
    total: float = 0.0

    def observe(self, seconds: float) -> None:
        """Count one."""
        self.counts[bisect_left(BUCKETS, seconds)] += 1
        self.total += seconds


@dataclass(frozen=True, slots=True, eq=False)
class DurationsByLabels(Collector):
    """All histograms of one name, as prometheus_client asks for them when it is scraped."""

    name: str
    help: str
    label_names: tuple[str, ...]
    by_key: dict[Hashable, Durations] = field(default_factory=dict)

    def of(self, key: Hashable, *labels: str) -> Durations:
        """The histogram known as `key`, begun with these labels when it is new."""
        return self.by_key.setdefault(key, Durations(labels))

    def collect(self) -> Iterator[Metric]:
        """See prometheus_client.registry.Collector."""
        family = HistogramMetricFamily(self.name, self.help, labels=self.label_names)
        for found in list(self.by_key.values()):
            cumulative = zip(EDGES, accumulate(found.counts), strict=True)
            family.add_metric(found.labels, list(cumulative), found.total)
        yield family


class Metrics:
    """The counters of one router; each has a registry of its own, so that tests can run many."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = DurationsByLabels(
            "http_server_request_duration_seconds",
            "Time to answer a client's request.",
            ("http_response_status_code",),
        )
        self._fetches = DurationsByLabels(
            "http_client_request_duration_seconds",
            "Time a subgraph took to answer.",
            ("subgraph_name", "outcome"),
        )
        self.registry.register(self._requests)
        self.registry.register(self._fetches)
        self.plans = Gauge("router_plan_cache_entries", "Plans kept.", registry=self.registry)
        self.subscriptions = Gauge(
            "router_opened_subscriptions", "Subscriptions open.", registry=self.registry
        )
        self.dropped_events = Counter(
            "router_skipped_events",
            "Events of subscriptions that clients missed because they were too slow.",
            registry=self.registry,
        )
        self.reloads = Counter(
            "router_schema_reloads", "Supergraphs loaded.", ["outcome"], registry=self.registry
        )

    def answered(self, status: int, seconds: float) -> None:
        """A client got its answer."""
        found = self._requests.by_key.get(status) or self._requests.of(status, str(status))
        found.observe(seconds)

    def fetched(self, subgraph: str, answer: SubgraphAnswer, seconds: float) -> None:
        """A subgraph answered, or did not."""
        outcome = answer.failure.kind if answer.failure else answer.status
        key = (subgraph, outcome)
        found = self._fetches.by_key.get(key) or self._fetches.of(key, subgraph, str(outcome))
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
        begun = now()
        answered = partial(self._answered, subgraph, begun, done)
        return self.inner.send(subgraph, body, headers, deadline, answered)

    def _answered(self, subgraph: str, begun: float, done: Done, answer: SubgraphAnswer) -> None:
        self.metrics.fetched(subgraph, answer, now() - begun)
        done(answer)
