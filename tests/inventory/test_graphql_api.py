"""Inventory for clients: availability for all, stock and its ledger for staff."""

from __future__ import annotations

from typing import Any

import pytest

from subgraphs.chassis.database import Database
from subgraphs.inventory.handlers.reservations import reserve
from subgraphs.inventory.handlers.resources import Resources
from tests.graphql_client import GraphqlClient
from tests.identity import Issuer
from tests.inventory.warehouse import Warehouse
from tests.statements import statements

ENTITIES = """
query($r: [_Any!]!) { _entities(representations: $r) {
  ... on Product { id inStock availability }
  ... on Variant { id shown: availability { status maxOrderable } }
} }
"""
QUOTES = """
query($r: [_Any!]!, $q: Int!) { _entities(representations: $r) {
  ... on Variant { shippingQuotes(country: "NO", quantity: $q) { method price { amount } minDays } }
} }
"""
LEVELS = """
query($n: Int!, $after: String, $low: Boolean) {
  stockLevels(first: $n, after: $after, belowSafetyStock: $low) {
    totalCount pageInfo { hasNextPage hasPreviousPage endCursor }
    edges { node { variant { id sku } onHand reserved available safetyStock
      movements(first: 2) { edges { node { kind quantity reference } } pageInfo { hasNextPage } }
    } } } }
"""
ADJUST = """
mutation($input: AdjustStockInput!) { adjustStock(input: $input) {
  stock { onHand available } userErrors { code path } } }
"""


def product(key: str) -> dict[str, Any]:
    return {"__typename": "Product", "id": key}


def variant(key: str, **more: Any) -> dict[str, Any]:
    return {"__typename": "Variant", "id": key, **more}


@pytest.fixture
def staff(issuer: Issuer) -> Any:
    return issuer.headers("usr_staff", "inventory:read inventory:write")


async def test_fifty_products_are_one_statement(
    client: GraphqlClient, database: Database, warehouse: Warehouse
) -> None:
    for number in range(50):
        await warehouse.receive(f"var_{number}", number % 2, product_id=f"prd_{number}")
    async with statements(database) as sent:
        data = await client.data(ENTITIES, {"r": [product(f"prd_{n}") for n in range(50)]})
    assert [item["inStock"] for item in data["_entities"]] == [n % 2 == 1 for n in range(50)]
    assert len(sent) == 1


async def test_a_product_is_as_available_as_the_best_of_its_variants(
    client: GraphqlClient, warehouse: Warehouse
) -> None:
    for key, units, safety in (("a", 0, 0), ("b", 2, 5), ("c", 9, 5)):
        await warehouse.receive(f"var_{key}", units, safety=safety, product_id=f"prd_{key}")
        await warehouse.receive(f"var_{key}0", 0, product_id=f"prd_{key}")
    asked = [product(f"prd_{key}") for key in ("a", "b", "c", "unknown")]
    data = await client.data(ENTITIES, {"r": asked})
    assert [(item["inStock"], item["availability"]) for item in data["_entities"]] == [
        (False, "OUT_OF_STOCK"),
        (True, "LOW_STOCK"),
        (True, "IN_STOCK"),
        (False, "OUT_OF_STOCK"),
    ]


async def test_shoppers_learn_no_more_than_ten_of_a_variant(
    client: GraphqlClient, warehouse: Warehouse, resources: Resources
) -> None:
    await warehouse.receive("var_many", 4_000)
    await warehouse.receive("var_few", 5)
    await reserve(resources, "ord_1", [("var_few", 2)], 60)
    asked = [variant(key) for key in ("var_many", "var_few", "var_unknown")]
    data = await client.data(ENTITIES, {"r": asked})
    assert [item["shown"] for item in data["_entities"]] == [
        {"status": "IN_STOCK", "maxOrderable": 10},
        {"status": "IN_STOCK", "maxOrderable": 3},
        {"status": "OUT_OF_STOCK", "maxOrderable": 0},
    ]


async def test_shipping_is_quoted_by_weight_cheapest_first(
    client: GraphqlClient, database: Database, warehouse: Warehouse
) -> None:
    for method, grams, minor in (("post", 1000, 400), ("post", 5000, 900), ("van", 9000, 700)):
        await database.execute(
            "insert into shipping_rates values ('NO', $1, $2, $3, 'USD', 1, 3)",
            *(method, grams, minor),
        )
    asked = {"r": [variant("var_a", weightGrams=600)], "q": 1}
    one = await client.data(QUOTES, asked)
    assert one["_entities"][0]["shippingQuotes"] == [
        {"method": "post", "price": {"amount": "4.00"}, "minDays": 1},
        {"method": "van", "price": {"amount": "7.00"}, "minDays": 1},
    ]
    two = await client.data(QUOTES, {**asked, "q": 2})
    prices = [quote["price"]["amount"] for quote in two["_entities"][0]["shippingQuotes"]]
    assert prices == ["7.00", "9.00"]
    none = await client.ask(QUOTES, {**asked, "q": 0})
    assert none["errors"][0]["extensions"]["code"] == "INVALID_INPUT"


async def test_staff_page_through_the_stock_and_its_ledger(
    client: GraphqlClient, warehouse: Warehouse, resources: Resources, staff: Any
) -> None:
    for number in range(3):
        await warehouse.receive(f"var_{number}", 5 * number, safety=4)
    await reserve(resources, "ord_1", [("var_1", 2)], 60)
    await reserve(resources, "ord_2", [("var_1", 1)], 60)
    first = (await client.data(LEVELS, {"n": 2}, headers=staff))["stockLevels"]
    assert first["totalCount"] == 3
    assert first["pageInfo"]["hasNextPage"]
    assert first["edges"][1]["node"] == {
        "variant": {"id": "var_1", "sku": "SKU-var_1"},
        "onHand": 5,
        "reserved": 3,
        "available": 2,
        "safetyStock": 4,
        "movements": {
            "edges": [
                {"node": {"kind": "RESERVE", "quantity": 1, "reference": "ord_2"}},
                {"node": {"kind": "RESERVE", "quantity": 2, "reference": "ord_1"}},
            ],
            "pageInfo": {"hasNextPage": True},
        },
    }
    after = first["pageInfo"]["endCursor"]
    rest = (await client.data(LEVELS, {"n": 2, "after": after}, headers=staff))["stockLevels"]
    assert [edge["node"]["variant"]["id"] for edge in rest["edges"]] == ["var_2"]
    assert rest["pageInfo"]["hasPreviousPage"]
    low = (await client.data(LEVELS, {"n": 9, "low": True}, headers=staff))["stockLevels"]
    assert [edge["node"]["variant"]["id"] for edge in low["edges"]] == ["var_0", "var_1"]
    assert low["totalCount"] == 2


@pytest.mark.parametrize("after", ["nonsense", "WzFd", "W10"])
async def test_a_cursor_of_another_list_is_refused(
    client: GraphqlClient, database: Database, staff: Any, after: str
) -> None:
    answer = await client.ask(LEVELS, {"n": 1000, "after": after}, headers=staff)
    assert answer["errors"][0]["extensions"]["code"] == "INVALID_INPUT"


async def test_stock_is_for_those_who_may_see_it(
    client: GraphqlClient, warehouse: Warehouse, issuer: Issuer
) -> None:
    await warehouse.receive("var_a", 5)
    guest = await client.ask(LEVELS, {"n": 1})
    assert guest["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    customer = issuer.headers("usr_1", "profile:read")
    query = """query($r: [_Any!]!) { _entities(representations: $r) {
      ... on Variant { id stock { onHand } } } }"""
    answer = await client.ask(query, {"r": [variant("var_a")]}, headers=customer)
    assert answer["data"]["_entities"] == [{"id": "var_a", "stock": None}]
    assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"


async def test_a_correction_is_made_once_for_its_key_and_never_breaks_a_promise(
    client: GraphqlClient, warehouse: Warehouse, resources: Resources, staff: Any
) -> None:
    await warehouse.receive("var_a", 5)
    await reserve(resources, "ord_1", [("var_a", 4)], 60)
    wish = {"variantId": "var_a", "delta": 3, "reason": "counted", "idempotencyKey": "k1"}
    for _ in range(2):
        data = await client.data(ADJUST, {"input": wish}, headers=staff)
        assert data["adjustStock"] == {"stock": {"onHand": 8, "available": 4}, "userErrors": []}
    for changes, code in (
        ({"delta": 2}, "INVALID_INPUT"),
        ({"delta": 0}, "INVALID_INPUT"),
        ({"idempotencyKey": ""}, "INVALID_INPUT"),
        ({"delta": -5, "idempotencyKey": "k2"}, "STOCK_WOULD_GO_NEGATIVE"),
        ({"variantId": "var_x", "idempotencyKey": "k3"}, "NOT_FOUND"),
    ):
        data = await client.data(ADJUST, {"input": {**wish, **changes}}, headers=staff)
        assert [error["code"] for error in data["adjustStock"]["userErrors"]] == [code], changes
    assert (await warehouse.stock("var_a")).on_hand == 8


async def test_the_safety_stock_decides_what_is_low(
    client: GraphqlClient, warehouse: Warehouse, staff: Any
) -> None:
    await warehouse.receive("var_a", 5)
    mutation = """mutation($v: ID!, $q: Int!) { setSafetyStock(variantId: $v, quantity: $q) {
      stock { safetyStock } userErrors { code } } }"""
    data = await client.data(mutation, {"v": "var_a", "q": 5}, headers=staff)
    assert data["setSafetyStock"]["stock"] == {"safetyStock": 5}
    seen = await client.data(ENTITIES, {"r": [variant("var_a")]})
    assert seen["_entities"][0]["shown"]["status"] == "LOW_STOCK"
    for key, quantity, code in (("var_a", -1, "INVALID_INPUT"), ("var_x", 1, "NOT_FOUND")):
        data = await client.data(mutation, {"v": key, "q": quantity}, headers=staff)
        assert data["setSafetyStock"]["userErrors"] == [{"code": code}]
