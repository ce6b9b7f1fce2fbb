"""Payments for peers: protobuf ↔ handlers. Problems become refusals with the same code."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any, TypeVar

from google.protobuf.timestamp_pb2 import Timestamp

from proto.common.v1 import common_pb2
from proto.payment.v1 import payment_pb2, payment_pb2_grpc
from subgraphs.chassis.grpc_gate import GrpcService
from subgraphs.chassis.refusal import Refusal
from subgraphs.payment.domain import (
    ErrorCode,
    OperationKind,
    OperationStatus,
    Payment,
    PaymentProblem,
    PaymentStatus,
)
from subgraphs.payment.handlers import money_movements
from subgraphs.payment.handlers.authorisation import Wish, authorise, result_by_key
from subgraphs.payment.handlers.money_movements import Movement
from subgraphs.payment.handlers.resources import Resources, Result
from subgraphs.payment.handlers.voiding import void
from subgraphs.payment.store.payments import payments

Answer = TypeVar("Answer")

# Protobuf keeps the values of all enums of a file in one namespace.
_RENAMED = {
    PaymentStatus.EXPIRED: payment_pb2.PAYMENT_EXPIRED,
    PaymentStatus.UNKNOWN: payment_pb2.PAYMENT_UNKNOWN,
}
_PAYMENT_STATUS = {
    status: _RENAMED[status] if status in _RENAMED else payment_pb2.PaymentStatus.Value(status)
    for status in PaymentStatus
}
_KIND = {kind: payment_pb2.OperationKind.Value(kind) for kind in OperationKind}
_STATUS = {status: payment_pb2.OperationStatus.Value(status) for status in OperationStatus}


class PaymentServicer(payment_pb2_grpc.PaymentServiceServicer):
    """payment.v1.PaymentService."""

    def __init__(self, resources: Resources) -> None:
        self._resources = resources

    async def Authorise(  # noqa: N802 - named by the contract
        self, request: payment_pb2.AuthoriseRequest, context: Any
    ) -> payment_pb2.OperationResult:
        """The promise to pay for an order."""
        del context
        wish = Wish(
            order_id=request.order_id,
            amount=request.amount.minor_units,
            currency=request.amount.currency,
            key=request.idempotency_key,
            token=request.payment_token or None,
            method_id=request.payment_method_id or None,
            customer_id=request.customer_id or None,
        )
        return _message(await _answer(authorise(self._resources, wish)))

    async def Capture(  # noqa: N802 - named by the contract
        self, request: payment_pb2.CaptureRequest, context: Any
    ) -> payment_pb2.OperationResult:
        """Take promised money."""
        del context
        work = money_movements.capture(self._resources, _movement(request))
        return _message(await _answer(work))

    async def Void(  # noqa: N802 - named by the contract
        self, request: payment_pb2.VoidRequest, context: Any
    ) -> payment_pb2.OperationResult:
        """Give the promise back."""
        del context
        work = void(
            self._resources,
            request.idempotency_key,
            payment_id=request.payment_id or None,
            order_id=request.order_id or None,
        )
        return _message(await _answer(work))

    async def Refund(  # noqa: N802 - named by the contract
        self, request: payment_pb2.RefundRequest, context: Any
    ) -> payment_pb2.OperationResult:
        """Give taken money back."""
        del context
        work = money_movements.refund(self._resources, _movement(request))
        return _message(await _answer(work))

    async def GetPayment(  # noqa: N802 - named by the contract
        self, request: payment_pb2.GetPaymentRequest, context: Any
    ) -> payment_pb2.Payment:
        """One payment by either key."""
        del context
        found = await payments(
            self._resources.database,
            ids=[request.id] if request.id else [],
            order_ids=[request.order_id] if request.order_id else [],
        )
        if not found:
            raise Refusal("NOT_FOUND", "There is no such payment.")
        return _payment(found[0])

    async def GetPaymentByKey(  # noqa: N802 - named by the contract
        self, request: payment_pb2.GetPaymentByKeyRequest, context: Any
    ) -> payment_pb2.OperationResult:
        """What became of an operation."""
        del context
        return _message(await _answer(result_by_key(self._resources, request.idempotency_key)))


def services(resources: Resources) -> tuple[GrpcService, ...]:
    """What payment offers its peers: only order may."""
    return (
        GrpcService(
            "payment.v1.PaymentService",
            payment_pb2_grpc.add_PaymentServiceServicer_to_server,
            PaymentServicer(resources),
            default_callers=frozenset({"order"}),
        ),
    )


async def _answer(work: Awaitable[Answer]) -> Answer:
    try:
        return await work
    except PaymentProblem as problem:
        raise Refusal(problem.code, problem.message) from None


def _movement(request: payment_pb2.CaptureRequest | payment_pb2.RefundRequest) -> Movement:
    amount = request.amount
    if not amount.currency:
        raise Refusal(ErrorCode.INVALID_INPUT, "amount: a currency is needed.")
    return Movement(
        request.payment_id, amount.minor_units, request.idempotency_key, amount.currency
    )


def _message(result: Result) -> payment_pb2.OperationResult:
    operation = result.operation
    requested = Timestamp()
    requested.FromDatetime(operation.requested_at)
    return payment_pb2.OperationResult(
        payment=_payment(result.payment),
        operation=payment_pb2.Operation(
            id=operation.id,
            kind=_KIND[operation.kind],
            status=_STATUS[operation.status],
            amount=_money(operation.amount, result.payment),
            idempotency_key=operation.idempotency_key,
            decline_code=operation.decline_code or "",
            requested_at=requested,
        ),
    )


def _payment(payment: Payment) -> payment_pb2.Payment:
    return payment_pb2.Payment(
        id=payment.id,
        order_id=payment.order_id,
        status=_PAYMENT_STATUS[payment.status],
        amount=_money(payment.amount, payment),
        authorised=_money(payment.authorised, payment),
        captured=_money(payment.captured, payment),
        refunded=_money(payment.refunded, payment),
        version=payment.version,
    )


def _money(minor: int, payment: Payment) -> common_pb2.Money:
    return common_pb2.Money(minor_units=minor, currency=payment.currency)
