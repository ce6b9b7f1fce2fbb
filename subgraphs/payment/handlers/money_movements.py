"""Taking promised money, and giving taken money back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import asyncpg

from subgraphs.chassis.ids import new_id
from subgraphs.payment.domain import (
    ErrorCode,
    Operation,
    OperationKind,
    Payment,
    PaymentProblem,
    check_capture,
    check_refund,
)
from subgraphs.payment.handlers.providing import carry_out, look_up
from subgraphs.payment.handlers.resources import (
    Resources,
    Result,
    check_same,
    checked_amount,
    checked_key,
    request_hash,
)
from subgraphs.payment.provider.port import Outcome
from subgraphs.payment.store import payments as store

Check = Callable[[Payment, int, int], None]


@dataclass(frozen=True, slots=True)
class Movement:
    """So much of a payment, under a key. `currency` is None where the caller trusts ours."""

    payment_id: str
    amount: int
    key: str
    currency: str | None = None


async def capture(resources: Resources, movement: Movement) -> Result:
    """Take promised money, once for each key. Raises PaymentProblem."""
    kind, ask = OperationKind.CAPTURE, resources.provider.capture
    return await _move(resources, movement, kind, check_capture, ask)


async def refund(resources: Resources, movement: Movement) -> Result:
    """Give taken money back, once for each key. Raises PaymentProblem."""
    kind, ask = OperationKind.REFUND, resources.provider.refund
    return await _move(resources, movement, kind, check_refund, ask)


async def _move(
    resources: Resources,
    movement: Movement,
    kind: OperationKind,
    check: Check,
    ask: Callable[[str, str, int], Awaitable[Outcome]],
) -> Result:
    checked_key(movement.key)
    checked_amount(movement.amount)
    begun = await _begin(resources, movement, kind, check)
    if isinstance(begun, Result):
        return await look_up(resources, begun.operation) if begun.operation.is_open else begun
    payment, operation = begun
    asking = ask(movement.key, payment.psp_reference or "", movement.amount)
    return await carry_out(resources, operation, asking)


async def _begin(
    resources: Resources, movement: Movement, kind: OperationKind, check: Check
) -> Result | tuple[Payment, Operation]:
    """The stored operation of a new key, or what is known of the key."""
    wanted = request_hash(kind, movement.payment_id, movement.amount)
    try:
        async with resources.database.transaction() as connection:
            payment = await store.locked(connection, payment_id=movement.payment_id)
            if payment is None:
                raise PaymentProblem(ErrorCode.NOT_FOUND, "There is no such payment.", "paymentId")
            known = await store.operation_by_key(connection, movement.key)
            if known is not None:
                check_same(known, wanted)
                return Result(payment, known)
            _check_currency(payment, movement.currency)
            # What is being taken already counts, whether or not it succeeds in the end.
            pending = await store.pending_amount(connection, payment.id, kind)
            check(payment, movement.amount, pending)
            operation = await store.add_operation(
                connection,
                (new_id("pop"), movement.key, wanted),
                payment.id,
                kind,
                movement.amount,
            )
    except asyncpg.UniqueViolationError:
        raise PaymentProblem(
            ErrorCode.IDEMPOTENCY_MISMATCH,
            "This key was used for another payment.",
            "idempotencyKey",
        ) from None
    return payment, operation


def _check_currency(payment: Payment, currency: str | None) -> None:
    if currency is not None and currency != payment.currency:
        raise PaymentProblem(
            ErrorCode.INVALID_INPUT, f"The payment is in {payment.currency}.", "currency"
        )
