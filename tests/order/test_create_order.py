"""createOrder: what is ordered, refused, repeated, and left behind."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest

from tests.graphql_client import JSON
from tests.order.conftest import OrderShop
from tests.order.fakes import prd, var


async def test_an_order_is_confirmed_with_stock_and_payment_held(order_shop: OrderShop) -> None:
    order = await order_shop.order((1, 2), (3, 1))
    assert order["status"] == "CONFIRMED"
    assert order["totalAmount"] == "50.00"
    assert order["items"] == [
        {"productId": prd(1), "quantity": 2, "price": "10.00"},
        {"productId": prd(3), "quantity": 1, "price": "30.00"},
    ]
    shop = order_shop.shop
    assert shop.inventory.states() == ["COMMITTED"]
    assert (shop.inventory.stock[var(1)], shop.inventory.stock[var(3)]) == (8, 9)
    assert shop.payments.amounts == {order["id"]: (5000, "EUR")}
    assert await order_shop.database.fetchval("select data from sagas") == "{}"


async def test_an_order_is_told_to_the_other_services(order_shop: OrderShop) -> None:
    order = await order_shop.order((1, 2))
    rows = await order_shop.database.fetch("select * from outbox order by position")
    assert [(row["type"], row["aggregate_seq"]) for row in rows] == [
        ("order.created", 1),
        ("order.confirmed", 2),
    ]
    assert {row["aggregate_id"] for row in rows} == {order["id"]}


async def test_amounts_have_the_decimals_of_their_currency(order_shop: OrderShop) -> None:
    assert (await order_shop.order((1, 3), currency="JPY"))["totalAmount"] == "3000"
    assert (await order_shop.order((1, 3), currency="BHD"))["totalAmount"] == "3.000"


async def test_lines_of_the_same_product_are_summed(order_shop: OrderShop) -> None:
    order = await order_shop.order((1, 2), (2, 1), (1, 3))
    assert [(item["productId"], item["quantity"]) for item in order["items"]] == [
        (prd(1), 5),
        (prd(2), 1),
    ]
    assert order["totalAmount"] == "70.00"


async def test_a_product_named_with_and_without_its_variant_is_one_line(
    order_shop: OrderShop,
) -> None:
    items = [
        {"productId": prd(1), "quantity": 1},
        {"productId": prd(1), "variantId": var(1), "quantity": 2},
    ]
    order = await order_shop.order(items=items)
    assert [item["quantity"] for item in order["items"]] == [3]


@pytest.mark.parametrize(
    ("change", "code", "named"),
    [
        ({"items": []}, "INVALID_INPUT", "at least one item"),
        ({"items": [{"productId": prd(1), "quantity": 0}]}, "INVALID_INPUT", "items.0.quantity"),
        ({"items": [{"productId": prd(1), "quantity": -1}]}, "INVALID_INPUT", "-1"),
        ({"items": [{"productId": prd(1), "quantity": 10**9}]}, "INVALID_INPUT", "1..999"),
        ({"items": [{"productId": prd(1), "quantity": 600}] * 2}, "INVALID_INPUT", "1200"),
        ({"items": [{"productId": prd(1), "quantity": 1}] * 101}, "INVALID_INPUT", "100"),
        ({"items": [{"productId": "1", "quantity": 1}]}, "INVALID_INPUT", "items.0.productId"),
        ({"items": [{"productId": prd(99), "quantity": 1}]}, "NOT_FOUND", prd(99)),
        ({"items": [{"productId": prd(7), "quantity": 1}]}, "VARIANT_REQUIRED", prd(7)),
        ({"contactEmail": None}, "INVALID_INPUT", "contactEmail"),
        ({"contactEmail": "nobody"}, "INVALID_INPUT", "contactEmail"),
        ({"paymentToken": None}, "PAYMENT_METHOD_REQUIRED", "paymentToken"),
        ({"paymentMethodId": "pmt_1"}, "INVALID_INPUT", "not both"),
        ({"paymentToken": None, "paymentMethodId": "pmt_1"}, "INVALID_INPUT", "guests"),
        ({"currency": "euro"}, "INVALID_INPUT", "input.currency"),
        ({"idempotencyKey": ""}, "INVALID_INPUT", "idempotencyKey"),
    ],
)
async def test_a_request_that_makes_no_sense_is_named_and_leaves_nothing(
    order_shop: OrderShop, change: JSON, code: str, named: str
) -> None:
    refused = await order_shop.refusal((1, 1), **change)
    assert refused["code"] == code
    assert named in refused["message"]
    for table in ("orders", "sagas", "outbox", "idempotency"):
        assert await order_shop.count(table) == 0
    assert order_shop.shop.inventory.calls == []


async def test_an_address_without_a_street_is_refused(order_shop: OrderShop) -> None:
    address = {"name": "A", "line1": " ", "city": "B", "postalCode": "1", "country": "NO"}
    refused = await order_shop.refusal((1, 1), shippingAddress=address)
    assert (refused["code"], refused["field"]) == ("INVALID_INPUT", "input.shippingAddress.line1")


async def test_missing_stock_is_told_per_variant_and_moves_no_money(order_shop: OrderShop) -> None:
    refused = await order_shop.refusal((1, 11), (2, 1))
    assert refused["code"] == "OUT_OF_STOCK"
    assert refused["shortages"] == [{"variantId": var(1), "requested": 11, "available": 10}]
    assert order_shop.shop.payments.promises == {}
    assert order_shop.shop.inventory.stock[var(2)] == 10
    assert await order_shop.status() == "REJECTED"


async def test_a_declined_payment_gives_the_stock_back(order_shop: OrderShop) -> None:
    refused = await order_shop.refusal((1, 2), paymentToken="tok_declined")
    assert refused["code"] == "PAYMENT_DECLINED"
    assert refused["declineCode"] == "insufficient_funds"
    assert order_shop.shop.inventory.states() == ["RELEASED"]
    assert order_shop.shop.inventory.stock[var(1)] == 10
    assert await order_shop.status() == "REJECTED"
    types = [row["type"] for row in await order_shop.database.fetch("select type from outbox")]
    assert types == ["order.created", "order.rejected"]


async def test_buyers_of_the_last_unit_get_it_once(order_shop: OrderShop) -> None:
    order_shop.shop.inventory.stock[var(1)] = 1
    answers = await asyncio.gather(*(order_shop.create((1, 1)) for _ in range(8)))
    statuses = [
        answer["data"]["createOrder"]["status"]
        if answer["data"]["createOrder"]
        else answer["errors"][0]["extensions"]["code"]
        for answer in answers
    ]
    assert sorted(statuses) == ["CONFIRMED"] + ["OUT_OF_STOCK"] * 7
    assert len(order_shop.shop.payments.open_promises()) == 1


async def test_the_same_key_answers_with_the_same_order(order_shop: OrderShop) -> None:
    first = await order_shop.order((1, 2), (2, 1), idempotencyKey="k1")
    again = await order_shop.order((2, 1), (1, 2), idempotencyKey="k1")
    assert again["id"] == first["id"]
    assert first["guestAccessToken"]
    assert again["guestAccessToken"] is None
    assert await order_shop.count("orders") == 1
    assert order_shop.shop.payments.charges == 1


async def test_the_same_key_at_the_same_time_is_one_order(order_shop: OrderShop) -> None:
    orders = await asyncio.gather(
        *(order_shop.order((1, 1), idempotencyKey="k1") for _ in range(4))
    )
    assert len({order["id"] for order in orders}) == 1
    assert {order["status"] for order in orders} == {"CONFIRMED"}
    assert await order_shop.count("orders") == 1
    assert order_shop.shop.payments.charges == 1


async def test_the_same_key_with_another_order_is_refused(order_shop: OrderShop) -> None:
    await order_shop.order((1, 2), idempotencyKey="k1")
    refused = await order_shop.refusal((1, 3), idempotencyKey="k1")
    assert refused["code"] == "IDEMPOTENCY_MISMATCH"
    assert await order_shop.count("orders") == 1


async def test_a_rejected_order_is_rejected_again_under_its_key(order_shop: OrderShop) -> None:
    first = await order_shop.refusal((1, 11), idempotencyKey="k1")
    order_shop.shop.inventory.stock[var(1)] = 50
    again = await order_shop.refusal((1, 11), idempotencyKey="k1")
    assert again["code"] == first["code"] == "OUT_OF_STOCK"
    assert again["orderId"] == first["orderId"]


async def test_keys_of_different_buyers_do_not_meet(order_shop: OrderShop) -> None:
    orders = [
        await order_shop.order((1, 1), idempotencyKey="k1"),
        await order_shop.order((1, 1), idempotencyKey="k1", contactEmail="other@example.org"),
        await order_shop.order((1, 1), idempotencyKey="k1", user="usr_1"),
        await order_shop.order((1, 1), idempotencyKey="k1", user="usr_2"),
    ]
    assert len({order["id"] for order in orders}) == 4


async def test_a_customer_need_not_say_their_address(order_shop: OrderShop) -> None:
    order = await order_shop.order((1, 1), user="usr_1")
    assert order["guestAccessToken"] is None
    query = "query($id: ID!) { order(id: $id) { contactEmail customer { id } failure { code } } }"
    headers = order_shop.issuer.headers("usr_1", "order:read_own")
    seen = await order_shop.client.data(query, {"id": order["id"]}, headers)
    assert seen["order"] == {
        "contactEmail": "usr_1@example.org",
        "customer": {"id": "usr_1"},
        "failure": None,
    }


async def test_a_stored_payment_method_is_asked_of_payment_for_its_owner(
    order_shop: OrderShop,
) -> None:
    method = "pmt_" + "1" * 32
    await order_shop.order((1, 1), user="usr_1", paymentToken=None, paymentMethodId=method)
    assert order_shop.shop.payments.asked == [(None, method, "usr_1")]


async def test_a_slow_checkout_answers_with_the_status_reached_and_goes_on(
    order_shop: OrderShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("subgraphs.order.handlers.placing.PATIENCE_SECONDS", 0.05)
    order_shop.shop.payments.on_authorise = asyncio.Event()
    order = await order_shop.order((1, 1))
    assert order["status"] == "AWAITING_PAYMENT"
    order_shop.shop.payments.on_authorise.set()
    await order_shop.sagas.drain(2.0)
    assert await order_shop.status() == "CONFIRMED"


async def test_the_sum_of_an_order_is_kept_by_the_database(order_shop: OrderShop) -> None:
    await order_shop.order((1, 1))
    with pytest.raises(asyncpg.CheckViolationError, match="total_is_the_sum"):
        await order_shop.database.execute("update orders set total = total + 1")
