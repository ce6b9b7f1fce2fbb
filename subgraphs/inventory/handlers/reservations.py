"""Reservations for checkouts: hold, extend, commit, release, ship.

Every command may be repeated: the reservation's id, or the fulfilment's, says it is the same one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import asyncpg

from subgraphs.chassis.database import Connection
from subgraphs.chassis.refusal import Refusal
from subgraphs.inventory.domain import (
    Movement,
    MovementKind,
    Reservation,
    ReservationStatus,
    Shortage,
    StockProblem,
    checked_ttl,
    summed,
    to_ship,
)
from subgraphs.inventory.handlers.movements import (
    ShortOfStockError,
    move_all,
    reservation_changed,
)
from subgraphs.inventory.handlers.resources import Resources
from subgraphs.inventory.store import reservations as store
from subgraphs.inventory.store.stock import stocks

# Stock that came back while shortages were being named is worth another try, not many.
TRIES = 3

HELD, COMMITTED = ReservationStatus.HELD, ReservationStatus.COMMITTED


async def reserve(
    resources: Resources, reservation_id: str, lines: Iterable[tuple[str, int]], ttl_seconds: int
) -> Reservation | list[Shortage]:
    """Hold all lines or none; a known reservation answers as it is, an expired one is held anew.

    Raises StockProblem (INVALID_INPUT, NOT_FOUND, IDEMPOTENCY_MISMATCH).
    """
    if not reservation_id:
        raise StockProblem("INVALID_INPUT", "reservation_id is empty.")
    quantities, ttl = summed(lines), checked_ttl(ttl_seconds)
    for _ in range(TRIES):
        try:
            async with resources.database.transaction() as connection:
                return await _hold(resources, connection, reservation_id, quantities, ttl)
        except asyncpg.ForeignKeyViolationError:
            await _refuse_unknown(resources, quantities)
        except ShortOfStockError:
            shortages = await _shortages(resources, quantities)
            if shortages:
                return shortages
    raise Refusal("UNAVAILABLE", "The stock is changing too fast to reserve; try again.")


async def extend(resources: Resources, reservation_id: str, ttl_seconds: int) -> Reservation:
    """Move the expiry of a HELD reservation. Raises StockProblem."""
    ttl = checked_ttl(ttl_seconds)
    async with resources.database.transaction() as connection:
        extended = await store.extend(connection, reservation_id, ttl)
        reservation = await _known(connection, reservation_id)
    if not extended:
        raise _wrong_state(reservation)
    return reservation


async def commit(resources: Resources, reservation_id: str) -> Reservation:
    """HELD → COMMITTED: the units are the order's. Raises StockProblem.

    Until the sweeper expires it, a hold whose time is over can still be committed: its units are
    still there, and one UPDATE decides who was first.
    """
    async with resources.database.transaction() as connection:
        reservation = await store.change_status(connection, reservation_id, COMMITTED, [HELD])
        if reservation is None:
            reservation = await _known(connection, reservation_id)
            if reservation.status in (COMMITTED, ReservationStatus.SHIPPED):
                return reservation
            raise _wrong_state(reservation)
        events = await move_all(
            connection,
            [
                Movement(
                    line.variant_id,
                    MovementKind.ALLOCATE,
                    reservation.reference,
                    reserved=-line.quantity,
                    allocated=line.quantity,
                )
                for line in reservation.lines
            ],
        )
        events.append(reservation_changed(reservation, COMMITTED))
        await resources.outbox.append(connection, *events)
    return reservation


async def release(resources: Resources, reservation_id: str) -> Reservation:
    """Give back what was not shipped; an unknown id is noted, so that it will hold nothing."""
    async with resources.database.transaction() as connection:
        await store.insert_released(connection, reservation_id)
        before = await store.locked(connection, reservation_id)
        if before is None:
            raise LookupError(f"{reservation_id} was inserted and is not there")
        if before.status not in (HELD, COMMITTED):
            return before
        released = ReservationStatus.RELEASED
        await store.change_status(connection, reservation_id, released, [before.status])
        events = await move_all(connection, _give_back(before))
        after = replace(before, status=released)
        events.append(reservation_changed(after, released))
        await resources.outbox.append(connection, *events)
    return after


async def ship(
    resources: Resources, reservation_id: str, key: str, lines: Iterable[tuple[str, int]]
) -> Reservation:
    """Take shipped units out of stock: the lines asked for, or all. Raises StockProblem.

    `key` names the fulfilment: the same one again ships nothing more.
    """
    if not key:
        raise StockProblem("INVALID_INPUT", "idempotency_key is empty.")
    given = list(lines)
    asked = summed(given) if given else {}
    async with resources.database.transaction() as connection:
        before = await store.locked(connection, reservation_id)
        if before is None:
            raise _unknown(reservation_id)
        if await store.is_shipped(connection, key):
            return before
        if before.status is not COMMITTED:
            raise _wrong_state(before)
        quantities = to_ship(before, asked)
        events = await move_all(
            connection,
            [
                Movement(variant_id, MovementKind.SHIP, key, on_hand=-units, allocated=-units)
                for variant_id, units in quantities.items()
            ],
        )
        for variant_id, units in quantities.items():
            await store.ship_line(connection, reservation_id, variant_id, units)
        after = await _known(connection, reservation_id)
        if all(line.shipped == line.quantity for line in after.lines):
            shipped = ReservationStatus.SHIPPED
            await store.change_status(connection, reservation_id, shipped, [COMMITTED])
            after = replace(after, status=shipped)
        if events:
            await resources.outbox.append(connection, *events)
    return after


async def _hold(
    resources: Resources,
    connection: Connection,
    reservation_id: str,
    quantities: dict[str, int],
    ttl: int,
) -> Reservation:
    reservation = await store.insert_held(connection, reservation_id, quantities, ttl)
    if reservation is None:
        known = await store.locked(connection, reservation_id)
        if known is None:
            raise LookupError(f"{reservation_id} was in the way and is not there")
        if known.status is ReservationStatus.RELEASED:
            return known
        if known.quantities != quantities:
            raise StockProblem(
                "IDEMPOTENCY_MISMATCH", f"{reservation_id} was reserved with other lines."
            )
        if known.status is not ReservationStatus.EXPIRED:
            return known
        await store.hold_anew(connection, reservation_id, ttl)
        reservation = await _known(connection, reservation_id)
    movements = [
        Movement(variant_id, MovementKind.RESERVE, reservation.reference, reserved=quantity)
        for variant_id, quantity in quantities.items()
    ]
    events = await move_all(connection, movements)
    await resources.outbox.append(connection, *events, reservation_changed(reservation, HELD))
    return reservation


def _give_back(reservation: Reservation) -> list[Movement]:
    held = reservation.status is HELD
    return [
        Movement(
            line.variant_id,
            MovementKind.RELEASE,
            reservation.reference,
            reserved=-line.quantity if held else 0,
            allocated=0 if held else line.shipped - line.quantity,
        )
        for line in reservation.lines
        if line.shipped < line.quantity
    ]


async def _shortages(resources: Resources, quantities: dict[str, int]) -> list[Shortage]:
    found = await stocks(resources.database, list(quantities))
    return [
        Shortage(variant_id, quantity, found[variant_id].available)
        for variant_id, quantity in quantities.items()
        if variant_id in found and found[variant_id].available < quantity
    ]


async def _refuse_unknown(resources: Resources, quantities: dict[str, int]) -> None:
    found = await stocks(resources.database, list(quantities))
    unknown = [variant_id for variant_id in quantities if variant_id not in found]
    if unknown:
        listed = ", ".join(unknown)
        raise StockProblem(
            "NOT_FOUND", f"There is no stock of: {listed}.", variant_ids=tuple(unknown)
        )


async def _known(connection: Connection, reservation_id: str) -> Reservation:
    reservation = await store.reservation(connection, reservation_id)
    if reservation is None:
        raise _unknown(reservation_id)
    return reservation


def _unknown(reservation_id: str) -> StockProblem:
    return StockProblem("NOT_FOUND", f'There is no reservation "{reservation_id[:60]}".')


def _wrong_state(reservation: Reservation) -> StockProblem:
    if reservation.status is ReservationStatus.EXPIRED:
        return StockProblem("RESERVATION_EXPIRED", f"The hold of {reservation.id} has expired.")
    return StockProblem(
        "WRONG_RESERVATION_STATE", f"{reservation.id} is {reservation.status} by now."
    )
