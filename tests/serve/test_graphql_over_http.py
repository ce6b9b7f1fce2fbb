"""https://graphql.github.io/graphql-over-http/draft/ as the router keeps it."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from tests.execute.canned_subgraphs import CannedSubgraphs
from tests.serve.conftest import OpenClient

QUERY = {"query": "{ me { id } }"}
GRAPHQL = "application/graphql-response+json"


async def test_a_post_is_answered_as_json(client: httpx.AsyncClient) -> None:
    response = await client.post("/graphql", json=QUERY)
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    assert response.json() == {"data": {"me": {"id": "u"}}}


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        (None, "application/json"),
        ("*/*", "application/json"),
        ("application/*", "application/json"),
        ("application/json", "application/json"),
        (GRAPHQL, GRAPHQL),
        (f"{GRAPHQL}, application/json;q=0.9", GRAPHQL),
        (f"{GRAPHQL};q=0.5, application/json", "application/json"),
        (f"text/html, {GRAPHQL}", GRAPHQL),
        ("application/json; charset=utf-8", "application/json"),
    ],
)
async def test_the_client_chooses_the_media_type(
    client: httpx.AsyncClient, accept: str | None, content_type: str
) -> None:
    headers = {"accept": accept} if accept else {}
    response = await client.post("/graphql", json=QUERY, headers=headers)
    assert response.headers["content-type"] == content_type


async def test_who_takes_no_json_gets_406(client: httpx.AsyncClient) -> None:
    response = await client.post("/graphql", json=QUERY, headers={"accept": "text/plain"})
    assert response.status_code == 406
    assert response.json()["errors"][0]["extensions"] == {"code": "NOT_ACCEPTABLE"}


async def test_a_query_may_come_by_get(client: httpx.AsyncClient) -> None:
    params = {
        "query": "query A($n: Int) { products(first: $n) { id } } query B { me { id } }",
        "operationName": "A",
        "variables": '{"n": 1}',
    }
    response = await client.get("/graphql", params=params)
    assert response.json() == {"data": {"products": []}}


async def test_a_mutation_may_not_come_by_get(
    client: httpx.AsyncClient, subgraphs: CannedSubgraphs
) -> None:
    response = await client.get("/graphql", params={"query": 'mutation { greet(name: "x") }'})
    assert (response.status_code, response.headers["allow"]) == (405, "POST")
    assert subgraphs.asked == []


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
async def test_other_methods_are_405(client: httpx.AsyncClient, method: str) -> None:
    response = await client.request(method, "/graphql", json=QUERY)
    assert (response.status_code, response.headers["allow"]) == (405, "GET, POST, OPTIONS")


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        (b"{", "INVALID_GRAPHQL_REQUEST", "is not JSON"),
        (b"", "INVALID_GRAPHQL_REQUEST", "is not JSON"),
        (b"\xff", "INVALID_GRAPHQL_REQUEST", "is not JSON"),
        (b'"x"', "INVALID_GRAPHQL_REQUEST", "must be a JSON object"),
        (b"[]", "INVALID_GRAPHQL_REQUEST", "Batches"),
        (b"{}", "MISSING_QUERY_STRING", '"query"'),
        (b'{"query": 3}', "INVALID_GRAPHQL_REQUEST", '"query" must be a string'),
        (b'{"query": "{a}", "variables": []}', "INVALID_GRAPHQL_REQUEST", "a list"),
        (b'{"query": "{a}", "extensions": true}', "INVALID_GRAPHQL_REQUEST", "a boolean"),
        (b'{"query": "{a}", "operationName": {}}', "INVALID_GRAPHQL_REQUEST", "an object"),
    ],
)
async def test_a_body_that_is_no_graphql_request_is_400(
    client: httpx.AsyncClient, body: bytes, code: str, message: str
) -> None:
    headers = {"content-type": "application/json"}
    response = await client.post("/graphql", content=body, headers=headers)
    assert response.status_code == 400
    (error,) = response.json()["errors"]
    assert error["extensions"] == {"code": code}
    assert message in error["message"]


@pytest.mark.parametrize(
    ("content_type", "status", "code"),
    [
        ("application/json", 200, None),
        ("application/json; charset=utf-8", 200, None),
        ("application/json; charset=latin-1", 415, "UNSUPPORTED_MEDIA_TYPE"),
        ("application/graphql", 415, "UNSUPPORTED_MEDIA_TYPE"),
        ("text/plain", 400, "CSRF_ERROR"),
        ("text/plain; application/json", 400, "CSRF_ERROR"),
        ("multipart/form-data; boundary=x", 400, "CSRF_ERROR"),
        ("nonsense", 400, "CSRF_ERROR"),
        (None, 415, "UNSUPPORTED_MEDIA_TYPE"),
    ],
)
async def test_only_json_is_read_and_forms_of_other_pages_are_refused(
    client: httpx.AsyncClient, content_type: str | None, status: int, code: str | None
) -> None:
    headers = {"content-type": content_type} if content_type else {}
    content = b'{"query": "{ me { id } }"}'
    response = await client.post("/graphql", content=content, headers=headers)
    assert response.status_code == status
    codes = [error["extensions"]["code"] for error in response.json().get("errors", [])]
    assert codes == ([code] if code else [])


async def test_a_header_no_form_can_send_lets_a_request_pass(client: httpx.AsyncClient) -> None:
    headers = {"content-type": "text/plain", "apollo-require-preflight": "yes"}
    response = await client.post("/graphql", content=b"{}", headers=headers)
    assert response.status_code == 415


async def test_a_body_above_the_limit_is_413(open_client: OpenClient) -> None:
    client = open_client(limits={"http_max_request_bytes": 50})
    response = await client.post("/graphql", json={"query": "{ me { id } }" + " " * 50})
    assert response.status_code == 413
    assert "50 bytes" in response.json()["errors"][0]["message"]


@pytest.mark.parametrize(("accept", "status"), [("application/json", 200), (GRAPHQL, 400)])
@pytest.mark.parametrize(
    "body",
    [
        {"query": "{ me {"},
        {"query": "{ nobody }"},
        {"query": "query($id: ID!) { product(id: $id) { id } }"},
    ],
)
async def test_an_operation_that_cannot_run_has_errors_and_no_data(
    client: httpx.AsyncClient, accept: str, status: int, body: dict[str, Any]
) -> None:
    response = await client.post("/graphql", json=body, headers={"accept": accept})
    assert response.status_code == status
    assert list(response.json()) == ["errors"]


async def test_a_refusal_is_the_same_the_second_time(client: httpx.AsyncClient) -> None:
    first = await client.post("/graphql", json={"query": "{ nobody }"})
    again = await client.post("/graphql", json={"query": "{ nobody }"})
    assert first.content == again.content


async def test_introspection_can_be_switched_off(open_client: OpenClient) -> None:
    client = open_client(supergraph={"introspection": False})
    response = await client.post("/graphql", json={"query": "{ __schema { __typename } }"})
    assert response.json()["errors"][0]["extensions"] == {"code": "INTROSPECTION_DISABLED"}
    response = await client.post("/graphql", json={"query": "{ __typename }"})
    assert response.json() == {"data": {"__typename": "Query"}}


async def test_the_plan_is_shown_when_allowed_and_asked_for(
    open_client: OpenClient, subgraphs: CannedSubgraphs
) -> None:
    client = open_client(plugins={"experimental.expose_query_plan": True})
    assert "extensions" not in (await client.post("/graphql", json=QUERY)).json()
    headers = {"apollo-expose-query-plan": "true"}
    shown = (await client.post("/graphql", json=QUERY, headers=headers)).json()
    assert shown["data"] == {"me": {"id": "u"}}
    plan = shown["extensions"]["apolloQueryPlan"]
    assert plan["object"]["node"]["serviceName"] == "accounts"
    assert plan["text"].startswith("QueryPlan {")
    asked = len(subgraphs.asked)
    headers = {"apollo-expose-query-plan": "dry-run"}
    dry = (await client.post("/graphql", json=QUERY, headers=headers)).json()
    assert (dry["data"], dry["extensions"]) == (None, shown["extensions"])
    assert len(subgraphs.asked) == asked


async def test_the_plan_is_not_shown_unless_allowed(client: httpx.AsyncClient) -> None:
    headers = {"apollo-expose-query-plan": "true"}
    response = await client.post("/graphql", json=QUERY, headers=headers)
    assert response.json() == {"data": {"me": {"id": "u"}}}


async def test_subgraphs_errors_are_hidden_unless_the_settings_show_them(
    open_client: OpenClient, subgraphs: CannedSubgraphs
) -> None:
    error = {"message": "secret", "path": ["me"], "extensions": {"code": "X", "trace": "y"}}
    subgraphs.answers["accounts"] = {"data": {"me": None}, "errors": [error]}

    async def shown(**settings: Any) -> Any:
        client = open_client(**settings)
        return (await client.post("/graphql", json=QUERY)).json()["errors"][0]

    assert await shown() == {"message": "Subgraph errors redacted", "path": ["me"]}
    in_full = {**error, "extensions": {"code": "X", "trace": "y", "service": "accounts"}}
    assert await shown(include_subgraph_errors={"all": True}) == in_full
    only = {"all": False, "subgraphs": {"accounts": {"allow_extensions_keys": ["code"]}}}
    in_part = {**error, "extensions": {"code": "X"}}
    assert await shown(include_subgraph_errors=only) == in_part


async def test_a_subgraph_that_is_away_is_named_even_when_errors_are_hidden(
    client: httpx.AsyncClient, subgraphs: CannedSubgraphs
) -> None:
    del subgraphs.answers["accounts"]
    answer = (await client.post("/graphql", json=QUERY)).json()
    assert answer["errors"][0]["extensions"]["service"] == "accounts"


async def test_many_who_send_a_new_operation_at_once_wait_for_one_plan(
    client: httpx.AsyncClient,
) -> None:
    body = {"query": "{ me { id name email } }"}
    requests = [client.post("/graphql", json=body) for _ in range(20)]
    answers = {response.content for response in await asyncio.gather(*requests)}
    assert len(answers) == 1


async def test_an_unknown_path_is_404_and_says_where_graphql_is(client: httpx.AsyncClient) -> None:
    response = await client.get("/nowhere")
    assert response.status_code == 404
    assert "/graphql" in response.json()["errors"][0]["message"]
