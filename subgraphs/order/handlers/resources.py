"""What the use cases of order are given: the database, the outbox, and its peers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from subgraphs.chassis.database import Database
from subgraphs.chassis.outbox import Outbox
from subgraphs.order.domain import Authorisation, PricedLine, Reservation, Wish


class Accounts(Protocol):
    """What order asks of account."""

    async def email(self, user_id: str) -> str:
        """The user's e-mail address."""


class Catalog(Protocol):
    """What order asks of catalog."""

    async def quote(
        self, wishes: Sequence[Wish], currency: str | None
    ) -> tuple[str, list[PricedLine]]:
        """The currency, and a priced line for each wish."""


class Inventory(Protocol):
    """What order asks of inventory. Each call may be repeated."""

    async def reserve(self, order_id: str, lines: Sequence[tuple[str, int]]) -> Reservation:
        """Hold all (variant, quantity) or none."""

    async def commit(self, order_id: str) -> Reservation:
        """Make the hold last."""

    async def release(self, order_id: str) -> None:
        """Give it back."""


class Payments(Protocol):
    """What order asks of payment. Each call may be repeated: an order has one authorisation."""

    async def authorise(
        self,
        order_id: str,
        amount: tuple[int, str],
        *,
        token: str | None,
        method_id: str | None,
        customer_id: str | None,
    ) -> Authorisation:
        """Promise of the amount."""

    async def authorisation(self, order_id: str) -> Authorisation | None:
        """What became of it; None when it never arrived."""

    async def void(self, order_id: str) -> None:
        """Give it back."""


@dataclass(frozen=True, slots=True)
class Peers:
    """The other services."""

    accounts: Accounts
    catalog: Catalog
    inventory: Inventory
    payments: Payments


@dataclass(frozen=True, slots=True)
class Resources:
    """`sandbox_payment_token` pays for orders that name no payment; None in production."""

    database: Database
    outbox: Outbox
    peers: Peers
    sandbox_payment_token: str | None = None
