"""How a checkout goes on: every transition is a compare-and-set on the order's status, and is
made only by whoever holds the saga's lease."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import orjson

from subgraphs.chassis.database import Connection, Database, Row
from subgraphs.order.domain import Failure
from subgraphs.order.store.placing import LEASE_SECONDS


class Step(StrEnum):
    """What a saga does next."""

    RESERVE = "RESERVE"
    AUTHORISE = "AUTHORISE"
    COMPENSATE = "COMPENSATE"


@dataclass(frozen=True, slots=True)
class Saga:
    """A checkout under way, leased to us. `is_late` is past its deadline."""

    order_id: str
    step: Step
    attempts: int
    is_late: bool
    lease_token: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """What a transition made of the order."""

    version: int
    updated_at: datetime


class LeaseLostError(Exception):
    """Another worker has taken the saga over; it decides from here."""


_AWAIT_PAYMENT = """
with leased as (
  update sagas set step = 'AUTHORISE', attempts = 0,
    lease_until = now() + make_interval(secs => $3)
  where order_id = $1 and lease_token = $2 and status = 'RUNNING' returning order_id
), moved as (
  update orders o set status = 'AWAITING_PAYMENT', version = version + 1, updated_at = now()
  from leased where o.id = leased.order_id and o.status = 'PENDING' returning o.status
)
select exists (select from leased) as leased,
  exists (select from moved) or exists (
    select from orders where id = $1 and status = 'AWAITING_PAYMENT') as moved
"""
_CONFIRM = """
with moved as (
  update orders o set status = 'CONFIRMED', version = o.version + 1, updated_at = now()
  from sagas s
  where o.id = $1 and o.status = 'AWAITING_PAYMENT' and s.order_id = o.id
    and s.lease_token = $2 and s.status = 'RUNNING'
  returning o.id, o.version, o.updated_at
), ended as (
  update sagas s set status = 'DONE', data = '{}', lease_token = null, lease_until = null
  from moved where s.order_id = moved.id
), history as (
  insert into order_events (order_id, kind, message, actor)
  select id, 'CONFIRMED', 'Payment is authorised and stock is allocated.', 'system' from moved
)
select version, updated_at from moved
"""
_COMPENSATE = """
update sagas set step = 'COMPENSATE', attempts = 0, data = data || $3::text::jsonb,
  lease_until = now() + make_interval(secs => $4)
where order_id = $1 and lease_token = $2 and status = 'RUNNING' returning true
"""
_REJECT = """
with ended as (
  update sagas set status = 'DONE', data = '{}', lease_token = null, lease_until = null
  where order_id = $1 and lease_token = $2 and status = 'RUNNING' returning order_id
), moved as (
  update orders o set status = 'REJECTED', failure_code = $3, failure_message = $4,
    failure_details = $5::text::jsonb, version = o.version + 1, updated_at = now()
  from ended where o.id = ended.order_id and o.status in ('PENDING', 'AWAITING_PAYMENT')
  returning o.id, o.version, o.updated_at
), history as (
  insert into order_events (order_id, kind, message, actor)
  select id, 'REJECTED', $4, 'system' from moved
)
select exists (select from ended) as leased,
  (select version from moved) as version, (select updated_at from moved) as updated_at
"""
_POSTPONE = """
update sagas set attempts = attempts + 1, lease_token = null, lease_until = null,
  next_at = now() + make_interval(secs => $3),
  status = case when attempts + 1 >= $4 then 'STUCK' else status end
where order_id = $1 and lease_token = $2 and status = 'RUNNING' returning status
"""
_WAIT = """
update sagas set lease_token = null, lease_until = null,
  next_at = now() + make_interval(secs => $3)
where order_id = $1 and lease_token = $2 and status = 'RUNNING'
"""
_LEASE = """
update sagas set lease_token = $1, lease_until = now() + make_interval(secs => $2)
where order_id in (
  select order_id from sagas
  where status = 'RUNNING' and next_at <= now() and (lease_until is null or lease_until < now())
  order by next_at limit $3 for update skip locked)
returning order_id, step, attempts, deadline < now() as is_late, data
"""
_REAPPLY = """
update sagas set status = 'RUNNING', attempts = 0, next_at = now()
where order_id = $1 and status in ('RUNNING', 'STUCK') returning true
"""


async def await_payment(database: Database, saga: Saga) -> bool:
    """Stock is held: PENDING → AWAITING_PAYMENT. False when the order was cancelled meanwhile.

    Raises LeaseLostError.
    """
    row = await database.fetchrow(_AWAIT_PAYMENT, saga.order_id, saga.lease_token, LEASE_SECONDS)
    if row is None or not row["leased"]:
        raise LeaseLostError(saga.order_id)
    moved: bool = row["moved"]
    return moved


async def confirm(connection: Connection, saga: Saga) -> Change | None:
    """The pivot: AWAITING_PAYMENT → CONFIRMED and the saga done. None when it may not be."""
    return _change(await connection.fetchrow(_CONFIRM, saga.order_id, saga.lease_token))


async def begin_compensation(database: Database, saga: Saga, data: Mapping[str, Any]) -> None:
    """Remember why, before anything is undone. Raises LeaseLostError."""
    text = orjson.dumps(data).decode()
    kept = await database.fetchval(
        _COMPENSATE, saga.order_id, saga.lease_token, text, LEASE_SECONDS
    )
    if kept is None:
        raise LeaseLostError(saga.order_id)


async def reject(connection: Connection, saga: Saga, failure: Failure) -> Change | None:
    """Everything is undone: → REJECTED. None when the order was cancelled. LeaseLostError."""
    details = orjson.dumps(failure.details).decode()
    row = await connection.fetchrow(
        _REJECT, saga.order_id, saga.lease_token, failure.code.value, failure.message, details
    )
    if row is None or not row["leased"]:
        raise LeaseLostError(saga.order_id)
    return _change(row) if row["version"] is not None else None


async def postpone(database: Database, saga: Saga, seconds: float, most_attempts: int) -> bool:
    """Give the lease back after a try without an answer. True when the saga is stuck now."""
    status = await database.fetchval(
        _POSTPONE, saga.order_id, saga.lease_token, seconds, most_attempts
    )
    return bool(status == "STUCK")


async def wait(database: Database, saga: Saga, seconds: float) -> None:
    """Give the lease back until somebody else has acted; not counted as a try."""
    await database.execute(_WAIT, saga.order_id, saga.lease_token, seconds)


async def lease(database: Database, token: str, most: int) -> list[Saga]:
    """Sagas nobody works on and whose time has come, now leased to `token`."""
    rows = await database.fetch(_LEASE, token, LEASE_SECONDS, most)
    return [
        Saga(
            order_id=row["order_id"],
            step=Step(row["step"]),
            attempts=row["attempts"],
            is_late=row["is_late"],
            lease_token=token,
            data=orjson.loads(row["data"]),
        )
        for row in rows
    ]


async def reapply(database: Database, order_id: str) -> bool:
    """Let a stuck saga run again at once. False when there is none to run."""
    reapplied: bool | None = await database.fetchval(_REAPPLY, order_id)
    return reapplied is True


def _change(row: Row | None) -> Change | None:
    return Change(row["version"], row["updated_at"]) if row is not None else None
