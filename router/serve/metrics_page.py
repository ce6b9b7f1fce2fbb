"""The router's counters in Prometheus' text format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate

from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from router.serve.http_messages import HttpResponse
from router.serve.metrics import BUCKETS, Durations, Metrics

EDGES = (*(str(edge) for edge in BUCKETS), "+Inf")


@dataclass(frozen=True, slots=True, eq=False)
class Counters(Collector):
    """The metrics of one router, with what is kept elsewhere: plans and subscriptions now."""

    metrics: Metrics
    plans: int
    subscriptions: int

    def collect(self) -> Iterator[Metric]:
        """See prometheus_client.registry.Collector."""
        yield _durations(
            "http_server_request_duration_seconds",
            "Time to answer a client's request.",
            ("http_response_status_code",),
            self.metrics.requests.values(),
        )
        yield _durations(
            "http_client_request_duration_seconds",
            "Time a subgraph took to answer.",
            ("subgraph_name", "outcome"),
            self.metrics.fetches.values(),
        )
        yield GaugeMetricFamily("router_plan_cache_entries", "Plans kept.", self.plans)
        yield GaugeMetricFamily(
            "router_opened_subscriptions", "Subscriptions open.", self.subscriptions
        )
        yield CounterMetricFamily(
            "router_skipped_events",
            "Events of subscriptions that clients missed because they were too slow.",
            self.metrics.skipped_events,
        )
        reloads = CounterMetricFamily(
            "router_schema_reloads", "Supergraphs loaded.", labels=["outcome"]
        )
        for outcome, count in self.metrics.reloads.items():
            reloads.add_metric([outcome], count)
        yield reloads


def metrics_page(metrics: Metrics, plans: int, subscriptions: int) -> HttpResponse:
    """Everything, to be scraped."""
    registry = CollectorRegistry()
    registry.register(Counters(metrics, plans, subscriptions))
    content_type = CONTENT_TYPE_LATEST.encode()
    return HttpResponse(200, ((b"content-type", content_type),), generate_latest(registry))


def _durations(
    name: str, told: str, label_names: tuple[str, ...], measured: Iterable[Durations]
) -> Metric:
    family = HistogramMetricFamily(name, told, labels=label_names)
    for found in measured:
        cumulative = zip(EDGES, accumulate(found.counts), strict=True)
        family.add_metric(found.labels, list(cumulative), found.total)
    return family
