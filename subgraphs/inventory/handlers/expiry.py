"""The sweeper: reservations whose time is over give their units back.

It and a commit race on the same conditional UPDATE of the reservation's row, so one of them wins.
"""

from __future__ import annotations

import asyncio

import structlog

from subgraphs.inventory.domain import Movement, MovementKind, ReservationStatus
from subgraphs.inventory.handlers.movements import move_all, reservation_changed
from subgraphs.inventory.handlers.resources import Resources
from subgraphs.inventory.store import reservations as store

SWEEP_SECONDS = 2.0
BATCH = 100

log = structlog.get_logger(__name__)


async def sweep_for_ever(resources: Resources) -> None:
    """Expire what is due every two seconds, until cancelled."""
    while True:
        expired = await expire_due(resources)
        if expired:
            log.info("reservations expired", count=expired)
        if expired < BATCH:
            await asyncio.sleep(SWEEP_SECONDS)


async def expire_due(resources: Resources) -> int:
    """Expire up to 100 overdue reservations, each in its own transaction; how many they were."""
    expired = 0
    for reservation_id in await store.due(resources.database, BATCH):
        expired += await _expire(resources, reservation_id)
    return expired


async def _expire(resources: Resources, reservation_id: str) -> bool:
    to = ReservationStatus.EXPIRED
    async with resources.database.transaction() as connection:
        reservation = await store.change_status(
            connection, reservation_id, to, [ReservationStatus.HELD]
        )
        if reservation is None:
            return False
        movements = [
            Movement(
                line.variant_id,
                MovementKind.EXPIRE,
                reservation.reference,
                reserved=-line.quantity,
            )
            for line in reservation.lines
        ]
        events = await move_all(connection, movements)
        await resources.outbox.append(connection, *events, reservation_changed(reservation, to))
    return True
