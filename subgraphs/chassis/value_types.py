"""GraphQL value types many subgraphs share: Money and PageInfo (@shareable, equal everywhere)."""

from __future__ import annotations

import strawberry

from subgraphs.chassis.money import Money, decimal_text
from subgraphs.chassis.scalars import DecimalText, Long


@strawberry.federation.type(name="Money", shareable=True)
class MoneyType:
    """An exact amount: minor units for machines, `amount` as decimal text for people."""

    amount_minor: Long
    currency: str
    amount: DecimalText


@strawberry.federation.type(name="PageInfo", shareable=True)
class PageInfo:
    """Relay's PageInfo."""

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


def money_type(money: Money) -> MoneyType:
    """Money as GraphQL shows it."""
    return money_of(money.minor, money.currency)


def money_of(minor: int, currency: str) -> MoneyType:
    """The same from its two columns."""
    return MoneyType(
        amount_minor=Long(minor),
        currency=currency,
        amount=DecimalText(decimal_text(minor, currency)),
    )
