"""What a person's browser gets: the page, its files, and whether other pages may call."""

from __future__ import annotations

import re

import httpx
import pytest

from tests.serve.conftest import OpenClient

HTML = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
SAMPLE = {"name": "Me </script>", "operation": "{ me { id } }"}


async def test_a_browser_gets_the_page_and_every_file_it_names(open_client: OpenClient) -> None:
    client = open_client(homepage={"title": "Shop & Co", "samples": [SAMPLE]})
    page = await client.get("/graphql", headers=HTML)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "<title>Shop &amp; Co</title>" in page.text
    assert "\\u003c/script>" in page.text
    modules = re.findall(r'(?:src|href)="(/\.page/[\w.]+)"', page.text)
    assert len(modules) == 2
    while modules:
        file = await client.get(modules.pop())
        assert file.status_code == 200
        modules += [f"/.page/{name}" for name in re.findall(r'from "\./([\w.]+)"', file.text)]


async def test_the_page_loads_nothing_from_elsewhere(client: httpx.AsyncClient) -> None:
    page = await client.get("/graphql", headers=HTML)
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page.text)


async def test_a_query_in_the_address_is_answered_and_not_shown_the_page(
    client: httpx.AsyncClient,
) -> None:
    response = await client.get("/graphql", params={"query": "{ __typename }"}, headers=HTML)
    assert response.json() == {"data": {"__typename": "Query"}}


async def test_without_a_homepage_a_browser_is_told_to_send_a_query(
    open_client: OpenClient,
) -> None:
    client = open_client(homepage={"enabled": False})
    response = await client.get("/graphql", headers=HTML)
    assert response.json()["errors"][0]["extensions"]["code"] == "MISSING_QUERY_STRING"


async def test_apollos_sandbox_takes_the_pages_place_when_asked_for(
    open_client: OpenClient,
) -> None:
    client = open_client(sandbox={"enabled": True})
    page = await client.get("/graphql", headers=HTML)
    assert "EmbeddedSandbox" in page.text


def preflight(origin: str) -> dict[str, str]:
    return {
        "origin": origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type, authorization",
        "access-control-request-private-network": "true",
    }


async def test_apollos_studio_may_call_unless_told_otherwise(client: httpx.AsyncClient) -> None:
    studio = "https://studio.apollographql.com"
    answer = await client.options("/graphql", headers=preflight(studio))
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == studio
    assert answer.headers["access-control-allow-headers"] == "content-type, authorization"
    assert answer.headers["access-control-allow-private-network"] == "true"
    body = {"query": "{ __typename }"}
    response = await client.post("/graphql", json=body, headers={"origin": studio})
    assert response.headers["access-control-allow-origin"] == studio
    assert response.headers["vary"] == "origin"


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "https://xshop.example"])
async def test_other_origins_get_no_leave(open_client: OpenClient, origin: str) -> None:
    policy = {"origins": ["https://shop.example"], "match_origins": ["https://.*\\.shop\\.example"]}
    client = open_client(cors={"policies": [policy]})
    answer = await client.options("/graphql", headers=preflight(origin))
    assert "access-control-allow-origin" not in answer.headers


async def test_a_policy_says_what_its_origins_may_do(open_client: OpenClient) -> None:
    policy = {
        "match_origins": ["https://.*\\.shop\\.example"],
        "allow_credentials": True,
        "allow_headers": ["content-type"],
        "expose_headers": ["x-trace-id"],
        "methods": ["POST"],
        "max_age": "2h",
    }
    client = open_client(cors={"policies": [policy]})
    answer = await client.options("/graphql", headers=preflight("https://a.shop.example"))
    assert answer.headers["access-control-allow-credentials"] == "true"
    assert answer.headers["access-control-allow-methods"] == "POST"
    assert answer.headers["access-control-allow-headers"] == "content-type"
    assert answer.headers["access-control-max-age"] == "7200"
    response = await client.post(
        "/graphql", json={"query": "{__typename}"}, headers={"origin": "https://a.shop.example"}
    )
    assert response.headers["access-control-expose-headers"] == "x-trace-id"


async def test_any_origin_never_comes_with_credentials(open_client: OpenClient) -> None:
    client = open_client(cors={"allow_any_origin": True, "allow_credentials": True})
    answer = await client.options("/graphql", headers=preflight("https://any.example"))
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers
