"""Facts about payments that other services may hear."""

from __future__ import annotations

from subgraphs.payment.domain import Operation, OperationKind, OperationStatus, Payment

_TYPES = {
    (OperationKind.AUTHORISE, OperationStatus.SUCCEEDED): "payment.authorised",
    (OperationKind.AUTHORISE, OperationStatus.FAILED): "payment.declined",
    (OperationKind.CAPTURE, OperationStatus.SUCCEEDED): "payment.captured",
    (OperationKind.VOID, OperationStatus.SUCCEEDED): "payment.voided",
    (OperationKind.REFUND, OperationStatus.SUCCEEDED): "payment.refunded",
}


def event_type(operation: Operation) -> str | None:
    """What a settled operation is called, where others may care."""
    return _TYPES.get((operation.kind, operation.status))


def event_payload(payment: Payment, operation: Operation) -> dict[str, object]:
    """What is told about a settled operation. Amounts are minor units."""
    return {
        "order_id": payment.order_id,
        "operation_id": operation.id,
        "amount_minor": operation.amount,
        "currency": payment.currency,
        "decline_code": operation.decline_code,
    }
