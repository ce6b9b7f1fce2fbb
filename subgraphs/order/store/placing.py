"""Step 0 of a checkout: order, lines, saga and history in one statement of one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from subgraphs.chassis.database import Connection
from subgraphs.order.domain import OrderLine

LEASE_SECONDS = 25
KEY_HOURS = 24

_PLACE = """
with placed as (
  insert into orders (id, number, customer_id, contact_email, status, currency, subtotal, total,
                      address, guest_token_hash)
  values ($1, $2, $3, $4, 'PENDING', $5, $6, $6, $7::text::jsonb, $8)
  returning placed_at
), lines as (
  insert into order_lines (id, order_id, product_id, variant_id, sku, name, unit_minor, quantity)
  select id, $1, product_id, variant_id, sku, name, unit_minor, quantity
  from unnest($9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::bigint[],
              $15::int[])
    as l (id, product_id, variant_id, sku, name, unit_minor, quantity)
), saga as (
  insert into sagas (order_id, step, status, lease_token, lease_until, data)
  values ($1, 'RESERVE', 'RUNNING', $16, now() + make_interval(secs => $17), $18::text::jsonb)
), history as (
  insert into order_events (order_id, kind, message, actor)
  values ($1, 'PLACED', 'The order was placed.', $19)
)
select placed_at from placed
"""
_CLAIM_KEY = """
insert into idempotency (caller, key, request_hash, response, expires_at)
values ($1, $2, $3, $4::text::jsonb, now() + make_interval(hours => $5))
on conflict (caller, key) do update set
  request_hash = excluded.request_hash, response = excluded.response,
  expires_at = excluded.expires_at
where idempotency.expires_at < now()
returning true
"""
_KNOWN_KEY = """
select request_hash, response ->> 'order_id' as order_id from idempotency
where caller = $1 and key = $2 and expires_at >= now()
"""


@dataclass(frozen=True, slots=True)
class NewOrder:
    """Everything step 0 writes. `saga` is what a worker needs to go on without this process."""

    id: str
    number: str
    customer_id: str | None
    contact_email: str
    currency: str
    total: int
    address: Mapping[str, Any] | None
    guest_token_hash: bytes | None
    lines: tuple[OrderLine, ...]
    lease_token: str
    saga: Mapping[str, Any]


async def place(connection: Connection, order: NewOrder) -> datetime:
    """Write the order as PENDING with its saga leased to `lease_token`; when it was placed."""
    lines = order.lines
    placed_at: datetime = await connection.fetchval(
        _PLACE,
        order.id,
        order.number,
        order.customer_id,
        order.contact_email,
        order.currency,
        order.total,
        orjson.dumps(order.address).decode() if order.address else None,
        order.guest_token_hash,
        [item.id for item in lines],
        [item.line.product_id for item in lines],
        [item.line.variant_id for item in lines],
        [item.line.sku for item in lines],
        [item.line.name for item in lines],
        [item.line.unit_minor for item in lines],
        [item.line.quantity for item in lines],
        order.lease_token,
        LEASE_SECONDS,
        orjson.dumps(order.saga).decode(),
        order.customer_id or "guest",
    )
    return placed_at


async def claim_key(
    connection: Connection, caller: str, key: str, request_hash: bytes, order_id: str
) -> bool:
    """Whether the key was free. A request with the same key at the same time waits here."""
    response = orjson.dumps({"order_id": order_id}).decode()
    taken = await connection.fetchval(_CLAIM_KEY, caller, key, request_hash, response, KEY_HOURS)
    return taken is True


async def known_key(connection: Connection, caller: str, key: str) -> tuple[bytes, str] | None:
    """The request's hash and the order's id, if the key was used."""
    row = await connection.fetchrow(_KNOWN_KEY, caller, key)
    return (row["request_hash"], row["order_id"]) if row else None
