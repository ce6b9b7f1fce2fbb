"""What the fields of one request need, gathered: one statement for each kind of thing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from strawberry.dataloader import DataLoader
from strawberry.types.info import Info

from subgraphs.chassis.resolver_context import Context
from subgraphs.inventory.domain import ShippingRate
from subgraphs.inventory.handlers.resources import Resources
from subgraphs.inventory.store.stock import shipping_rates

InventoryInfo: TypeAlias = Info[Context[Resources], None]


def rates(info: InventoryInfo) -> DataLoader[str, list[ShippingRate]]:
    """Shipping rates by country."""
    database, loads = info.context.app.database, info.context.loads

    async def load(countries: Sequence[str]) -> list[list[ShippingRate]]:
        async with database.session() as session:
            return [await shipping_rates(session, country) for country in countries]

    if "rates" not in loads:
        loads["rates"] = DataLoader[str, list[ShippingRate]](load_fn=load)
    loader: DataLoader[str, list[ShippingRate]] = loads["rates"]
    return loader
