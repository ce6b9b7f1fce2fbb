"""Stock and reservations: what is there, what is promised, and what a shopper may know of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

MOST_LINES = 200
LARGEST_QUANTITY = 1_000_000
DEFAULT_TTL_SECONDS = 900
LONGEST_TTL_SECONDS = 3_600
# Shoppers learn no more than this, so that rivals cannot read the stock.
MOST_SHOWN = 10


class AvailabilityStatus(StrEnum):
    """What a shopper sees."""

    IN_STOCK = "IN_STOCK"
    LOW_STOCK = "LOW_STOCK"
    OUT_OF_STOCK = "OUT_OF_STOCK"


class ReservationStatus(StrEnum):
    """HELD → COMMITTED → SHIPPED or RELEASED; HELD → RELEASED or EXPIRED; EXPIRED → HELD anew."""

    HELD = "HELD"
    COMMITTED = "COMMITTED"
    SHIPPED = "SHIPPED"
    RELEASED = "RELEASED"
    EXPIRED = "EXPIRED"


class MovementKind(StrEnum):
    """Why units moved."""

    RECEIPT = "RECEIPT"
    RESERVE = "RESERVE"
    RELEASE = "RELEASE"
    EXPIRE = "EXPIRE"
    ALLOCATE = "ALLOCATE"
    SHIP = "SHIP"
    RETURN = "RETURN"
    ADJUST = "ADJUST"


class ErrorCode(StrEnum):
    """Why a change of stock was turned down."""

    INVALID_INPUT = "INVALID_INPUT"
    NOT_FOUND = "NOT_FOUND"
    VERSION_CONFLICT = "VERSION_CONFLICT"
    STOCK_WOULD_GO_NEGATIVE = "STOCK_WOULD_GO_NEGATIVE"


class StockProblem(Exception):  # noqa: N818 - an answer to the user, not a fault
    """A request that breaks a rule; `path` names the argument, `variant_ids` what it is about."""

    def __init__(
        self, code: str, message: str, *path: str, variant_ids: tuple[str, ...] = ()
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.path = path
        self.variant_ids = variant_ids


@dataclass(frozen=True, slots=True)
class Stock:
    """Units of one variant. Invariant: reserved + allocated ≤ on_hand, nothing negative."""

    variant_id: str
    product_id: str
    sku: str
    on_hand: int
    reserved: int
    allocated: int
    safety: int

    @property
    def available(self) -> int:
        """Units that can be ordered now."""
        return self.on_hand - self.reserved - self.allocated

    @property
    def status(self) -> AvailabilityStatus:
        """What a shopper sees of it."""
        return status_of(self.available, self.safety)


@dataclass(frozen=True, slots=True)
class Movement:
    """A line of the ledger: how the three figures of one variant changed, and for what."""

    variant_id: str
    kind: MovementKind
    reference: str
    on_hand: int = 0
    reserved: int = 0
    allocated: int = 0
    reason: str | None = None
    actor: str = "system"


@dataclass(frozen=True, slots=True)
class Shortage:
    """A variant of which there is less than was asked for."""

    variant_id: str
    requested: int
    available: int


@dataclass(frozen=True, slots=True)
class ReservedLine:
    """Units of one variant in a reservation; `shipped` of them have left."""

    variant_id: str
    quantity: int
    shipped: int = 0


@dataclass(frozen=True, slots=True)
class Reservation:
    """Units promised to one order, by variant id in order. `holds` counts how often it was held."""

    id: str
    status: ReservationStatus
    expires_at: datetime
    holds: int
    lines: tuple[ReservedLine, ...]

    @property
    def quantities(self) -> dict[str, int]:
        """Units by variant."""
        return {line.variant_id: line.quantity for line in self.lines}

    @property
    def reference(self) -> str:
        """What the ledger calls this hold: a reservation held anew is another one there."""
        return self.id if self.holds == 1 else f"{self.id}/{self.holds}"


def status_of(available: int, safety: int) -> AvailabilityStatus:
    """Nothing, few (not more than the safety stock), or enough."""
    if available <= 0:
        return AvailabilityStatus.OUT_OF_STOCK
    return AvailabilityStatus.LOW_STOCK if available <= safety else AvailabilityStatus.IN_STOCK


def best_status(statuses: Iterable[AvailabilityStatus]) -> AvailabilityStatus:
    """A product is as available as the best of its variants."""
    found = set(statuses)
    for status in (AvailabilityStatus.IN_STOCK, AvailabilityStatus.LOW_STOCK):
        if status in found:
            return status
    return AvailabilityStatus.OUT_OF_STOCK


def summed(lines: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Units by variant, in the order of their ids: the order in which rows are locked.

    Raises StockProblem INVALID_INPUT for no lines, more than 200, or a quantity outside 1..10^6.
    """
    total: dict[str, int] = {}
    count = 0
    for variant_id, quantity in lines:
        count += 1
        if not variant_id:
            raise StockProblem("INVALID_INPUT", "A line names a variant.", "lines")
        if not 1 <= quantity <= LARGEST_QUANTITY:
            raise StockProblem(
                "INVALID_INPUT", f"{variant_id}: the quantity {quantity} is no quantity.", "lines"
            )
        total[variant_id] = total.get(variant_id, 0) + quantity
    if not 1 <= count <= MOST_LINES or max(total.values()) > LARGEST_QUANTITY:
        raise StockProblem(
            "INVALID_INPUT", f"Reserve 1 to {MOST_LINES} lines of up to 10^6 units.", "lines"
        )
    return dict(sorted(total.items()))


def checked_ttl(seconds: int) -> int:
    """How long to hold; 0 means 900 s. Raises StockProblem INVALID_INPUT outside 1..3600."""
    if seconds == 0:
        return DEFAULT_TTL_SECONDS
    if 1 <= seconds <= LONGEST_TTL_SECONDS:
        return seconds
    raise StockProblem(
        "INVALID_INPUT", f"ttl_seconds: {seconds} is outside 1..{LONGEST_TTL_SECONDS}."
    )


def to_ship(reservation: Reservation, asked: Mapping[str, int]) -> dict[str, int]:
    """Units to ship by variant id in order: those asked for, or all that is open.

    Raises StockProblem INVALID_INPUT when more is asked for than is open.
    """
    still_open = {
        line.variant_id: line.quantity - line.shipped
        for line in reservation.lines
        if line.quantity > line.shipped
    }
    for variant_id, quantity in asked.items():
        if quantity > still_open.get(variant_id, 0):
            left = still_open.get(variant_id, 0)
            raise StockProblem(
                "INVALID_INPUT", f"{variant_id}: {quantity} asked for, {left} to be shipped."
            )
    return dict(asked) or still_open


@dataclass(frozen=True, slots=True)
class ShippingRate:
    """What it costs to send up to `up_to_grams` by a method; minor units of `currency`."""

    method: str
    up_to_grams: int
    amount_minor: int
    currency: str
    min_days: int
    max_days: int


def shipping_quotes(rates: Iterable[ShippingRate], grams: int) -> list[ShippingRate]:
    """The rate of each method that carries this weight, cheapest first."""
    by_method: dict[str, ShippingRate] = {}
    for rate in rates:
        known = by_method.get(rate.method)
        lighter = known is None or rate.up_to_grams < known.up_to_grams
        if rate.up_to_grams >= grams and lighter:
            by_method[rate.method] = rate
    return sorted(by_method.values(), key=lambda rate: (rate.amount_minor, rate.method))
