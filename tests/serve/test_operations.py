"""What those who run the router see: health, metrics, and headers that reach the subgraphs."""

from __future__ import annotations

import re

import httpx

from router.execute.transport import failed
from tests.execute.canned_subgraphs import CannedSubgraphs, ok
from tests.serve.conftest import OpenClient

QUERY = {"query": "{ me { id } }"}


async def test_health_shows_each_part_and_stays_200_while_a_subgraph_is_away(
    client: httpx.AsyncClient, subgraphs: CannedSubgraphs
) -> None:
    subgraphs.answers = {
        "accounts": {"data": {"__typename": "Query"}},
        "catalog": failed("connect", "Nobody is there."),
        "inventory": ok(b"", 503),
        "reviews": ok({"errors": [{"message": "No token."}]}, 401),
    }
    response = await client.get("/health")
    assert response.status_code == 200
    state = response.json()
    assert state["status"] == "DEGRADED"
    statuses = {name: check["status"] for name, check in state["checks"].items()}
    assert statuses == {
        "router": "UP",
        "accounts": "UP",
        "catalog": "DOWN",
        "inventory": "DOWN",
        "reviews": "UP",
    }
    assert state["checks"]["catalog"]["message"] == "Nobody is there."


async def test_many_who_ask_for_health_cost_one_probe(
    client: httpx.AsyncClient, subgraphs: CannedSubgraphs
) -> None:
    for _ in range(5):
        await client.get("/health")
    assert len(subgraphs.of("accounts")) == 1


async def test_live_and_ready_ask_no_subgraph(
    client: httpx.AsyncClient, subgraphs: CannedSubgraphs
) -> None:
    assert (await client.get("/health/live")).json() == {"status": "UP"}
    assert (await client.get("/health/ready")).json() == {"status": "UP"}
    assert subgraphs.asked == []


async def test_metrics_count_requests_and_fetches(client: httpx.AsyncClient) -> None:
    await client.post("/graphql", json=QUERY)
    await client.get("/nowhere")
    text = (await client.get("/metrics")).text
    requests = 'http_server_request_duration_seconds_count{http_response_status_code="%s"} 1.0'
    assert requests % 200 in text
    assert requests % 404 in text
    fetches = 'http_client_request_duration_seconds_count{outcome="200",subgraph_name="accounts"}'
    assert f"{fetches} 1.0" in text
    assert "router_plan_cache_entries 1.0" in text


async def test_only_headers_with_a_rule_reach_the_subgraphs(
    open_client: OpenClient, subgraphs: CannedSubgraphs
) -> None:
    rules = {
        "all": {
            "request": [
                {"propagate": {"named": "Authorization"}},
                {"propagate": {"matching": "^x-tenant-.*"}},
                {"propagate": {"named": "x-old", "rename": "x-new"}},
                {"propagate": {"named": "x-absent", "default": "none"}},
                {"propagate": {"matching": "^(host|connection|content-length)$"}},
                {"insert": {"name": "x-router", "value": "ours"}},
                {"remove": {"named": "x-tenant-secret"}},
            ]
        },
        "subgraphs": {
            "accounts": {"request": [{"insert": {"name": "x-only", "value": "accounts"}}]}
        },
    }
    client = open_client(headers=rules)
    headers = {
        "authorization": "Bearer t",
        "x-tenant-id": "7",
        "x-tenant-secret": "s",
        "x-old": "o",
        "x-other": "n",
    }
    await client.post("/graphql", json=QUERY, headers=headers)
    await client.post("/graphql", json={"query": "{ products { id } }"}, headers=headers)
    sent = {q.subgraph: dict(q.headers) for q in subgraphs.asked}
    assert sent["accounts"].pop(b"x-only") == b"accounts"
    for found in sent.values():
        assert found.pop(b"traceparent")
        assert found == {
            b"authorization": b"Bearer t",
            b"x-tenant-id": b"7",
            b"x-new": b"o",
            b"x-absent": b"none",
            b"x-router": b"ours",
        }


async def test_the_clients_trace_goes_on_and_a_new_one_begins_without(
    client: httpx.AsyncClient, subgraphs: CannedSubgraphs
) -> None:
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    headers = {"traceparent": f"00-{trace}-00f067aa0ba902b7-01", "tracestate": "a=b"}
    await client.post("/graphql", json=QUERY, headers=headers)
    sent = dict(subgraphs.asked[-1].headers)
    assert re.fullmatch(rf"00-{trace}-[0-9a-f]{{16}}-01", sent[b"traceparent"].decode())
    assert b"00f067aa0ba902b7" not in sent[b"traceparent"]
    assert sent[b"tracestate"] == b"a=b"
    await client.post("/graphql", json=QUERY, headers={"traceparent": "junk", "tracestate": "a=b"})
    sent = dict(subgraphs.asked[-1].headers)
    assert re.fullmatch(rb"00-[0-9a-f]{32}-[0-9a-f]{16}-00", sent[b"traceparent"])
    assert b"tracestate" not in sent
