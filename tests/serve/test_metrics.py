"""What the router counts, as Prometheus reads it."""

from prometheus_client.parser import text_string_to_metric_families

from router.execute.transport import SubgraphAnswer, failed
from router.serve.metrics import Metrics
from router.serve.metrics_page import metrics_page


def samples(metrics: Metrics) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(
            metrics_page(metrics, plans=3, subscriptions=2).body.decode()
        )
        for sample in family.samples
    }


def test_answers_are_counted_by_status_and_by_how_long_they_took() -> None:
    metrics = Metrics()
    for seconds in (0.0005, 0.001, 0.004, 99.0):
        metrics.answered(200, seconds)
    metrics.answered(503, 0.2)
    seen, name = samples(metrics), "http_server_request_duration_seconds"
    ok = ("http_response_status_code", "200")
    assert seen[f"{name}_count", frozenset([ok])] == 4
    assert seen[f"{name}_sum", frozenset([ok])] == 99.0055
    at_most = {le: seen[f"{name}_bucket", frozenset([ok, ("le", le)])] for le in ("0.001", "0.005")}
    assert at_most == {"0.001": 2, "0.005": 3}
    assert seen[f"{name}_bucket", frozenset([ok, ("le", "+Inf")])] == 4
    assert seen[f"{name}_count", frozenset([("http_response_status_code", "503")])] == 1


def test_fetches_are_counted_by_subgraph_and_outcome() -> None:
    metrics = Metrics()
    metrics.fetched("order", SubgraphAnswer(200, b"{}"), 0.01)
    metrics.fetched("order", failed("timeout", "too late"), 10.0)
    seen, name = samples(metrics), "http_client_request_duration_seconds_count"
    for outcome in ("200", "timeout"):
        labels = frozenset([("subgraph_name", "order"), ("outcome", outcome)])
        assert seen[name, labels] == 1


def test_what_is_counted_one_by_one_is_shown_from_the_first_scrape() -> None:
    metrics = Metrics()
    metrics.skipped_event()
    metrics.reloads["failure"] += 1
    shown = {
        "router_plan_cache_entries": 3,
        "router_opened_subscriptions": 2,
        "router_skipped_events_total": 1,
    }
    seen = samples(metrics)
    assert {name: seen[name, frozenset()] for name in shown} == shown
    for outcome, count in (("failure", 1), ("success", 0)):
        assert seen["router_schema_reloads_total", frozenset([("outcome", outcome)])] == count
