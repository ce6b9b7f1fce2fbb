"""What payment adds to orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import strawberry
from strawberry import Private

from subgraphs.chassis.entities import key_values
from subgraphs.chassis.money import checked_currency
from subgraphs.chassis.refusal import Refusal
from subgraphs.chassis.value_types import MoneyType, money_of
from subgraphs.payment import domain
from subgraphs.payment.graphql_api.access import READ_ALL, PaymentInfo, forbidden, may_see
from subgraphs.payment.graphql_api.payment_types import Payment, payment_type
from subgraphs.payment.store import payments as store

_READERS = [["order:read_own"], [READ_ALL]]


@strawberry.federation.type(keys=["id"])
class Order:
    """An order of the order service."""

    id: strawberry.ID
    total: MoneyType = strawberry.federation.field(external=True)
    paid: Private[domain.Payment | None]

    @strawberry.federation.field(requires_scopes=_READERS)
    def payment(self, info: PaymentInfo) -> Payment | None:
        """Its payment."""
        if self.paid is None:
            return None
        self._check(info)
        return payment_type(self.paid)

    @strawberry.federation.field(
        requires=["total { amountMinor currency }"], requires_scopes=_READERS
    )
    def balance_due(self, info: PaymentInfo) -> MoneyType:
        """What is still to be paid."""
        self._check(info)
        paid = self.paid.captured - self.paid.refunded if self.paid else 0
        return money_of(self.total.amount_minor - paid, self.total.currency)

    def _check(self, info: PaymentInfo) -> None:
        """Raises Refusal FORBIDDEN for another's payment; without one there is nothing to see."""
        if self.paid is not None and not may_see(info, self.paid.customer_id):
            raise forbidden()

    @classmethod
    async def resolve_references(
        cls, info: PaymentInfo, representations: Sequence[Mapping[str, Any]]
    ) -> list[Order | Refusal | None]:
        """One statement for the payments of all orders of a request."""
        wanted, by_item = key_values(representations, "id")
        found = await store.payments(info.context.app.database, order_ids=wanted)
        by_order = {item.order_id: item for item in found}
        return [
            None if key is None else _order(key, item, by_order.get(key))
            for key, item in zip(by_item, representations, strict=True)
        ]


def _order(
    order_id: str, representation: Mapping[str, Any], paid: domain.Payment | None
) -> Order | Refusal:
    try:
        total = _total(representation.get("total"))
    except Refusal as refusal:
        return refusal
    return Order(id=strawberry.ID(order_id), total=total, paid=paid)


def _total(given: object) -> MoneyType:
    """The order's total as the router hands it on; where nothing requires it, it is nothing."""
    match given:
        case None:
            return money_of(0, "XXX")
        case {"amountMinor": int(minor), "currency": str(currency)}:
            return money_of(minor, checked_currency(currency, "total.currency"))
        case _:
            raise Refusal("INVALID_INPUT", "total: an amountMinor and a currency are needed.")
