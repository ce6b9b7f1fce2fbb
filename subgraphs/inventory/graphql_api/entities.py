"""What inventory adds to the catalog's products and variants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import strawberry
from strawberry import Private
from strawberry.federation.schema_directives import Cost

from subgraphs.chassis.entities import key_values
from subgraphs.chassis.refusal import Refusal
from subgraphs.chassis.scalars import CountryCode
from subgraphs.chassis.value_types import MoneyType, money_of
from subgraphs.inventory.domain import (
    LARGEST_QUANTITY,
    MOST_SHOWN,
    AvailabilityStatus,
    Stock,
    shipping_quotes,
)
from subgraphs.inventory.graphql_api import loads
from subgraphs.inventory.graphql_api.loads import InventoryInfo
from subgraphs.inventory.graphql_api.stock import StockLevel, level_type
from subgraphs.inventory.store.stock import status_by_product, stocks

strawberry.enum(AvailabilityStatus, name="AvailabilityStatus")


@strawberry.type
class Availability:
    """What shoppers may know of a variant's stock."""

    status: AvailabilityStatus
    max_orderable: int
    as_of: datetime


@strawberry.type
class ShippingQuote:
    """What sending costs by one method, and how long it takes."""

    method: str
    price: MoneyType
    min_days: int
    max_days: int


@strawberry.federation.type(keys=["id"])
class Product:
    """A product of the catalog."""

    id: strawberry.ID
    in_stock: bool = strawberry.federation.field(override="catalog")
    availability: AvailabilityStatus

    @classmethod
    async def resolve_references(
        cls, info: InventoryInfo, representations: Sequence[Mapping[str, Any]]
    ) -> list[Product | None]:
        """One statement for all products of a request; what has no stock row is out of stock."""
        wanted, by_item = key_values(representations, "id")
        found = await status_by_product(info.context.app.database, wanted)
        nothing = AvailabilityStatus.OUT_OF_STOCK
        statuses = {key: found.get(key, nothing) for key in wanted}
        return [
            None
            if key is None
            else cls(
                id=strawberry.ID(key),
                in_stock=statuses[key] is not nothing,
                availability=statuses[key],
            )
            for key in by_item
        ]


@strawberry.federation.type(keys=["id"])
class Variant:
    """A variant of the catalog."""

    id: strawberry.ID
    sku: str = strawberry.federation.field(external=True)
    weight_grams: int = strawberry.federation.field(external=True)
    level: Private[Stock | None]
    grams: Private[int | None]

    @strawberry.field
    def availability(self) -> Availability:
        """What shoppers may know of its stock."""
        level = self.level
        return Availability(
            status=level.status if level else AvailabilityStatus.OUT_OF_STOCK,
            max_orderable=min(max(level.available, 0), MOST_SHOWN) if level else 0,
            as_of=datetime.now(UTC),
        )

    @strawberry.federation.field(requires=["weightGrams"], directives=[Cost(weight=3)])
    async def shipping_quotes(
        self, info: InventoryInfo, country: CountryCode, quantity: int = 1
    ) -> list[ShippingQuote]:
        """What sending some of it costs, cheapest first."""
        if not 1 <= quantity <= LARGEST_QUANTITY or self.grams is None:
            raise Refusal("INVALID_INPUT", f"quantity: {quantity} is outside 1..10^6.")
        rates = await loads.rates(info).load(country)
        return [
            ShippingQuote(
                method=rate.method,
                price=money_of(rate.amount_minor, rate.currency),
                min_days=rate.min_days,
                max_days=rate.max_days,
            )
            for rate in shipping_quotes(rates, self.grams * quantity)
        ]

    @strawberry.federation.field(requires_scopes=[["inventory:read"]], tags=["admin"])
    def stock(self) -> StockLevel | None:
        """Its stock, as staff see it."""
        return level_type(self.level) if self.level else None

    @classmethod
    async def resolve_references(
        cls, info: InventoryInfo, representations: Sequence[Mapping[str, Any]]
    ) -> list[Variant | None]:
        """One statement for all variants of a request."""
        wanted, by_item = key_values(representations, "id")
        found = await stocks(info.context.app.database, wanted)
        return [
            None if key is None else cls.of(key, found.get(key), item.get("weightGrams"))
            for key, item in zip(by_item, representations, strict=True)
        ]

    @classmethod
    def of(cls, variant_id: str, level: Stock | None, grams: object) -> Variant:
        """A variant with its stock, and the weight the catalog told, where it did."""
        known = grams if isinstance(grams, int) else None
        return cls(
            id=strawberry.ID(variant_id),
            sku=level.sku if level else "",
            weight_grams=known or 0,
            level=level,
            grams=known,
        )
