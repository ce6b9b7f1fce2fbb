"""Who may see which order, and a customer's history page by page."""

from __future__ import annotations

from typing import Any

import pytest

from tests.graphql_client import JSON
from tests.order.conftest import OrderShop

ORDER = "query($id: ID!, $token: String) { order(id: $id, accessToken: $token) { id number } }"
ENTITY = """
query($r: [_Any!]!) { _entities(representations: $r) { ... on Order { id totalAmount } } }
"""
HISTORY = """
query($r: [_Any!]!, $first: Int!, $after: String, $filter: OrderFilter) {
  _entities(representations: $r) { ... on User {
    orders(first: $first, after: $after, filter: $filter) {
      totalCount pageInfo { hasNextPage hasPreviousPage endCursor }
      edges { cursor node {
        id status items { variant { sku } product { id } lineTotal { amount } } } }
    } } } }
"""


async def see(
    order_shop: OrderShop, order: JSON, headers: Any = None, token: str | None = None
) -> Any:
    answer = await order_shop.client.data(ORDER, {"id": order["id"], "token": token}, headers)
    return answer["order"]


async def test_a_guest_opens_their_order_with_its_secret_only(order_shop: OrderShop) -> None:
    order = await order_shop.order((1, 1))
    shown = {"id": order["id"], "number": order["number"]}
    assert await see(order_shop, order, token=order["guestAccessToken"]) == shown
    assert await see(order_shop, order) is None
    assert await see(order_shop, order, token="guess") is None
    assert (
        await see(order_shop, order, order_shop.issuer.headers("usr_1", "order:read_own")) is None
    )


async def test_a_customers_order_is_theirs(order_shop: OrderShop) -> None:
    order = await order_shop.order((1, 1), user="usr_1")
    issuer = order_shop.issuer
    assert await see(order_shop, order, issuer.headers("usr_1", "order:read_own"))
    assert await see(order_shop, order, issuer.headers("usr_9", "order:read_all"))
    assert await see(order_shop, order, issuer.headers("usr_2", "order:read_own")) is None
    assert await see(order_shop, order, issuer.headers("usr_1", "profile:read")) is None


async def test_entities_obey_the_same_rule_by_id_and_by_number(order_shop: OrderShop) -> None:
    order = await order_shop.order((1, 1), user="usr_1")
    given = [
        {"__typename": "Order", "id": order["id"]},
        {"__typename": "Order", "number": order["number"]},
        {"__typename": "Order", "id": "ord_none"},
    ]
    own = order_shop.issuer.headers("usr_1", "order:read_own")
    shown = {"id": order["id"], "totalAmount": "10.00"}
    seen = await order_shop.client.data(ENTITY, {"r": given}, own)
    assert seen["_entities"] == [shown, shown, None]
    others = await order_shop.client.data(ENTITY, {"r": given})
    assert others["_entities"] == [None, None, None]


async def history(order_shop: OrderShop, user: str = "usr_1", **variables: Any) -> JSON:
    given = {"r": [{"__typename": "User", "id": "usr_1"}], "first": 2, **variables}
    headers = order_shop.issuer.headers(user, "order:read_own")
    return await order_shop.client.ask(HISTORY, given, headers)


async def test_a_history_is_read_page_by_page_newest_first(order_shop: OrderShop) -> None:
    ids = [(await order_shop.order((n, 1), user="usr_1"))["id"] for n in (1, 2, 3)]
    await order_shop.order((1, 1), user="usr_2")
    first = (await history(order_shop))["data"]["_entities"][0]["orders"]
    assert [edge["node"]["id"] for edge in first["edges"]] == [ids[2], ids[1]]
    assert first["totalCount"] == 3
    assert first["pageInfo"]["hasNextPage"] is True
    assert first["edges"][0]["node"]["items"][0]["variant"] == {"sku": "SKU-3"}
    assert first["edges"][0]["node"]["items"][0]["lineTotal"] == {"amount": "30.00"}
    after = first["pageInfo"]["endCursor"]
    second = (await history(order_shop, after=after))["data"]["_entities"][0]["orders"]
    assert [edge["node"]["id"] for edge in second["edges"]] == [ids[0]]
    assert second["pageInfo"]["hasNextPage"] is False
    assert second["pageInfo"]["hasPreviousPage"] is True


async def test_a_history_can_be_filtered(order_shop: OrderShop) -> None:
    await order_shop.order((1, 1), user="usr_1")
    await order_shop.refusal((2, 99), user="usr_1")
    answer = await history(order_shop, filter={"status": ["REJECTED"]})
    orders = answer["data"]["_entities"][0]["orders"]
    assert [edge["node"]["status"] for edge in orders["edges"]] == ["REJECTED"]
    assert orders["totalCount"] == 1
    answer = await history(order_shop, filter={"placedAfter": "2999-01-01T00:00:00Z"})
    assert answer["data"]["_entities"][0]["orders"]["edges"] == []


async def test_anothers_history_is_forbidden(order_shop: OrderShop) -> None:
    answer = await history(order_shop, user="usr_2")
    assert answer["data"]["_entities"] == [None]
    assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"


@pytest.mark.parametrize(
    "bad", [{"first": 0}, {"first": 101}, {"after": "x"}, {"after": "WzEsMl0"}, {"after": "é"}]
)
async def test_an_impossible_page_is_refused(order_shop: OrderShop, bad: JSON) -> None:
    answer = await history(order_shop, **bad)
    assert answer["errors"][0]["extensions"]["code"] == "INVALID_INPUT"
