"""Orders as they stand, read with one statement each: the lines come along as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson

from subgraphs.chassis.database import Database, Row
from subgraphs.order.domain import (
    ErrorCode,
    Failure,
    Order,
    OrderLine,
    OrderStatus,
    PricedLine,
)

_ORDER = """
select o.*, (
  select json_agg(json_build_array(l.id, l.product_id, l.variant_id, l.sku, l.name, l.unit_minor,
                                   l.quantity, l.fulfilled) order by l.id)::text
  from order_lines l where l.order_id = o.id) as lines
from orders o
"""
_BY_ID = _ORDER + "where o.id = any($1)"
_BY_NUMBER = _ORDER + "where o.number = any($1)"
_PAGE = (
    _ORDER
    + """
where o.customer_id = $1
  and ($2::timestamptz is null or (o.placed_at, o.id) < ($2, $3))
  and ($4::text[] is null or o.status = any($4))
  and ($5::timestamptz is null or o.placed_at > $5)
  and ($6::timestamptz is null or o.placed_at < $6)
order by o.placed_at desc, o.id desc limit $7
"""
)
_COUNT = """
select count(*) from orders o
where o.customer_id = $1
  and ($2::text[] is null or o.status = any($2))
  and ($3::timestamptz is null or o.placed_at > $3)
  and ($4::timestamptz is null or o.placed_at < $4)
"""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which of a customer's orders; None means no restriction."""

    statuses: Sequence[OrderStatus] | None = None
    placed_after: datetime | None = None
    placed_before: datetime | None = None


async def orders_by_id(database: Database, ids: Sequence[str]) -> dict[str, Order]:
    """The orders among `ids`, by id."""
    rows = await database.fetch(_BY_ID, list(ids))
    return {row["id"]: order_of(row) for row in rows}


async def orders_by_number(database: Database, numbers: Sequence[str]) -> dict[str, Order]:
    """The orders among `numbers`, by number."""
    rows = await database.fetch(_BY_NUMBER, list(numbers))
    return {row["number"]: order_of(row) for row in rows}


async def guest_token_hash(database: Database, order_id: str) -> bytes | None:
    """SHA-256 of the secret a guest's order can be opened with."""
    digest: bytes | None = await database.fetchval(
        "select guest_token_hash from orders where id = $1", order_id
    )
    return digest


async def orders_of(
    database: Database,
    customer_id: str,
    wanted: Filter,
    after: tuple[datetime, str] | None,
    most: int,
) -> list[Order]:
    """A customer's orders after a position, newest first."""
    moment, order_id = after or (None, None)
    rows = await database.fetch(
        _PAGE,
        customer_id,
        moment,
        order_id,
        list(wanted.statuses) if wanted.statuses is not None else None,
        wanted.placed_after,
        wanted.placed_before,
        most,
    )
    return [order_of(row) for row in rows]


async def count_of(database: Database, customer_id: str, wanted: Filter) -> int:
    """How many there are in all."""
    count: int = await database.fetchval(
        _COUNT,
        customer_id,
        list(wanted.statuses) if wanted.statuses is not None else None,
        wanted.placed_after,
        wanted.placed_before,
    )
    return count


def order_of(row: Row) -> Order:
    """A row with its lines as an order."""
    return Order(
        id=row["id"],
        number=row["number"],
        customer_id=row["customer_id"],
        contact_email=row["contact_email"],
        status=OrderStatus(row["status"]),
        currency=row["currency"],
        total=row["total"],
        address=orjson.loads(row["address"]) if row["address"] else None,
        failure=_failure(row),
        version=row["version"],
        placed_at=row["placed_at"],
        updated_at=row["updated_at"],
        lines=tuple(
            OrderLine(id=line[0], line=PricedLine(*line[1:7]), fulfilled=line[7])
            for line in orjson.loads(row["lines"] or "[]")
        ),
    )


def _failure(row: Row) -> Failure | None:
    if row["failure_code"] is None:
        return None
    details = orjson.loads(row["failure_details"]) if row["failure_details"] else {}
    return Failure(ErrorCode(row["failure_code"]), row["failure_message"], details)
