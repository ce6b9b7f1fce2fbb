"""POST /graphql of a subgraph: batched entities, enforced directives, clear errors."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
import strawberry
from strawberry.types.info import Info

from subgraphs.chassis.access_tokens import AccessTokens
from subgraphs.chassis.directives import reference_key
from subgraphs.chassis.entities import key_values
from subgraphs.chassis.federated_schema import build_schema
from subgraphs.chassis.graphql_endpoint import GraphqlEndpoint
from subgraphs.chassis.pages import operations_pages
from subgraphs.chassis.refusal import Refusal
from subgraphs.chassis.resolver_context import Context
from tests.identity import AUDIENCE, ISSUER, Issuer

JSON = dict[str, Any]


@dataclass
class Shelf:
    """What the service holds, and a count of its loads."""

    books: dict[str, str] = field(default_factory=lambda: {"1": "Emma", "2": "Walden"})
    loads: list[list[str]] = field(default_factory=list)


@strawberry.federation.type(keys=["id"])
class Book:
    """An entity."""

    id: strawberry.ID
    title: str
    price: int | None = strawberry.federation.field(requires_scopes=[["a", "b"], ["c"]], default=3)
    owner: str | None = strawberry.federation.field(authenticated=True, default="me")

    @classmethod
    async def resolve_references(
        cls, info: Info[Context[Shelf], None], representations: Sequence[Mapping[str, Any]]
    ) -> list[Any]:
        shelf = info.context.app
        wanted, by_item = key_values(representations, "id")
        shelf.loads.append(wanted)
        if "crash" in wanted:
            raise ZeroDivisionError
        found = {
            key: cls(id=strawberry.ID(key), title=shelf.books[key])
            for key in wanted
            if key in shelf.books
        }
        return [
            Refusal("GONE", "It was lent out.") if key == "9" else found.get(key or "")
            for key in by_item
        ]


@strawberry.federation.type(keys=[reference_key("id")])
class Stub:
    """A reference to an entity of another subgraph."""

    id: strawberry.ID


@strawberry.type
class Query:
    """Read."""

    @strawberry.field
    async def book(self, info: Info[Context[Shelf], None], key: strawberry.ID) -> Book | None:
        """One book."""
        if key == "broken":
            raise ZeroDivisionError("secret detail")
        if key == "refused":
            raise Refusal("NOT_LENT", "Not today.", {"until": "tomorrow"})
        title = info.context.app.books.get(key)
        return Book(id=key, title=title) if title else None

    @strawberry.field
    def stub(self) -> Stub:
        """A reference."""
        return Stub(id=strawberry.ID("s"))


@strawberry.federation.type(keys=["id"])
class Orphan:
    """An entity nobody can load."""

    id: strawberry.ID


@strawberry.type
class OrphanQuery:
    """Read."""

    orphan: Orphan | None = None


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
async def client(shelf: Shelf, issuer: Issuer) -> AsyncIterator[httpx.AsyncClient]:
    tokens = AccessTokens(issuer.keys, issuer=ISSUER, audience=AUDIENCE)
    endpoint = GraphqlEndpoint(
        "shelf", build_schema(Query), shelf, tokens, operations_pages("shelf", ())
    )
    transport = httpx.ASGITransport(app=endpoint)
    async with httpx.AsyncClient(transport=transport, base_url="http://shelf") as made:
        yield made


async def ask(client: httpx.AsyncClient, query: str, **options: Any) -> JSON:
    headers = options.pop("headers", {})
    answer = await client.post("/graphql", json={"query": query, **options}, headers=headers)
    body: JSON = answer.json()
    return body


ENTITIES = "query($r: [_Any!]!) { _entities(representations: $r) { ... on Book { id title } } }"


def book(key: str) -> JSON:
    return {"__typename": "Book", "id": key}


async def test_representations_of_a_type_are_loaded_at_once_and_keep_their_order(
    client: httpx.AsyncClient, shelf: Shelf
) -> None:
    answer = await ask(client, ENTITIES, variables={"r": [book("2"), book("1"), book("2")]})
    titles = [item["title"] for item in answer["data"]["_entities"]]
    assert titles == ["Walden", "Emma", "Walden"]
    assert shelf.loads == [["2", "1"]]


async def test_a_bad_representation_costs_only_itself(client: httpx.AsyncClient) -> None:
    given = [book("1"), book("9"), {"id": "1"}, {"__typename": "Stub", "id": "1"}, book("404")]
    answer = await ask(client, ENTITIES, variables={"r": given})
    assert answer["data"]["_entities"] == [{"id": "1", "title": "Emma"}, None, None, None, None]
    paths = {tuple(error["path"]): error["extensions"]["code"] for error in answer["errors"]}
    assert paths == {
        ("_entities", 1): "GONE",
        ("_entities", 2): "INVALID_INPUT",
        ("_entities", 3): "INVALID_INPUT",
    }


async def test_a_failed_load_is_masked_for_each_of_its_items(client: httpx.AsyncClient) -> None:
    answer = await ask(client, ENTITIES, variables={"r": [book("crash"), book("1")]})
    assert answer["data"]["_entities"] == [None, None]
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"INTERNAL_SERVER_ERROR"}
    assert "division" not in str(answer)


async def test_service_sdl_is_the_schema(client: httpx.AsyncClient) -> None:
    answer = await ask(client, "{ _service { sdl } }")
    assert 'type Book @key(fields: "id")' in answer["data"]["_service"]["sdl"]


async def test_a_keyed_type_without_a_loader_is_refused_when_the_schema_is_built() -> None:
    with pytest.raises(TypeError, match="Orphan has a @key"):
        build_schema(OrphanQuery)


@pytest.mark.parametrize(
    ("scopes", "codes"),
    [
        (None, {"owner": "UNAUTHENTICATED", "price": "UNAUTHENTICATED"}),
        ("a", {"price": "FORBIDDEN"}),
        ("a b", {}),
        ("c", {}),
    ],
)
async def test_what_a_directive_says_is_enforced(
    client: httpx.AsyncClient, issuer: Issuer, scopes: str | None, codes: Mapping[str, str]
) -> None:
    headers = {} if scopes is None else issuer.headers("usr_1", scopes)
    answer = await ask(client, '{ book(key: "1") { title owner price } }', headers=headers)
    refused = {error["path"][1]: error["extensions"]["code"] for error in answer.get("errors", ())}
    assert refused == codes
    assert answer["data"]["book"]["title"] == "Emma"
    assert all(answer["data"]["book"][name] is None for name in codes)


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": 1},
        {"iss": "someone"},
        {"aud": "elsewhere"},
        {"sub": None},
        {"exp": None},
    ],
)
async def test_a_token_with_wrong_claims_is_refused(
    client: httpx.AsyncClient, issuer: Issuer, changes: JSON
) -> None:
    headers = {"authorization": f"Bearer {issuer.token('usr_1', **changes)}"}
    answer = await ask(client, '{ book(key: "1") { title } }', headers=headers)
    assert "data" not in answer
    assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


@pytest.mark.parametrize("header", ["Bearer", "Basic abc", "Bearer a.b.c", "Bearer " + "x" * 9000])
async def test_a_header_that_is_no_token_is_refused(client: httpx.AsyncClient, header: str) -> None:
    answer = await ask(client, "{ __typename }", headers={"authorization": header})
    assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_a_token_of_another_key_is_refused_and_keys_are_not_fetched_for_each(
    client: httpx.AsyncClient, issuer: Issuer
) -> None:
    before = issuer.asked
    for _ in range(3):
        stranger = Issuer(kid="stranger")
        answer = await ask(client, "{ __typename }", headers=stranger.headers("usr_1"))
        assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    forged = Issuer(kid=issuer.kid)
    answer = await ask(client, "{ __typename }", headers=forged.headers("usr_1"))
    assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert issuer.asked == before + 1


async def test_a_refusal_shows_its_code_and_details_and_a_fault_shows_nothing(
    client: httpx.AsyncClient,
) -> None:
    refused = await ask(client, '{ book(key: "refused") { id } }')
    assert refused["errors"][0]["message"] == "Not today."
    assert refused["errors"][0]["extensions"] == {"code": "NOT_LENT", "until": "tomorrow"}
    broken = await ask(client, '{ book(key: "broken") { id } }')
    assert "secret" not in str(broken)
    assert len(broken["errors"][0]["extensions"]["traceId"]) == 32


@pytest.mark.parametrize(
    ("query", "code"),
    [("{ book(", "GRAPHQL_PARSE_FAILED"), ("{ nothing }", "GRAPHQL_VALIDATION_FAILED")],
)
async def test_an_operation_that_cannot_run_says_why(
    client: httpx.AsyncClient, query: str, code: str
) -> None:
    for _ in range(2):
        answer = await ask(client, query)
        assert "data" not in answer
        assert answer["errors"][0]["extensions"]["code"] == code


async def test_status_codes_follow_graphql_over_http(client: httpx.AsyncClient) -> None:
    modern = {"accept": "application/graphql-response+json"}
    bad = await client.post("/graphql", json={"query": "{"}, headers=modern)
    assert (bad.status_code, bad.headers["content-type"].split(";")[0]) == (400, modern["accept"])
    old = await client.post("/graphql", json={"query": "{"})
    assert (old.status_code, old.headers["content-type"].split(";")[0]) == (200, "application/json")
    assert (await client.get("/graphql")).status_code == 405
    assert (await client.post("/graphql", content=b"query=1")).status_code == 415
    listed = await client.post("/graphql", json=[1], headers=modern)
    assert listed.status_code == 400


async def test_health_and_metrics_are_beside_it(client: httpx.AsyncClient) -> None:
    await ask(client, "{ __typename }")
    assert (await client.get("/health/live")).json() == {"status": "up", "service": "shelf"}
    assert (await client.get("/health/ready")).status_code == 200
    assert 'graphql_request_seconds_count{service="shelf"}' in (await client.get("/metrics")).text
