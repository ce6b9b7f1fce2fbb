"""Categories, products and stock as rows of the catalog's and inventory's tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import orjson

from db.seed.catalogue import Category, Product
from db.seed.copying import Connection, copy

COUNTRIES = {"DE": 1.0, "US": 1.6, "JP": 2.0, "FR": 1.1, "GB": 1.2, "NO": 1.7, "SE": 1.3}
SAFETY = 2


async def write_categories(connection: Connection, shelves: Sequence[Category]) -> None:
    """The whole tree."""
    rows = [
        (one.id, one.slug, one.name, one.parent_id, list(one.path), one.position) for one in shelves
    ]
    await copy(connection, "categories", "id slug name parent_id path position", rows)


async def write_products(connection: Connection, batch: Sequence[Product]) -> None:
    """Products with their variants and prices."""
    await copy(
        connection,
        "products",
        "id slug name description brand primary_category_id status attributes media in_stock_hint "
        "created_at updated_at",
        [
            (
                *(one.id, one.slug, one.name, one.description, one.brand, one.category_id),
                *("ACTIVE", _pairs(one.attributes), _media(one)),
                *(any(v.units for v in one.variants), one.created_at, one.created_at),
            )
            for one in batch
        ],
    )
    variants = [(one, index, v) for one in batch for index, v in enumerate(one.variants)]
    await copy(
        connection,
        "variants",
        "id product_id sku title options weight_grams tax_code position",
        [
            (v.id, one.id, v.sku, v.title, _pairs(v.options), v.weight_grams, v.tax_code, index)
            for one, index, v in variants
        ],
    )
    await copy(
        connection,
        "prices",
        "variant_id currency valid_from amount_minor",
        [
            (v.id, currency, one.created_at, amount)
            for one, _, v in variants
            for currency, amount in v.prices.items()
        ],
    )


async def write_stock(connection: Connection, batch: Sequence[Product]) -> None:
    """A stock row for each variant, and its first receipt in the ledger."""
    pairs = [(product, variant) for product in batch for variant in product.variants]
    await copy(
        connection,
        "stock",
        "variant_id product_id sku on_hand safety",
        [(v.id, product.id, v.sku, v.units, SAFETY) for product, v in pairs],
    )
    await copy(
        connection,
        "stock_movements",
        "variant_id kind delta_on_hand reference at",
        [
            (v.id, "RECEIPT", v.units, "initial-stock", product.created_at)
            for product, v in pairs
            if v.units
        ],
    )


async def write_shipping_rates(connection: Connection) -> None:
    """What sending costs, by country, method and weight."""
    rows = [
        (country, method, grams, int(base * factor), "USD", days, days + 2)
        for country, factor in COUNTRIES.items()
        for method, first, days in (("standard", 490, 3), ("express", 1290, 1))
        for grams, base in ((2_000, first), (30_000, first * 3), (100_000, first * 8))
    ]
    columns = "country method up_to_grams amount_minor currency min_days max_days"
    await copy(connection, "shipping_rates", columns, rows)


def _pairs(pairs: Iterable[tuple[str, str]]) -> str:
    return orjson.dumps([{"name": name, "value": value} for name, value in pairs]).decode()


def _media(product: Product) -> str:
    url = f"https://images.demo.shop/{product.slug}.jpg"
    return orjson.dumps([{"url": url, "alt": product.name}]).decode()
