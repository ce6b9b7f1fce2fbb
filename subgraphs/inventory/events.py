"""Facts about stock that other services may hear."""

from __future__ import annotations

from dataclasses import dataclass

from subgraphs.inventory.domain import AvailabilityStatus, Reservation, ReservationStatus

AVAILABILITY_CHANGED = "inventory.availability.changed"
_RESERVATION = {
    ReservationStatus.HELD: "inventory.reservation.held",
    ReservationStatus.COMMITTED: "inventory.reservation.committed",
    ReservationStatus.RELEASED: "inventory.reservation.released",
    ReservationStatus.EXPIRED: "inventory.reservation.expired",
}


@dataclass(frozen=True, slots=True)
class AvailabilityChanged:
    """What shoppers see of a variant changed."""

    variant_id: str
    product_id: str
    previous: AvailabilityStatus
    current: AvailabilityStatus


def reservation_event(status: ReservationStatus) -> str:
    """The type of the event that tells a reservation reached this status.

    Shipping is told by the order service, which does it: KeyError for SHIPPED.
    """
    return _RESERVATION[status]


def reservation_payload(reservation: Reservation) -> dict[str, object]:
    """What is told about a reservation."""
    lines = [
        {"variant_id": line.variant_id, "quantity": line.quantity} for line in reservation.lines
    ]
    return {"order_id": reservation.id, "lines": lines}
