"""Stock for tests: received through the ledger, and checked against it afterwards."""

from __future__ import annotations

from typing import Any

import orjson

from subgraphs.chassis.database import Database
from subgraphs.inventory.domain import Movement, MovementKind, Stock
from subgraphs.inventory.store.stock import move, stocks

_DIFFERENCES = """
select s.variant_id, s.on_hand, s.reserved, s.allocated, l.*, p.*
from stock s
left join lateral (
  select coalesce(sum(delta_on_hand), 0) as ledger_on_hand,
    coalesce(sum(delta_reserved), 0) as ledger_reserved,
    coalesce(sum(delta_allocated), 0) as ledger_allocated
  from stock_movements m where m.variant_id = s.variant_id) l on true
left join lateral (
  select coalesce(sum(quantity) filter (where r.status = 'HELD'), 0) as held,
    coalesce(sum(quantity - shipped) filter (where r.status = 'COMMITTED'), 0) as committed
  from reservation_lines rl join reservations r on r.id = rl.reservation_id
  where rl.variant_id = s.variant_id) p on true
where (s.on_hand, s.reserved, s.allocated) <> (ledger_on_hand, ledger_reserved, ledger_allocated)
  or (s.reserved, s.allocated) <> (held, committed)
"""


class Warehouse:
    """Receives units of variants into the real database."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def receive(
        self, variant_id: str, units: int, *, safety: int = 0, product_id: str = "prd_1"
    ) -> None:
        """A new variant with so many units."""
        async with self.database.transaction() as connection:
            await connection.execute(
                "insert into stock (variant_id, product_id, sku, safety) values ($1, $2, $3, $4)",
                variant_id,
                product_id,
                f"SKU-{variant_id}",
                safety,
            )
            if units:
                receipt = Movement(variant_id, MovementKind.RECEIPT, "delivery", on_hand=units)
                assert await move(connection, receipt)

    async def stock(self, variant_id: str) -> Stock:
        """What there is of a variant."""
        return (await stocks(self.database, [variant_id]))[variant_id]

    async def overdue(self, reservation_id: str) -> None:
        """Let the time of a reservation be over."""
        await self.database.execute(
            "update reservations set expires_at = now() - interval '1 s' where id = $1",
            reservation_id,
        )

    async def events(self, type_: str) -> list[dict[str, Any]]:
        """What was told, in order: payloads of one type of event."""
        rows = await self.database.fetch(
            "select payload::text as p from outbox where type = $1 order by position", type_
        )
        return [orjson.loads(row["p"]) for row in rows]

    async def check(self) -> None:
        """Σ ledger is the stock; reserved and allocated are the open lines of reservations."""
        differences = [dict(row) for row in await self.database.fetch(_DIFFERENCES)]
        assert differences == []
