"""A small shop behind order: catalog, inventory, payment and account that keep their promises.

They hold state as the real ones do (idempotent by order), and can be told to misbehave.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from subgraphs.chassis.refusal import PeerSilent
from subgraphs.order.domain import (
    ActionRequired,
    Authorisation,
    Authorised,
    Declined,
    ErrorCode,
    Held,
    HoldEnded,
    OrderProblem,
    OutcomeUnknown,
    PricedLine,
    Reservation,
    Short,
    Wish,
)
from subgraphs.order.handlers.resources import Peers


def prd(number: int) -> str:
    return f"prd_{number:032x}"


def var(number: int) -> str:
    return f"var_{number:032x}"


class FakeAccounts:
    """Everybody has an address."""

    async def email(self, user_id: str) -> str:
        return f"{user_id}@example.org"


@dataclass
class FakeCatalog:
    """Products 1..9 with one variant each; product 7 has two. Product 1 costs 1000 and so on."""

    currency: str = "EUR"

    async def quote(
        self, wishes: Sequence[Wish], currency: str | None
    ) -> tuple[str, list[PricedLine]]:
        return currency or self.currency, [self._price(wish) for wish in wishes]

    def _price(self, wish: Wish) -> PricedLine:
        number = int(wish.product_id[4:], 16)
        if not 1 <= number <= 9:
            raise OrderProblem(ErrorCode.NOT_FOUND, f"There is no product {wish.product_id}.")
        if number == 7 and wish.variant_id is None:
            raise OrderProblem(ErrorCode.VARIANT_REQUIRED, f"{wish.product_id}: which variant?")
        variant = wish.variant_id or var(number)
        sku = f"SKU-{number}"
        return PricedLine(
            wish.product_id, variant, sku, f"Thing {number}", number * 1000, wish.quantity
        )


@dataclass
class FakeInventory:
    """`stock` per variant; reservations move HELD → COMMITTED or RELEASED."""

    stock: dict[str, int] = field(default_factory=lambda: {var(n): 10 for n in range(1, 10)})
    holds: dict[str, tuple[str, list[tuple[str, int]]]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    silent_before: set[str] = field(default_factory=set)
    silent_after: set[str] = field(default_factory=set)

    async def reserve(self, order_id: str, lines: Sequence[tuple[str, int]]) -> Reservation:
        self._begin("reserve")
        state = self.holds.get(order_id, ("EXPIRED", []))[0]
        if state == "EXPIRED":
            short = [
                (variant, wanted, self.stock.get(variant, 0))
                for variant, wanted in lines
                if self.stock.get(variant, 0) < wanted
            ]
            if short:
                return Short(tuple(short))
            for variant, wanted in lines:
                self.stock[variant] -= wanted
            self.holds[order_id] = ("HELD", list(lines))
        self._end("reserve")
        return HoldEnded(released=True) if state == "RELEASED" else Held()

    async def commit(self, order_id: str) -> Reservation:
        self._begin("commit")
        state, lines = self.holds.get(order_id, ("RELEASED", []))
        if state in {"EXPIRED", "RELEASED"}:
            return HoldEnded(released=state == "RELEASED")
        self.holds[order_id] = ("COMMITTED", lines)
        self._end("commit")
        return Held()

    async def release(self, order_id: str) -> None:
        self._begin("release")
        state, lines = self.holds.get(order_id, ("RELEASED", []))
        if state in {"HELD", "COMMITTED"}:
            self._give_back(lines)
        self.holds[order_id] = ("RELEASED", lines)
        self._end("release")

    def expire(self, order_id: str) -> None:
        _, lines = self.holds[order_id]
        self._give_back(lines)
        self.holds[order_id] = ("EXPIRED", lines)

    def states(self) -> list[str]:
        return [state for state, _ in self.holds.values()]

    def _give_back(self, lines: list[tuple[str, int]]) -> None:
        for variant, wanted in lines:
            self.stock[variant] += wanted

    def _begin(self, call: str) -> None:
        self.calls.append(call)
        if call in self.silent_before:
            raise PeerSilent(f"inventory: {call} was lost on the way there")

    def _end(self, call: str) -> None:
        if call in self.silent_after:
            raise PeerSilent(f"inventory: {call} was lost on the way back")


@dataclass
class FakePayments:
    """A provider: "tok_ok" is promised, "tok_declined" refused, "tok_action" needs the buyer."""

    promises: dict[str, Authorisation] = field(default_factory=dict)
    amounts: dict[str, tuple[int, str]] = field(default_factory=dict)
    asked: list[tuple[str | None, str | None, str | None]] = field(default_factory=list)
    voided: set[str] = field(default_factory=set)
    charges: int = 0
    silent_before: bool = False
    silent_after: bool = False
    unknown: bool = False
    on_authorise: asyncio.Event | None = None

    async def authorise(
        self,
        order_id: str,
        amount: tuple[int, str],
        *,
        token: str | None,
        method_id: str | None,
        customer_id: str | None,
    ) -> Authorisation:
        self.asked.append((token, method_id, customer_id))
        if self.silent_before:
            raise PeerSilent("payment: lost on the way there")
        if self.on_authorise is not None:
            await self.on_authorise.wait()
        if order_id not in self.promises:
            self.promises[order_id] = self._decide(token)
            self.amounts[order_id] = amount
        if self.silent_after:
            raise PeerSilent("payment: lost on the way back")
        return OutcomeUnknown() if self.unknown else self.promises[order_id]

    async def authorisation(self, order_id: str) -> Authorisation | None:
        return OutcomeUnknown() if self.unknown else self.promises.get(order_id)

    async def void(self, order_id: str) -> None:
        self.voided.add(order_id)

    def open_promises(self) -> list[str]:
        return [
            order_id
            for order_id, promise in self.promises.items()
            if isinstance(promise, Authorised) and order_id not in self.voided
        ]

    def _decide(self, token: str | None) -> Authorisation:
        if token == "tok_declined":
            return Declined("insufficient_funds")
        if token == "tok_action":
            return ActionRequired()
        self.charges += 1
        return Authorised()


@dataclass
class FakeShop:
    """All of them."""

    accounts: FakeAccounts = field(default_factory=FakeAccounts)
    catalog: FakeCatalog = field(default_factory=FakeCatalog)
    inventory: FakeInventory = field(default_factory=FakeInventory)
    payments: FakePayments = field(default_factory=FakePayments)

    def peers(self) -> Peers:
        return Peers(self.accounts, self.catalog, self.inventory, self.payments)
