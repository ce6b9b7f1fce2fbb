"""Payments for peers: the life of a payment over the wire."""

from __future__ import annotations

import pytest

from proto.common.v1 import common_pb2
from proto.payment.v1 import payment_pb2 as messages
from proto.payment.v1 import payment_pb2_grpc
from subgraphs.chassis.grpc_peer import Peer
from subgraphs.chassis.refusal import Refusal
from tests.payment.books import Books


def money(minor: int) -> common_pb2.Money:
    return common_pb2.Money(minor_units=minor, currency="USD")


def wish(order_id: str, token: str) -> messages.AuthoriseRequest:
    return messages.AuthoriseRequest(
        order_id=order_id,
        amount=money(1000),
        idempotency_key=f"{order_id}:auth:1",
        payment_token=token,
    )


@pytest.fixture
def stub(peer: Peer) -> payment_pb2_grpc.PaymentServiceStub:
    return payment_pb2_grpc.PaymentServiceStub(peer.channel)


async def test_a_payment_lives_from_promise_to_refund(
    peer: Peer, stub: payment_pb2_grpc.PaymentServiceStub, books: Books
) -> None:
    made = await peer.call(stub.Authorise, wish("ord_1", "tok_sandbox_ok"))
    assert made.operation.status == messages.SUCCEEDED
    assert made.payment.authorised == money(1000)
    payment = made.payment.id
    taken = messages.CaptureRequest(payment_id=payment, amount=money(700), idempotency_key="c")
    answer = await peer.call(stub.Capture, taken)
    assert answer.payment.status == messages.PARTIALLY_CAPTURED
    back = messages.RefundRequest(payment_id=payment, amount=money(700), idempotency_key="r")
    assert (await peer.call(stub.Refund, back)).payment.status == messages.REFUNDED
    found = await peer.call(stub.GetPayment, messages.GetPaymentRequest(order_id="ord_1"))
    assert (found.id, found.captured, found.refunded) == (payment, money(700), money(700))


async def test_declines_and_ignorance_are_answers(
    peer: Peer, stub: payment_pb2_grpc.PaymentServiceStub, books: Books
) -> None:
    declined = await peer.call(stub.Authorise, wish("ord_1", "tok_sandbox_declined"))
    assert declined.operation.status == messages.FAILED
    assert declined.operation.decline_code == "card_declined"
    unknown = await peer.call(stub.Authorise, wish("ord_2", "tok_sandbox_timeout_after_charge"))
    assert unknown.operation.status == messages.UNKNOWN
    assert unknown.payment.status == messages.PAYMENT_UNKNOWN
    asked = messages.GetPaymentByKeyRequest(idempotency_key="ord_2:auth:1")
    assert (await peer.call(stub.GetPaymentByKey, asked)).operation.status == messages.SUCCEEDED
    void = messages.VoidRequest(order_id="ord_2", idempotency_key="ord_2:void:1")
    assert (await peer.call(stub.Void, void)).payment.status == messages.VOIDED


async def test_refusals_arrive_with_their_code(
    peer: Peer, stub: payment_pb2_grpc.PaymentServiceStub, books: Books
) -> None:
    await peer.call(stub.Authorise, wish("ord_1", "tok_sandbox_ok"))
    other = wish("ord_1", "tok_sandbox_ok")
    other.amount.minor_units = 999
    calls = (
        (stub.Authorise, other, "IDEMPOTENCY_MISMATCH"),
        (stub.GetPayment, messages.GetPaymentRequest(id="pay_x"), "NOT_FOUND"),
        (stub.GetPaymentByKey, messages.GetPaymentByKeyRequest(idempotency_key="x"), "NOT_FOUND"),
        (stub.Capture, messages.CaptureRequest(payment_id="pay_x"), "INVALID_INPUT"),
        (stub.Void, messages.VoidRequest(idempotency_key="v"), "INVALID_INPUT"),
    )
    for method, request, code in calls:
        with pytest.raises(Refusal) as refused:
            await peer.call(method, request)
        assert refused.value.code == code
