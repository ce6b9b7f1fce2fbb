"""Reservations and their lines. A status changes by a conditional UPDATE, so one change wins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import asyncpg

from subgraphs.chassis.database import Connection, Database
from subgraphs.inventory.domain import Reservation, ReservationStatus, ReservedLine

_INSERT = """
with made as (
  insert into reservations (id, status, expires_at)
  values ($1, 'HELD', now() + make_interval(secs => $2))
  on conflict (id) do nothing returning id, status, expires_at, holds
), lined as (
  insert into reservation_lines (reservation_id, variant_id, quantity)
  select made.id, line.variant_id, line.quantity
  from made, unnest($3::text[], $4::int[]) as line (variant_id, quantity)
)
select * from made
"""
_INSERT_RELEASED = """
insert into reservations (id, status, expires_at) values ($1, 'RELEASED', now())
on conflict (id) do nothing
"""
_FIELDS = "r.id, r.status, r.expires_at, r.holds, l.variant_id, l.quantity, l.shipped"
_SELECT = f"""
select {_FIELDS} from reservations r left join reservation_lines l on l.reservation_id = r.id
where r.id = $1 order by l.variant_id
"""  # noqa: S608 - made of constants
_CHANGE = """
with changed as (
  update reservations set status = $2, updated_at = now()
  where id = $1 and status = any($3) and ($2 <> 'EXPIRED' or expires_at <= now())
  returning id, status, expires_at, holds
)
select r.*, l.variant_id, l.quantity, l.shipped
from changed r left join reservation_lines l on l.reservation_id = r.id order by l.variant_id
"""
_HOLD_ANEW = """
update reservations set status = 'HELD', holds = holds + 1, updated_at = now(),
  expires_at = now() + make_interval(secs => $2)
where id = $1
"""
_EXTEND = """
update reservations set updated_at = now(),
  expires_at = greatest(expires_at, now() + make_interval(secs => $2))
where id = $1 and status = 'HELD'
"""
_DUE = """
select id from reservations where status = 'HELD' and expires_at <= now()
order by expires_at limit $1
"""
_SHIP_LINE = """
update reservation_lines set shipped = shipped + $3 where reservation_id = $1 and variant_id = $2
"""


async def insert_held(
    connection: Connection, reservation_id: str, quantities: Mapping[str, int], ttl_seconds: int
) -> Reservation | None:
    """A new HELD reservation with its lines; None when the id is known already.

    Raises asyncpg.ForeignKeyViolationError when a variant has no stock row.
    """
    row = await connection.fetchrow(
        _INSERT,
        reservation_id,
        float(ttl_seconds),
        list(quantities),
        list(quantities.values()),
    )
    if row is None:
        return None
    lines = tuple(ReservedLine(key, quantity) for key, quantity in quantities.items())
    return Reservation(row["id"], ReservationStatus.HELD, row["expires_at"], row["holds"], lines)


async def insert_released(connection: Connection, reservation_id: str) -> None:
    """Note that this id must hold nothing; a known one stays as it is."""
    await connection.execute(_INSERT_RELEASED, reservation_id)


async def reservation(database: Database | Connection, reservation_id: str) -> Reservation | None:
    """One reservation."""
    return _reservation(await database.fetch(_SELECT, reservation_id))


async def locked(connection: Connection, reservation_id: str) -> Reservation | None:
    """One reservation, whose row is held until the transaction ends."""
    await connection.execute("select 1 from reservations where id = $1 for update", reservation_id)
    return await reservation(connection, reservation_id)


async def change_status(
    connection: Connection,
    reservation_id: str,
    to: ReservationStatus,
    among: Sequence[ReservationStatus],
) -> Reservation | None:
    """Change the status if it is one of `among`; the reservation, or None when it was not.

    To EXPIRED only when its time is over.
    """
    return _reservation(await connection.fetch(_CHANGE, reservation_id, to, list(among)))


async def hold_anew(connection: Connection, reservation_id: str, ttl_seconds: int) -> None:
    """Make an EXPIRED reservation HELD again."""
    await connection.execute(_HOLD_ANEW, reservation_id, float(ttl_seconds))


async def extend(connection: Connection, reservation_id: str, ttl_seconds: int) -> bool:
    """Move the expiry of a HELD reservation, never backwards; False when it is not HELD."""
    tag = await connection.execute(_EXTEND, reservation_id, float(ttl_seconds))
    return tag == "UPDATE 1"


async def due(database: Database, limit: int) -> list[str]:
    """The ids of HELD reservations whose time is over, longest overdue first."""
    return [row["id"] for row in await database.fetch(_DUE, limit)]


async def ship_line(
    connection: Connection, reservation_id: str, variant_id: str, quantity: int
) -> None:
    """Count units of a line as shipped."""
    await connection.execute(_SHIP_LINE, reservation_id, variant_id, quantity)


async def is_shipped(connection: Connection, reference: str) -> bool:
    """Whether the ledger has a shipment of this key."""
    sql = "select exists (select from stock_movements where reference = $1 and kind = 'SHIP')"
    known: bool = await connection.fetchval(sql, reference)
    return known


def _reservation(rows: Sequence[asyncpg.Record]) -> Reservation | None:
    if not rows:
        return None
    first = rows[0]
    lines = tuple(
        ReservedLine(row["variant_id"], row["quantity"], row["shipped"])
        for row in rows
        if row["variant_id"] is not None
    )
    status = ReservationStatus(first["status"])
    return Reservation(first["id"], status, first["expires_at"], first["holds"], lines)
