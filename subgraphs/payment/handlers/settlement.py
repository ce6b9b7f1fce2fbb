"""What came of an operation, written once: its status, the payment's figures, the event."""

from __future__ import annotations

from subgraphs.chassis.database import Connection
from subgraphs.chassis.outbox import Event
from subgraphs.payment.domain import (
    Operation,
    OperationKind,
    OperationStatus,
    Payment,
    failed,
    succeeded,
    unknown,
)
from subgraphs.payment.events import event_payload, event_type
from subgraphs.payment.handlers.resources import Resources, Result
from subgraphs.payment.provider.port import Done, Outcome
from subgraphs.payment.store import payments as store


async def settle(resources: Resources, operation: Operation, outcome: Outcome | None) -> Result:
    """Note the outcome (None: nobody knows it) unless it was known before; how things stand now."""
    async with resources.database.transaction() as connection:
        payment = await store.locked(connection, payment_id=operation.payment_id)
        if payment is None:
            raise LookupError(f"{operation.id} has no payment {operation.payment_id}")
        settled = await _note(connection, operation, outcome)
        if settled is None:
            known = await store.operation_by_key(connection, operation.idempotency_key)
            return Result(payment, known or operation)
        changed = _changed(payment, settled, outcome)
        if changed != payment:
            await store.save(connection, changed)
        kind = event_type(settled)
        if kind is not None:
            event = Event(kind, payment.id, event_payload(changed, settled))
            await resources.outbox.append(connection, event)
    return Result(changed, settled)


async def _note(
    connection: Connection, operation: Operation, outcome: Outcome | None
) -> Operation | None:
    if outcome is None:
        return await store.settle(connection, operation.id, OperationStatus.UNKNOWN)
    if isinstance(outcome, Done):
        return await store.settle(
            connection, operation.id, OperationStatus.SUCCEEDED, outcome.reference
        )
    return await store.settle(
        connection, operation.id, OperationStatus.FAILED, decline_code=outcome.code
    )


def _changed(payment: Payment, operation: Operation, outcome: Outcome | None) -> Payment:
    kind: OperationKind = operation.kind
    if outcome is None:
        return unknown(payment, kind)
    if isinstance(outcome, Done):
        return succeeded(payment, kind, operation.amount, outcome.reference)
    return failed(payment, kind)
