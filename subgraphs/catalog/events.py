"""Facts about the catalog that other services may hear."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class ProductChanged:
    """A product or its state changed; `version` orders the changes."""

    type: ClassVar[str] = "catalog.product.changed"
    product_id: str
    version: int
    status: str
    variant_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProductArchived:
    """A product is no longer sold."""

    type: ClassVar[str] = "catalog.product.archived"
    product_id: str
    version: int


@dataclass(frozen=True, slots=True)
class PriceChanged:
    """A variant costs something else from now on; amounts are minor units."""

    type: ClassVar[str] = "catalog.price.changed"
    product_id: str
    variant_id: str
    currency: str
    old_minor: int | None
    new_minor: int
