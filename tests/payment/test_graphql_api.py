"""Payments for clients: one's own, the provider's answers for staff, and stored methods."""

from __future__ import annotations

from typing import Any

import pytest

from subgraphs.chassis.database import Database
from subgraphs.payment.handlers.authorisation import Wish, authorise
from subgraphs.payment.handlers.money_movements import Movement, capture
from subgraphs.payment.handlers.resources import Resources
from tests.graphql_client import GraphqlClient
from tests.identity import Issuer
from tests.statements import statements

ORDERS = """
query($r: [_Any!]!) { _entities(representations: $r) { ... on Order {
  id payment { status authorised { amount } captured { amount } } balanceDue { amount currency }
} } }
"""
METHODS = """
query($r: [_Any!]!) { _entities(representations: $r) { ... on User { paymentMethods {
  __typename id label ... on CardMethod { brand last4 expYear } ... on WalletMethod { provider }
} } } }
"""
BY_INTERFACE = """
query($r: [_Any!]!) { _entities(representations: $r) {
  __typename ... on PaymentMethod { label } ... on CardMethod { last4 }
} }
"""
CAPTURE = """
mutation($input: AmountOperationInput!) { capturePayment(input: $input) {
  payment { status captured { amount } } userErrors { code } } }
"""


def order(key: str, minor: int = 1000) -> dict[str, Any]:
    total = {"amountMinor": minor, "currency": "USD"}
    return {"__typename": "Order", "id": key, "total": total}


@pytest.fixture
async def payment(resources: Resources) -> str:
    """usr_1's payment of 10.00 USD for ord_1, of which 4.00 were captured."""
    wish = Wish("ord_1", 1000, "USD", "ord_1:auth:1", "tok_sandbox_ok", None, "usr_1")
    made = (await authorise(resources, wish)).payment.id
    await capture(resources, Movement(made, 400, "ord_1:cap:1"))
    return made


@pytest.fixture
async def stored(database: Database) -> None:
    """A card and a wallet of usr_1."""
    await database.execute(
        """
        insert into payment_methods
          (id, user_id, kind, provider_token, label, brand, last4, exp_month, exp_year, wallet,
           created_at)
        values
          ('pmt_1', 'usr_1', 'CARD', 'tok_sandbox_ok', 'My card', 'Visa', '4242', 12, 2030, null,
           now() - interval '1 h'),
          ('pmt_2', 'usr_1', 'WALLET', 'tok_sandbox_ok', 'My wallet', null, null, null, null,
           'PayPal', now())
        """
    )


async def test_an_order_shows_its_payment_and_what_is_still_due(
    client: GraphqlClient, payment: str, issuer: Issuer, database: Database
) -> None:
    owner = issuer.headers("usr_1", "order:read_own")
    asked = [order("ord_1"), order("ord_unpaid", 70)]
    async with statements(database) as sent:
        data = await client.data(ORDERS, {"r": asked}, headers=owner)
    assert data["_entities"] == [
        {
            "id": "ord_1",
            "payment": {
                "status": "PARTIALLY_CAPTURED",
                "authorised": {"amount": "10.00"},
                "captured": {"amount": "4.00"},
            },
            "balanceDue": {"amount": "6.00", "currency": "USD"},
        },
        {"id": "ord_unpaid", "payment": None, "balanceDue": {"amount": "0.70", "currency": "USD"}},
    ]
    assert len(sent) == 1


@pytest.mark.parametrize(
    ("user", "scopes", "code"),
    [
        (None, "", "UNAUTHENTICATED"),
        ("usr_1", "profile:read", "FORBIDDEN"),
        ("usr_2", "order:read_own", "FORBIDDEN"),
    ],
)
async def test_a_payment_is_for_its_owner_and_for_staff(
    client: GraphqlClient,
    payment: str,
    issuer: Issuer,
    user: str | None,
    scopes: str,
    code: str,
) -> None:
    headers = issuer.headers(user, scopes) if user else None
    answer = await client.ask(ORDERS, {"r": [order("ord_1")]}, headers=headers)
    assert {error["extensions"]["code"] for error in answer["errors"]} == {code}
    assert "4.00" not in str(answer)
    staff = issuer.headers("usr_9", "payment:read")
    seen = await client.data(ORDERS, {"r": [order("ord_1")]}, headers=staff)
    assert seen["_entities"][0]["balanceDue"]["amount"] == "6.00"


async def test_a_payment_entity_is_refused_to_others_one_by_one(
    client: GraphqlClient, payment: str, issuer: Issuer
) -> None:
    query = "query($r: [_Any!]!) { _entities(representations: $r) { ... on Payment { status } } }"
    asked = [{"__typename": "Payment", "id": key} for key in (payment, "pay_none")]
    answer = await client.ask(query, {"r": asked}, headers=issuer.headers("usr_2", "x"))
    assert answer["data"]["_entities"] == [None, None]
    assert [error["path"] for error in answer["errors"]] == [["_entities", 0]]


async def test_staff_see_what_the_provider_was_asked(
    client: GraphqlClient, payment: str, issuer: Issuer
) -> None:
    query = """query($id: ID!) { payment(id: $id) { pspReference operations {
      kind status amount { amount } idempotencyKey declineCode } } }"""
    staff = issuer.headers("usr_9", "payment:read")
    data = await client.data(query, {"id": payment}, headers=staff)
    assert data["payment"]["pspReference"].startswith("psp_")
    assert [
        (item["kind"], item["status"], item["amount"]["amount"], item["idempotencyKey"])
        for item in data["payment"]["operations"]
    ] == [
        ("AUTHORISE", "SUCCEEDED", "10.00", "ord_1:auth:1"),
        ("CAPTURE", "SUCCEEDED", "4.00", "ord_1:cap:1"),
    ]
    assert (await client.data(query, {"id": "x"}, headers=staff)) == {"payment": None}


async def test_money_is_moved_by_those_who_may(
    client: GraphqlClient, payment: str, issuer: Issuer
) -> None:
    wish = {"paymentId": payment, "amountMinor": 600, "idempotencyKey": "k1"}
    customer = issuer.headers("usr_1", "payment:own")
    refused = await client.ask(CAPTURE, {"input": wish}, headers=customer)
    assert refused["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    finance = issuer.headers("usr_9", "payment:capture payment:refund")
    for _ in range(2):
        data = await client.data(CAPTURE, {"input": wish}, headers=finance)
        assert data["capturePayment"] == {
            "payment": {"status": "CAPTURED", "captured": {"amount": "10.00"}},
            "userErrors": [],
        }
    refund = CAPTURE.replace("capturePayment", "refundPayment")
    for key, amount, codes in (("k2", 1001, ["AMOUNT_EXCEEDS_CAPTURED"]), ("k3", 1000, [])):
        wish = {"paymentId": payment, "amountMinor": amount, "idempotencyKey": key}
        data = await client.data(refund, {"input": wish}, headers=finance)
        assert [error["code"] for error in data["refundPayment"]["userErrors"]] == codes
    void = """mutation($id: ID!) { voidPayment(paymentId: $id, idempotencyKey: "v") {
      userErrors { code } } }"""
    data = await client.data(void, {"id": payment}, headers=finance)
    assert data["voidPayment"]["userErrors"] == [{"code": "WRONG_PAYMENT_STATE"}]


async def test_one_s_own_methods_are_listed_by_kind(
    client: GraphqlClient, stored: None, issuer: Issuer
) -> None:
    asked = {"r": [{"__typename": "User", "id": "usr_1"}]}
    owner = issuer.headers("usr_1", "payment:own")
    data = await client.data(METHODS, asked, headers=owner)
    assert data["_entities"][0]["paymentMethods"] == [
        {
            "__typename": "CardMethod",
            "id": "pmt_1",
            "label": "My card",
            "brand": "Visa",
            "last4": "4242",
            "expYear": 2030,
        },
        {
            "__typename": "WalletMethod",
            "id": "pmt_2",
            "label": "My wallet",
            "provider": "PayPal",
        },
    ]
    other = issuer.headers("usr_2", "payment:own")
    answer = await client.ask(METHODS, asked, headers=other)
    assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"


async def test_a_method_is_found_by_the_key_of_the_interface_and_of_its_kind(
    client: GraphqlClient, stored: None, issuer: Issuer
) -> None:
    asked = [
        {"__typename": "PaymentMethod", "id": "pmt_1"},
        {"__typename": "PaymentMethod", "id": "pmt_2"},
        {"__typename": "CardMethod", "id": "pmt_1"},
        {"__typename": "CardMethod", "id": "pmt_2"},
        {"__typename": "PaymentMethod", "id": "pmt_none"},
    ]
    owner = issuer.headers("usr_1", "payment:own")
    data = await client.data(BY_INTERFACE, {"r": asked}, headers=owner)
    card = {"__typename": "CardMethod", "label": "My card", "last4": "4242"}
    wallet = {"__typename": "WalletMethod", "label": "My wallet"}
    assert data["_entities"] == [card, wallet, card, None, None]
    other = await client.ask(BY_INTERFACE, {"r": asked[:1]}, headers=issuer.headers("usr_2", "x"))
    assert other["data"]["_entities"] == [None]
    assert other["errors"][0]["extensions"]["code"] == "FORBIDDEN"
