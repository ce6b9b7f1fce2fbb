"""What staff change: versions, prices, and the events that tell of it."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from subgraphs.chassis.database import Database
from tests.graphql_client import GraphqlClient
from tests.identity import Issuer

CHANGE = """
mutation($id: ID!, $v: Int!) { %s(id: $id, expectedVersion: $v) {
  product { id status version } userErrors { code path } } }
"""
PRICE = """
mutation($v: ID!, $c: String!, $a: Long!, $e: Int!) {
  setPrice(variantId: $v, currency: $c, amountMinor: $a, expectedVersion: $e) {
    product { price version } userErrors { code path } } }
"""


@pytest.fixture
def staff(issuer: Issuer) -> Any:
    return issuer.headers("usr_staff", "catalog:write price:write catalog:read_drafts")


async def events(database: Database) -> list[tuple[str, dict[str, Any]]]:
    rows = await database.fetch("select type, payload::text as p from outbox order by position")
    return [(row["type"], orjson.loads(row["p"])) for row in rows]


async def test_a_draft_is_published_and_archived_and_each_change_is_told(
    client: GraphqlClient, database: Database, staff: Any
) -> None:
    published = await client.data(
        CHANGE % "publishProduct", {"id": "prd_plan", "v": 1}, headers=staff
    )
    assert published["publishProduct"]["product"] == {
        "id": "prd_plan",
        "status": "ACTIVE",
        "version": 2,
    }
    archived = await client.data(
        CHANGE % "archiveProduct", {"id": "prd_plan", "v": 2}, headers=staff
    )
    assert archived["archiveProduct"]["product"]["status"] == "ARCHIVED"
    told = await events(database)
    assert [kind for kind, _ in told] == [
        "catalog.product.changed",
        "catalog.product.archived",
        "catalog.product.changed",
    ]
    assert told[0][1] == {
        "product_id": "prd_plan",
        "version": 2,
        "status": "ACTIVE",
        "variant_ids": ["var_plan-1"],
    }


@pytest.mark.parametrize(
    ("product", "version", "code"),
    [
        ("prd_plan", 7, "VERSION_CONFLICT"),
        ("prd_none", 1, "NOT_FOUND"),
        ("prd_idea", 1, "INVALID_INPUT"),
    ],
)
async def test_a_change_that_cannot_be_says_why_and_changes_nothing(
    client: GraphqlClient, database: Database, staff: Any, product: str, version: int, code: str
) -> None:
    variables = {"id": product, "v": version}
    data = await client.data(CHANGE % "publishProduct", variables, headers=staff)
    payload = data["publishProduct"]
    assert payload["product"] is None
    assert [error["code"] for error in payload["userErrors"]] == [code]
    assert await events(database) == []


async def test_a_price_is_set_from_now_on_and_told_with_the_old_one(
    client: GraphqlClient, database: Database, staff: Any
) -> None:
    variables = {"v": "var_mug-1", "c": "USD", "a": 1234, "e": 1}
    data = await client.data(PRICE, variables, headers=staff)
    assert data["setPrice"]["product"] == {"price": "12.34", "version": 2}
    kind, payload = (await events(database))[0]
    assert kind == "catalog.price.changed"
    assert (payload["old_minor"], payload["new_minor"]) == (999, 1234)
    refused = await client.data(PRICE, {**variables, "a": -1, "e": 2}, headers=staff)
    assert refused["setPrice"]["userErrors"] == [{"code": "INVALID_INPUT", "path": ["amountMinor"]}]


async def test_changes_are_for_staff(client: GraphqlClient, issuer: Issuer) -> None:
    variables = {"id": "prd_plan", "v": 1}
    guest = await client.ask(CHANGE % "publishProduct", variables)
    assert guest["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    customer = issuer.headers("usr_1", "profile:read")
    answer = await client.ask(CHANGE % "publishProduct", variables, headers=customer)
    assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"


async def test_a_sku_never_changes(database: Database) -> None:
    with pytest.raises(Exception, match="a SKU is immutable"):
        await database.execute("update variants set sku = 'new' where sku = 'mug-1'")
