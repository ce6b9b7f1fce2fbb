"""Payments and their operations as GraphQL shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import strawberry
from strawberry import Private
from strawberry.dataloader import DataLoader

from subgraphs.chassis.entities import key_values
from subgraphs.chassis.refusal import Refusal
from subgraphs.chassis.value_types import MoneyType, money_of
from subgraphs.payment import domain
from subgraphs.payment.domain import OperationKind, OperationStatus, PaymentStatus
from subgraphs.payment.graphql_api.access import READ_ALL, PaymentInfo, forbidden, may_see
from subgraphs.payment.graphql_api.list_sizes import assumed
from subgraphs.payment.store import payments as store

strawberry.enum(PaymentStatus, name="PaymentStatus")
strawberry.enum(OperationKind, name="PaymentOperationKind")
strawberry.enum(OperationStatus, name="PaymentOperationStatus")


@strawberry.type
class PaymentOperation:
    """One request to the provider."""

    id: strawberry.ID
    kind: OperationKind
    status: OperationStatus
    amount: MoneyType
    idempotency_key: str
    decline_code: str | None
    at: datetime


@strawberry.federation.type(keys=["id"])
class Payment:
    """The payment of one order."""

    id: strawberry.ID
    status: PaymentStatus
    authorised: MoneyType
    captured: MoneyType
    refunded: MoneyType
    psp_reference: str | None = strawberry.federation.field(inaccessible=True)
    payment: Private[domain.Payment]

    @strawberry.federation.field(
        requires_scopes=[[READ_ALL]], tags=["admin"], directives=[assumed(10)]
    )
    async def operations(self, info: PaymentInfo) -> list[PaymentOperation]:
        """What the provider was asked, oldest first."""
        found = await _operations(info).load(self.payment.id)
        return [_operation_type(item, self.payment.currency) for item in found]

    @classmethod
    async def resolve_references(
        cls, info: PaymentInfo, representations: Sequence[Mapping[str, Any]]
    ) -> list[Payment | Refusal | None]:
        """One statement for all payments of a request; others' are refused one by one."""
        wanted, by_item = key_values(representations, "id")
        found = await store.payments(info.context.app.database, ids=wanted)
        by_id = {item.id: item for item in found}
        return [visible_payment(info, by_id.get(key or "")) for key in by_item]


def visible_payment(info: PaymentInfo, payment: domain.Payment | None) -> Payment | Refusal | None:
    """A payment if the caller may see it."""
    if payment is None:
        return None
    return payment_type(payment) if may_see(info, payment.customer_id) else forbidden()


def payment_type(payment: domain.Payment) -> Payment:
    """A payment as GraphQL shows it."""
    return Payment(
        id=strawberry.ID(payment.id),
        status=payment.status,
        authorised=money_of(payment.authorised, payment.currency),
        captured=money_of(payment.captured, payment.currency),
        refunded=money_of(payment.refunded, payment.currency),
        psp_reference=payment.psp_reference,
        payment=payment,
    )


def _operation_type(operation: domain.Operation, currency: str) -> PaymentOperation:
    return PaymentOperation(
        id=strawberry.ID(operation.id),
        kind=operation.kind,
        status=operation.status,
        amount=money_of(operation.amount, currency),
        idempotency_key=operation.idempotency_key,
        decline_code=operation.decline_code,
        at=operation.requested_at,
    )


def _operations(info: PaymentInfo) -> DataLoader[str, list[domain.Operation]]:
    """Operations by payment, gathered over the fields of one request."""
    database, loads = info.context.app.database, info.context.loads

    async def load(ids: Sequence[str]) -> list[list[domain.Operation]]:
        found = await store.operations(database, ids)
        return [found[key] for key in ids]

    if "operations" not in loads:
        loads["operations"] = DataLoader[str, list[domain.Operation]](load_fn=load)
    loader: DataLoader[str, list[domain.Operation]] = loads["operations"]
    return loader
