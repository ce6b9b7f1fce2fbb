"""Asking the provider for the promise to pay for an order."""

from __future__ import annotations

from dataclasses import dataclass, replace

import asyncpg

from subgraphs.chassis.ids import new_id
from subgraphs.chassis.money import checked_currency
from subgraphs.payment.domain import (
    ErrorCode,
    Operation,
    OperationKind,
    Payment,
    PaymentProblem,
    PaymentStatus,
    check_authorise,
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
from subgraphs.payment.handlers.voiding import carry_out_wish
from subgraphs.payment.store import methods
from subgraphs.payment.store import payments as store


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be authorised: minor units of a currency, from a token or a stored method."""

    order_id: str
    amount: int
    currency: str
    key: str
    token: str | None
    method_id: str | None
    customer_id: str | None

    @property
    def hash(self) -> bytes:
        """What must be the same when the key comes again."""
        return request_hash(
            "AUTHORISE",
            self.order_id,
            self.amount,
            self.currency,
            self.token or "",
            self.method_id or "",
        )


async def authorise(resources: Resources, wish: Wish) -> Result:
    """Authorise once for each key, whatever happens in between. Raises PaymentProblem."""
    checked_key(wish.key)
    checked_amount(wish.amount)
    checked_currency(wish.currency)
    if not wish.order_id:
        raise PaymentProblem(ErrorCode.INVALID_INPUT, "An order is needed.", "orderId")
    token = await _token(resources, wish)
    begun = await _begin_first(resources, wish) or await _begin_again(resources, wish)
    if isinstance(begun, Result):
        return await _answer_again(resources, begun)
    asking = resources.provider.authorise(wish.key, token, wish.amount, wish.currency)
    return await carry_out_wish(resources, await carry_out(resources, begun, asking))


async def result_by_key(resources: Resources, key: str) -> Result:
    """What became of an operation; the provider is asked where nobody knows yet.

    Raises PaymentProblem NOT_FOUND when nothing was ever stored under the key.
    """
    operation = await store.operation_by_key(resources.database, key)
    if operation is None:
        raise PaymentProblem(ErrorCode.NOT_FOUND, "Nothing was asked for under this key.")
    return await _answer_again(resources, await _result(resources, operation))


async def _answer_again(resources: Resources, known: Result) -> Result:
    if known.operation.is_open and known.operation.kind is not OperationKind.VOID:
        known = await look_up(resources, known.operation)
    return await carry_out_wish(resources, known)


async def _begin_first(resources: Resources, wish: Wish) -> Operation | None:
    """The stored operation of an order's first authorisation; None when it is not the first."""
    payment = Payment(
        id=new_id("pay"),
        order_id=wish.order_id,
        customer_id=wish.customer_id,
        currency=wish.currency,
        amount=wish.amount,
        authorised=0,
        captured=0,
        refunded=0,
        status=PaymentStatus.AUTHORISING,
        psp_reference=None,
        is_cancelled=False,
        version=1,
    )
    operation = (new_id("pop"), wish.key, wish.hash)
    try:
        begun = await store.begin_authorisation(resources.database, payment, operation)
    except asyncpg.UniqueViolationError:
        return None
    return begun[1] if begun else None


async def _begin_again(resources: Resources, wish: Wish) -> Operation | Result:
    """The operation known under the key, or another attempt after a decline."""
    known = await store.operation_by_key(resources.database, wish.key)
    if known is None:
        try:
            return await _begin_another(resources, wish)
        except asyncpg.UniqueViolationError:
            known = await store.operation_by_key(resources.database, wish.key)
            if known is None:
                raise
    check_same(known, wish.hash)
    return await _result(resources, known)


async def _begin_another(resources: Resources, wish: Wish) -> Operation:
    async with resources.database.transaction() as connection:
        payment = await store.locked(connection, order_id=wish.order_id)
        if payment is None:
            raise LookupError(f"{wish.order_id} has a payment that is not there")
        # The key may have been stored while we waited for the row.
        if await store.operation_by_key(connection, wish.key) is None:
            check_authorise(payment)
        changed = replace(
            payment,
            status=PaymentStatus.AUTHORISING,
            amount=wish.amount,
            currency=wish.currency,
        )
        operation = await store.add_operation(
            connection,
            (new_id("pop"), wish.key, wish.hash),
            payment.id,
            OperationKind.AUTHORISE,
            wish.amount,
        )
        await store.save(connection, changed)
    return operation


async def _result(resources: Resources, operation: Operation) -> Result:
    found = await store.payments(resources.database, ids=[operation.payment_id])
    return Result(found[0], operation)


async def _token(resources: Resources, wish: Wish) -> str:
    if wish.token and not wish.method_id:
        return wish.token
    if not wish.method_id or wish.token:
        raise PaymentProblem(
            ErrorCode.INVALID_INPUT, "Pay with a token or with a stored method.", "paymentToken"
        )
    async with resources.database.session() as session:
        token = await methods.provider_token(session, wish.method_id, wish.customer_id or "")
    if token is None:
        raise PaymentProblem(
            ErrorCode.NOT_FOUND, "The customer has no such payment method.", "paymentMethodId"
        )
    return token
