"""Moving units of several variants at once, and the events that follow from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

from subgraphs.chassis.database import Connection
from subgraphs.chassis.outbox import Event
from subgraphs.inventory.domain import Movement, Reservation, ReservationStatus, Stock, status_of
from subgraphs.inventory.events import (
    AVAILABILITY_CHANGED,
    AvailabilityChanged,
    reservation_event,
    reservation_payload,
)
from subgraphs.inventory.store.stock import move


class ShortOfStockError(Exception):
    """A variant has fewer units than a movement takes; the transaction must be rolled back."""


async def move_all(connection: Connection, movements: Iterable[Movement]) -> list[Event]:
    """Carry movements out one by one; what shoppers see differently now, as events.

    They come by variant id in order, so that two transactions never wait for each other in a
    circle. Raises ShortOfStockError.
    """
    events = []
    for movement in movements:
        stock = await move(connection, movement)
        if stock is None:
            raise ShortOfStockError(movement.variant_id)
        change = availability_change(stock, movement)
        if change is not None:
            events.append(change)
    return events


def availability_change(stock: Stock, movement: Movement) -> Event | None:
    """What a movement that led to this stock changed for shoppers, if anything."""
    gained = movement.on_hand - movement.reserved - movement.allocated
    previous = status_of(stock.available - gained, stock.safety)
    if previous is stock.status:
        return None
    fact = AvailabilityChanged(stock.variant_id, stock.product_id, previous, stock.status)
    return Event(AVAILABILITY_CHANGED, stock.variant_id, asdict(fact))


def reservation_changed(reservation: Reservation, status: ReservationStatus) -> Event:
    """A reservation reached this status."""
    return Event(reservation_event(status), reservation.id, reservation_payload(reservation))
