"""What can be asked of payment and changed in it; the schema."""

from __future__ import annotations

from collections.abc import Awaitable

import strawberry

from subgraphs.chassis.federated_schema import build_schema
from subgraphs.chassis.scalars import Long
from subgraphs.payment.domain import ErrorCode, OperationStatus, PaymentProblem
from subgraphs.payment.graphql_api.access import READ_ALL, PaymentInfo
from subgraphs.payment.graphql_api.methods import CardMethod, User, WalletMethod
from subgraphs.payment.graphql_api.orders import Order
from subgraphs.payment.graphql_api.payment_types import Payment, payment_type
from subgraphs.payment.handlers.money_movements import Movement, capture, refund
from subgraphs.payment.handlers.resources import Result
from subgraphs.payment.handlers.voiding import void
from subgraphs.payment.store import payments as store

strawberry.enum(ErrorCode, name="ErrorCode")


@strawberry.federation.type(shareable=True)
class UserError:
    """A rule the request broke."""

    code: ErrorCode
    message: str
    path: list[str] | None


@strawberry.type
class PaymentPayload:
    """The payment after an operation, or why there was none."""

    payment: Payment | None
    user_errors: list[UserError]


@strawberry.input
class AmountOperationInput:
    """So much of a payment, under a key."""

    payment_id: strawberry.ID
    amount_minor: Long
    idempotency_key: str
    reason: str | None = None


@strawberry.type
class Query:
    """What can be asked."""

    @strawberry.federation.field(requires_scopes=[[READ_ALL]], tags=["admin"])
    async def payment(self, info: PaymentInfo, id: strawberry.ID) -> Payment | None:
        """Any payment."""
        found = await store.payments(info.context.app.database, ids=[id])
        return payment_type(found[0]) if found else None


@strawberry.type
class Mutation:
    """What staff can change."""

    @strawberry.federation.field(requires_scopes=[["payment:capture"]], tags=["admin"])
    async def capture_payment(
        self, info: PaymentInfo, input: AmountOperationInput
    ) -> PaymentPayload:
        """Take promised money."""
        return await _payload(capture(info.context.app, _movement(input)))

    @strawberry.federation.field(requires_scopes=[["payment:refund"]], tags=["admin"])
    async def refund_payment(
        self, info: PaymentInfo, input: AmountOperationInput
    ) -> PaymentPayload:
        """Give taken money back."""
        return await _payload(refund(info.context.app, _movement(input)))

    @strawberry.federation.field(requires_scopes=[["payment:capture"]], tags=["admin"])
    async def void_payment(
        self, info: PaymentInfo, payment_id: strawberry.ID, idempotency_key: str
    ) -> PaymentPayload:
        """Give the promise back."""
        return await _payload(void(info.context.app, idempotency_key, payment_id=payment_id))


def _movement(given: AmountOperationInput) -> Movement:
    return Movement(given.payment_id, given.amount_minor, given.idempotency_key)


async def _payload(work: Awaitable[Result]) -> PaymentPayload:
    try:
        result = await work
    except PaymentProblem as problem:
        error = _error(problem.code, problem.message, *problem.path)
        return PaymentPayload(payment=None, user_errors=[error])
    errors = []
    if result.operation.status is OperationStatus.FAILED:
        reason = f"The provider refused: {result.operation.decline_code}."
        errors.append(_error(ErrorCode.PAYMENT_DECLINED, reason))
    return PaymentPayload(payment=payment_type(result.payment), user_errors=errors)


def _error(code: ErrorCode, message: str, *path: str) -> UserError:
    return UserError(code=code, message=message, path=list(path) or None)


schema = build_schema(Query, Mutation, types=[Order, User, CardMethod, WalletMethod])
