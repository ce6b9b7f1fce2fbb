"""Orders and their rules: what may be ordered, states, and what a checkout can come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias

MOST_PIECES = 999
MOST_LINES = 100
LARGEST_AMOUNT = 2**53
# Crockford's base 32: no I, L, O or U, which people confuse or would rather not read.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
NUMBER_BITS = 40


class OrderStatus(StrEnum):
    """Where an order is on its way."""

    PENDING = "PENDING"
    AWAITING_PAYMENT = "AWAITING_PAYMENT"
    CONFIRMED = "CONFIRMED"
    PAID = "PAID"
    PARTIALLY_FULFILLED = "PARTIALLY_FULFILLED"
    FULFILLED = "FULFILLED"
    DELIVERED = "DELIVERED"
    CANCELLED = "CANCELLED"
    REJECTED = "REJECTED"
    PARTIALLY_REFUNDED = "PARTIALLY_REFUNDED"
    REFUNDED = "REFUNDED"


class ErrorCode(StrEnum):
    """Why an order was refused or failed."""

    INVALID_INPUT = "INVALID_INPUT"
    NOT_FOUND = "NOT_FOUND"
    VARIANT_REQUIRED = "VARIANT_REQUIRED"
    CURRENCY_UNAVAILABLE = "CURRENCY_UNAVAILABLE"
    OUT_OF_STOCK = "OUT_OF_STOCK"
    PAYMENT_METHOD_REQUIRED = "PAYMENT_METHOD_REQUIRED"
    PAYMENT_DECLINED = "PAYMENT_DECLINED"
    PAYMENT_TIMEOUT = "PAYMENT_TIMEOUT"
    IDEMPOTENCY_MISMATCH = "IDEMPOTENCY_MISMATCH"
    UNAVAILABLE = "UNAVAILABLE"


# After these the same order may succeed when it is tried again later.
RETRYABLE = frozenset({ErrorCode.PAYMENT_TIMEOUT, ErrorCode.UNAVAILABLE})


class OrderProblem(Exception):  # noqa: N818 - an answer to the buyer, not a fault
    """A request or an order that cannot go on; `details` are JSON values for the client."""

    def __init__(
        self, code: ErrorCode, message: str, details: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.details: Mapping[str, Any] = details or {}


@dataclass(frozen=True, slots=True)
class Wish:
    """A line as the buyer asks for it; without a variant the product's only one is meant."""

    product_id: str
    variant_id: str | None
    quantity: int


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A line with what it costs now: the snapshot an order keeps. Amounts in minor units."""

    product_id: str
    variant_id: str
    sku: str
    name: str
    unit_minor: int
    quantity: int

    @property
    def total_minor(self) -> int:
        """For all pieces."""
        return self.unit_minor * self.quantity


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A line of an order, with its own id and how much of it was sent."""

    id: str
    line: PricedLine
    fulfilled: int = 0


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an order came to nothing."""

    code: ErrorCode
    message: str
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Order:
    """An order as it stands. Amounts in minor units of `currency`."""

    id: str
    number: str
    customer_id: str | None
    contact_email: str
    status: OrderStatus
    currency: str
    total: int
    address: Mapping[str, Any] | None
    failure: Failure | None
    version: int
    placed_at: datetime
    updated_at: datetime
    lines: tuple[OrderLine, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """Stock is put aside for the order."""


@dataclass(frozen=True, slots=True)
class Short:
    """Stock is missing: per variant what was asked and what is there. Nothing is held."""

    lines: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class HoldEnded:
    """The reservation expired or was given back."""

    released: bool


Reservation: TypeAlias = Held | Short | HoldEnded


@dataclass(frozen=True, slots=True)
class Authorised:
    """The amount is promised."""


@dataclass(frozen=True, slots=True)
class Declined:
    """The amount is refused for good."""

    reason: str


@dataclass(frozen=True, slots=True)
class ActionRequired:
    """The buyer must confirm at their bank first."""


@dataclass(frozen=True, slots=True)
class OutcomeUnknown:
    """Nobody knows yet whether the amount is promised."""


Authorisation: TypeAlias = Authorised | Declined | ActionRequired | OutcomeUnknown


def summed(wishes: Sequence[Wish]) -> tuple[Wish, ...]:
    """One wish for each product and variant, in the order first named. Raises OrderProblem."""
    if not wishes:
        raise OrderProblem(ErrorCode.INVALID_INPUT, "An order needs at least one item.")
    if len(wishes) > MOST_LINES:
        raise OrderProblem(ErrorCode.INVALID_INPUT, f"An order has at most {MOST_LINES} items.")
    found: dict[tuple[str, str | None], Wish] = {}
    for position, wish in enumerate(wishes):
        _check_pieces(wish.quantity, f"input.items.{position}.quantity")
        key = (wish.product_id, wish.variant_id)
        known = found.get(key)
        if known is not None:
            _check_pieces(known.quantity + wish.quantity, "the sum of equal items")
            found[key] = replace(known, quantity=known.quantity + wish.quantity)
        else:
            found[key] = wish
    return tuple(found.values())


def by_variant(lines: Sequence[PricedLine]) -> tuple[PricedLine, ...]:
    """One line for each variant: a product named with and without its variant is one line."""
    found: dict[str, PricedLine] = {}
    for line in lines:
        known = found.get(line.variant_id)
        quantity = line.quantity + (known.quantity if known else 0)
        _check_pieces(quantity, "the sum of equal items")
        found[line.variant_id] = replace(line, quantity=quantity)
    return tuple(found.values())


def total_of(lines: Sequence[PricedLine]) -> int:
    """The sum in minor units. Raises OrderProblem when it is beyond all measure."""
    total = sum(line.total_minor for line in lines)
    if total > LARGEST_AMOUNT:
        raise OrderProblem(ErrorCode.INVALID_INPUT, "The total is too large for one order.")
    return total


def order_number(bits: int) -> str:
    """A number to say on the phone, from 40 random bits: "7K3M-9QXA"."""
    letters = [_ALPHABET[bits >> shift & 31] for shift in range(0, NUMBER_BITS, 5)]
    return "".join(letters[:4]) + "-" + "".join(letters[4:])


def out_of_stock(short: Short) -> Failure:
    """The failure a shortage is."""
    shortages = [
        {"variantId": variant, "requested": requested, "available": available}
        for variant, requested, available in short.lines
    ]
    what = ", ".join(
        f"{variant}: {available} of {requested}" for variant, requested, available in short.lines
    )
    return Failure(
        ErrorCode.OUT_OF_STOCK, f"Not enough in stock ({what}).", {"shortages": shortages}
    )


def _check_pieces(quantity: int, where: str) -> None:
    if not 1 <= quantity <= MOST_PIECES:
        raise OrderProblem(
            ErrorCode.INVALID_INPUT,
            f"{where}: {quantity} is outside 1..{MOST_PIECES}.",
            {"field": where},
        )
