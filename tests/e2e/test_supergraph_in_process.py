"""The supergraph in one process: the two sample operations and what they leave behind."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.graphql_client import JSON
from tests.in_process import Platform

GET_PRODUCTS = """
query GetProducts($limit: Int!) {
  products(limit: $limit) { id name price description category inStock } }
"""
CREATE_ORDER = """
mutation CreateOrder($input: CreateOrderInput!) {
  createOrder(input: $input) { id status totalAmount items { productId quantity price } } }
"""


async def products(supergraph: Platform, limit: int = 50) -> list[JSON]:
    data = await supergraph.client.data(GET_PRODUCTS, {"limit": limit})
    found: list[JSON] = data["products"]
    return found


async def sellable(supergraph: Platform, pieces: int) -> JSON:
    """A product with one variant and at least so many pieces to sell."""
    inventory = supergraph.foundations["inventory"].database
    row = await inventory.fetchrow(
        """
        select product_id, min(variant_id) as variant_id from stock
        group by product_id
        having count(*) = 1 and min(on_hand - reserved - allocated) >= $1
        order by product_id limit 1
        """,
        pieces,
    )
    assert row is not None
    return dict(row)


async def order(supergraph: Platform, *items: JSON, headers: Any = None, **more: Any) -> JSON:
    given = {"items": list(items), "contactEmail": "guest@example.org", **more}
    return await supergraph.client.ask(CREATE_ORDER, {"input": given}, headers)


async def test_products_with_their_stock_take_two_fetches(supergraph: Platform) -> None:
    await products(supergraph, 1)  # opens connections
    supergraph.fetches()
    with supergraph.counted_sql() as statements:
        found = await products(supergraph)
    assert len(found) == 50
    assert 2 <= len(statements) <= 3, statements
    assert supergraph.fetches() == ["catalog", "inventory"]
    inventory = supergraph.foundations["inventory"].database
    rows = await inventory.fetch(
        """
        select product_id, bool_or(on_hand - reserved - allocated > 0) as sells
        from stock group by product_id
        """
    )
    sells = {row["product_id"]: row["sells"] for row in rows}
    assert {product["id"]: product["inStock"] for product in found} == {
        product["id"]: sells[product["id"]] for product in found
    }


async def test_a_guests_order_is_in_three_databases(supergraph: Platform) -> None:
    product = await sellable(supergraph, 5)
    answer = await order(supergraph, {"productId": product["product_id"], "quantity": 2})
    assert "errors" not in answer, answer
    created = answer["data"]["createOrder"]
    assert created["status"] == "CONFIRMED"
    assert created["items"][0]["quantity"] == 2
    minor = {name: foundation.database for name, foundation in supergraph.foundations.items()}
    stored = await minor["order"].fetchrow("select * from orders where id = $1", created["id"])
    assert stored is not None
    reservation = await minor["inventory"].fetchrow(
        "select * from reservations where id = $1", created["id"]
    )
    assert reservation is not None
    assert reservation["status"] == "COMMITTED"
    payment = await minor["payment"].fetchrow(
        "select * from payments where order_id = $1", created["id"]
    )
    assert payment is not None
    assert (payment["status"], payment["authorised"]) == ("AUTHORISED", stored["total"])


async def left_behind(supergraph: Platform) -> list[int]:
    counts = []
    for service, table in (
        ("order", "orders"),
        ("inventory", "reservations"),
        ("payment", "payments"),
    ):
        database = supergraph.foundations[service].database
        counts.append(await database.fetchval(f"select count(*) from {table}"))  # noqa: S608
    return counts


UNKNOWN = "prd_" + "0" * 32


@pytest.mark.parametrize(
    ("items", "code", "named"),
    [
        ([{"productId": UNKNOWN, "quantity": 1}], "NOT_FOUND", UNKNOWN),
        ([{"productId": "…", "quantity": 0}], "INVALID_INPUT", "quantity"),
        ([{"productId": "…", "quantity": -1}], "INVALID_INPUT", "-1"),
        ([{"productId": "…", "quantity": 10**9}], "INVALID_INPUT", "1..999"),
        ([], "INVALID_INPUT", "at least one item"),
        ([{"productId": "not an id", "quantity": 1}], "INVALID_INPUT", "productId"),
    ],
)
async def test_an_order_that_makes_no_sense_leaves_nothing_anywhere(
    supergraph: Platform, items: list[JSON], code: str, named: str
) -> None:
    known = (await sellable(supergraph, 1))["product_id"]
    given = [{**item, "productId": item["productId"].replace("…", known)} for item in items]
    answer = await order(supergraph, *given)
    assert answer["data"] == {"createOrder": None}
    [error] = answer["errors"]
    assert error["extensions"]["code"] == code
    assert named in error["message"]
    assert await left_behind(supergraph) == [0, 0, 0]


async def test_two_lines_of_a_product_are_summed(supergraph: Platform) -> None:
    known = (await sellable(supergraph, 5))["product_id"]
    answer = await order(
        supergraph, {"productId": known, "quantity": 2}, {"productId": known, "quantity": 3}
    )
    assert [item["quantity"] for item in answer["data"]["createOrder"]["items"]] == [5]


async def test_a_declined_order_holds_neither_stock_nor_money(supergraph: Platform) -> None:
    known = await sellable(supergraph, 2)
    line = {"productId": known["product_id"], "quantity": 2}
    answer = await order(supergraph, line, paymentToken="tok_sandbox_declined")
    assert answer["errors"][0]["extensions"]["code"] == "PAYMENT_DECLINED"
    inventory = supergraph.foundations["inventory"].database
    stock = await inventory.fetchrow(
        "select reserved, allocated from stock where variant_id = $1", known["variant_id"]
    )
    assert stock is not None
    assert (stock["reserved"], stock["allocated"]) == (0, 0)


async def test_the_last_pieces_are_sold_once(supergraph: Platform) -> None:
    known = await sellable(supergraph, 1)
    inventory = supergraph.foundations["inventory"].database
    await inventory.execute(
        "update stock set on_hand = 3 where variant_id = $1", known["variant_id"]
    )
    line = {"productId": known["product_id"], "quantity": 1}
    answers = await asyncio.gather(*(order(supergraph, line) for _ in range(12)))
    sold = [answer for answer in answers if answer["data"]["createOrder"]]
    codes = {
        answer["errors"][0]["extensions"]["code"]
        for answer in answers
        if not answer["data"]["createOrder"]
    }
    assert len(sold) == 3
    assert codes == {"OUT_OF_STOCK"}
    payments = supergraph.foundations["payment"].database
    authorised = "select count(*) from payments where status = 'AUTHORISED'"
    assert await payments.fetchval(authorised) == 3


LOGIN = """
mutation($input: LoginInput!) { login(input: $input) { accessToken userErrors { code } } }
"""


async def test_a_customer_logs_in_orders_and_sees_the_order(supergraph: Platform) -> None:
    given = {"email": "customer@demo.shop", "password": "demo-password"}
    login = (await supergraph.client.data(LOGIN, {"input": given}))["login"]
    headers = {"authorization": f"Bearer {login['accessToken']}"}
    known = (await sellable(supergraph, 1))["product_id"]
    line = {"productId": known, "quantity": 1}
    created = await order(supergraph, line, headers=headers, contactEmail=None)
    assert "errors" not in created, created
    seen = await supergraph.client.data(
        """
        { me { displayName email orders(first: 5) { totalCount edges { node {
          id number customer { displayName } items { product { id name } variant { sku } } } } } } }
        """,
        headers=headers,
    )
    [edge] = seen["me"]["orders"]["edges"]
    assert edge["node"]["id"] == created["data"]["createOrder"]["id"]
    assert edge["node"]["customer"]["displayName"] == seen["me"]["displayName"]
    assert edge["node"]["items"][0]["product"]["id"] == known


async def test_a_dead_subgraph_costs_its_fields_and_is_named(supergraph: Platform) -> None:
    supergraph.transport.down.add("inventory")
    query = "{ products(limit: 3) { id name availability } }"
    answer = await supergraph.client.ask(query)
    assert "inventory" in str(answer["errors"])
    assert answer["data"] is None or all(item is None for item in answer["data"]["products"])
    others = await supergraph.client.data("{ products(limit: 3) { id name price } }")
    assert len(others["products"]) == 3
