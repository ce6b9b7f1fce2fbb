"""Stock rows and their ledger. Units move in one way only: `move`, which writes both at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from subgraphs.chassis.database import Connection, Database
from subgraphs.inventory.domain import (
    AvailabilityStatus,
    Movement,
    MovementKind,
    ShippingRate,
    Stock,
)


class StockRow(SQLModel, table=True):
    """The columns of a stock row that staff may set."""

    __tablename__ = "stock"
    variant_id: str = Field(primary_key=True)
    safety: int
    version: int


class ShippingRateRow(SQLModel, table=True):
    """What it costs to send up to so many grams to a country. Minor units."""

    __tablename__ = "shipping_rates"
    country: str = Field(primary_key=True)
    method: str = Field(primary_key=True)
    up_to_grams: int = Field(primary_key=True)
    amount_minor: int
    currency: str
    min_days: int
    max_days: int


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """A movement as it is shown: `id` grows with time."""

    id: int
    kind: MovementKind
    quantity: int
    reference: str
    actor: str
    at: datetime


_COLUMNS = "variant_id, product_id, sku, on_hand, reserved, allocated, safety"
_STOCK = f"select {_COLUMNS} from stock "  # noqa: S608 - made of constants
# The condition and the change are one statement, so two buyers can never take the same unit.
_MOVE = f"""
with moved as (
  update stock set on_hand = on_hand + $2, reserved = reserved + $3, allocated = allocated + $4,
    version = version + 1
  where variant_id = $1 and reserved + $3 >= 0 and allocated + $4 >= 0
    and reserved + $3 + allocated + $4 <= on_hand + $2
  returning {_COLUMNS}
), noted as (
  insert into stock_movements (variant_id, kind, delta_on_hand, delta_reserved, delta_allocated,
    reference, reason, actor)
  select variant_id, $5, $2, $3, $4, $6, $7, $8 from moved
)
select * from moved
"""  # noqa: S608 - made of constants
_BY_PRODUCT = """
select product_id, bool_or(on_hand - reserved - allocated > 0) as some,
  bool_or(on_hand - reserved - allocated > safety and on_hand - reserved - allocated > 0) as plenty
from stock where product_id = any($1) group by product_id
"""
_PAGE = f"""
{_STOCK} where sku > $1 and (not $2 or on_hand - reserved - allocated < safety)
order by sku limit $3
"""
_COUNT = "select count(*) from stock where not $1 or on_hand - reserved - allocated < safety"
_LEDGER = """
select id, kind, reference, actor, at,
  case when delta_on_hand <> 0 then delta_on_hand when delta_reserved <> 0 then delta_reserved
    else delta_allocated end as quantity
from stock_movements where variant_id = $1 and id < $2 order by id desc limit $3
"""
_LATEST = 2**63 - 1


async def move(connection: Connection, movement: Movement) -> Stock | None:
    """Change a variant's figures and note it in the ledger; the stock afterwards.

    None when it would break a promise, or when there is no such variant: nothing was changed.
    Raises asyncpg.UniqueViolationError when the ledger has this movement already.
    """
    row = await connection.fetchrow(
        _MOVE,
        movement.variant_id,
        movement.on_hand,
        movement.reserved,
        movement.allocated,
        movement.kind,
        movement.reference,
        movement.reason,
        movement.actor,
    )
    return Stock(**row) if row else None


async def stocks(database: Database | Connection, variant_ids: Sequence[str]) -> dict[str, Stock]:
    """The stock of the variants that have a row, by variant id."""
    rows = await database.fetch(_STOCK + "where variant_id = any($1)", list(variant_ids))
    return {row["variant_id"]: Stock(**row) for row in rows}


async def status_by_product(
    database: Database, product_ids: Sequence[str]
) -> Mapping[str, AvailabilityStatus]:
    """The best status among each product's variants; products without stock rows are left out."""
    rows = await database.fetch(_BY_PRODUCT, list(product_ids))
    return {row["product_id"]: _status(row) for row in rows}


async def stock_page(
    database: Database, *, after_sku: str, size: int, below_safety: bool
) -> list[Stock]:
    """Stock rows by SKU, beginning after one."""
    return [Stock(**row) for row in await database.fetch(_PAGE, after_sku, below_safety, size)]


async def count_stock(database: Database, *, below_safety: bool) -> int:
    """How many stock rows there are."""
    count: int = await database.fetchval(_COUNT, below_safety)
    return count


async def ledger_page(
    database: Database, variant_id: str, *, before: int | None, size: int
) -> list[LedgerEntry]:
    """The ledger of a variant, newest first, beginning before an entry."""
    rows = await database.fetch(_LEDGER, variant_id, before or _LATEST, size)
    return [LedgerEntry(**{**row, "kind": MovementKind(row["kind"])}) for row in rows]


async def noted_adjustment(database: Database, variant_id: str, reference: str) -> int | None:
    """By how many units an adjustment of this key changed the variant; None without one."""
    sql = """
      select delta_on_hand from stock_movements
      where reference = $1 and kind = 'ADJUST' and variant_id = $2
    """
    delta: int | None = await database.fetchval(sql, reference, variant_id)
    return delta


async def set_safety(session: AsyncSession, variant_id: str, quantity: int) -> bool:
    """Set the safety stock; False when there is no such variant."""
    row = await session.get(StockRow, variant_id, with_for_update=True)
    if row is None:
        return False
    row.safety = quantity
    row.version += 1
    session.add(row)
    return True


async def shipping_rates(session: AsyncSession, country: str) -> list[ShippingRate]:
    """All rates of a country, lightest first."""
    statement = (
        select(ShippingRateRow)
        .where(ShippingRateRow.country == country)
        .order_by(col(ShippingRateRow.method), col(ShippingRateRow.up_to_grams))
    )
    return [
        ShippingRate(
            row.method, row.up_to_grams, row.amount_minor, row.currency, row.min_days, row.max_days
        )
        for row in await session.exec(statement)
    ]


def _status(row: asyncpg.Record) -> AvailabilityStatus:
    if row["plenty"]:
        return AvailabilityStatus.IN_STOCK
    return AvailabilityStatus.LOW_STOCK if row["some"] else AvailabilityStatus.OUT_OF_STOCK
