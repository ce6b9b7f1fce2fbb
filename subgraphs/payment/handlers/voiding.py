"""Giving an authorisation back, also one that is still on its way: the wish is stored first."""

from __future__ import annotations

from dataclasses import replace

from subgraphs.chassis.database import Connection
from subgraphs.chassis.ids import new_id
from subgraphs.payment.domain import (
    IS_PENDING,
    ErrorCode,
    Operation,
    OperationKind,
    OperationStatus,
    Payment,
    PaymentProblem,
    PaymentStatus,
    check_void,
)
from subgraphs.payment.handlers.providing import carry_out, look_up
from subgraphs.payment.handlers.resources import (
    Resources,
    Result,
    check_same,
    checked_key,
    request_hash,
)
from subgraphs.payment.handlers.settlement import settle
from subgraphs.payment.provider.port import Done
from subgraphs.payment.store import payments as store


async def void(
    resources: Resources, key: str, *, payment_id: str | None = None, order_id: str | None = None
) -> Result:
    """Give the promise back, by either key of the payment. Raises PaymentProblem.

    Where the outcome of the authorisation is unknown the wish waits for it. An order without a
    payment gets a voided one, so that an authorisation on its way takes nothing.
    """
    checked_key(key)
    if bool(payment_id) == bool(order_id):
        raise PaymentProblem(ErrorCode.INVALID_INPUT, "Name the payment or the order.", "paymentId")
    async with resources.database.transaction() as connection:
        payment = await _payment(connection, payment_id, order_id)
        known = await store.operation_by_key(connection, key)
        wanted = request_hash("VOID", payment.id)
        if known is None:
            check_void(payment)
            known, payment = await _begin(connection, payment, key, wanted)
        check_same(known, wanted)
    if known.is_open and payment.status in IS_PENDING:
        for asked in await store.open_operations(
            resources.database, payment.id, OperationKind.AUTHORISE
        ):
            payment = (await look_up(resources, asked)).payment
    return await carry_out_wish(resources, Result(payment, known))


async def carry_out_wish(resources: Resources, result: Result) -> Result:
    """Void what was authorised although the buyer had gone; settle wishes that came to nothing.

    Answers for the operation it was given, with the payment as it is now.
    """
    payment = result.payment
    if not payment.is_cancelled or payment.status in IS_PENDING:
        return result
    answered = result.operation
    for wish in await store.open_operations(resources.database, payment.id, OperationKind.VOID):
        done = await _carry_out(resources, payment, wish)
        payment = done.payment
        if wish.id == answered.id:
            answered = done.operation
    return Result(payment, answered)


async def _carry_out(resources: Resources, payment: Payment, wish: Operation) -> Result:
    if payment.status is not PaymentStatus.AUTHORISED:
        # Nothing was promised after all, so there is nothing to give back.
        return await settle(resources, wish, Done(payment.psp_reference or ""))
    asking = resources.provider.void(wish.idempotency_key, payment.psp_reference or "")
    return await carry_out(resources, wish, asking)


async def _payment(connection: Connection, payment_id: str | None, order_id: str | None) -> Payment:
    payment = await store.locked(connection, payment_id=payment_id, order_id=order_id)
    if payment is None and order_id:
        await store.insert_voided(connection, new_id("pay"), order_id)
        payment = await store.locked(connection, order_id=order_id)
    if payment is None:
        raise PaymentProblem(ErrorCode.NOT_FOUND, "There is no such payment.", "paymentId")
    return payment


async def _begin(
    connection: Connection, payment: Payment, key: str, wanted: bytes
) -> tuple[Operation, Payment]:
    """Store the wish; what was never authorised has it granted at once."""
    promised = payment.status is PaymentStatus.AUTHORISED or payment.status in IS_PENDING
    operation = await store.add_operation(
        connection,
        (new_id("pop"), key, wanted),
        payment.id,
        OperationKind.VOID,
        payment.amount if promised else 0,
        OperationStatus.REQUESTED if promised else OperationStatus.SUCCEEDED,
    )
    cancelled = replace(payment, is_cancelled=True)
    await store.save(connection, cancelled)
    return operation, cancelled
