"""Rows into the services' databases, by COPY, in one transaction a database."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from itertools import islice
from typing import TypeAlias

import asyncpg
import orjson
from argon2 import PasswordHasher

from db.seed.catalogue import NOW, Category, Product, categories, identifier, products

PASSWORD = "demo-password"  # noqa: S105 - the demo logins' password, printed in the banner
ROLES = {
    "customer": ("CUSTOMER",),
    "support": ("CUSTOMER", "SUPPORT"),
    "catalog": ("CUSTOMER", "CATALOG_MANAGER"),
    "inventory": ("CUSTOMER", "INVENTORY_MANAGER"),
    "fulfilment": ("CUSTOMER", "FULFILMENT"),
    "finance": ("CUSTOMER", "FINANCE"),
    "admin": ("CUSTOMER", "ADMIN"),
}
BATCH = 2_000
DEADLINE = 120.0
COUNTRIES = {"DE": 1.0, "US": 1.6, "JP": 2.0, "FR": 1.1, "GB": 1.2}
Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
Tell = Callable[[int], None]


class NotEmptyError(Exception):
    """A database holds data already; nothing was written."""


async def is_empty(urls: Mapping[str, str]) -> bool:
    """Whether the catalog has no product yet."""
    connection = await asyncpg.connect(urls["catalog"], timeout=DEADLINE)
    try:
        return not await connection.fetchval("select exists (select from products)")
    finally:
        await connection.close()


async def load(urls: Mapping[str, str], count: int, seed: int, tell: Tell) -> None:
    """Write everything; `tell` hears how many products were written since it last did.

    Raises NotEmptyError when there are products already; then nothing is written.
    """
    if not await is_empty(urls):
        raise NotEmptyError("The catalog has products already: demo data goes into an empty shop.")
    source = random.Random(seed)
    shelves = categories(source)
    catalog = await asyncpg.connect(urls["catalog"], timeout=DEADLINE)
    inventory = await asyncpg.connect(urls["inventory"], timeout=DEADLINE)
    account = await asyncpg.connect(urls["account"], timeout=DEADLINE)
    try:
        async with account.transaction(), inventory.transaction(), catalog.transaction():
            await _accounts(account, source)
            await _shipping(inventory)
            await _categories(catalog, shelves)
            made = products(count, shelves, source)
            while batch := list(islice(made, BATCH)):
                await _products(catalog, batch)
                await _stock(inventory, batch, source)
                tell(len(batch))
    finally:
        for connection in (catalog, inventory, account):
            await connection.close()


async def _copy(
    connection: Connection, table: str, columns: str, rows: Iterable[Sequence[object]]
) -> None:
    await connection.copy_records_to_table(
        table, records=list(rows), columns=columns.split(), timeout=DEADLINE
    )


async def _accounts(connection: Connection, source: random.Random) -> None:
    hashed = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1).hash(PASSWORD)
    users, roles = [], []
    for name, given in ROLES.items():
        made = identifier("usr", NOW - timedelta(days=365), source)
        email = f"{name}@demo.shop"
        users.append((made, email, email, NOW, hashed, f"Demo {name.capitalize()}"))
        roles += [(made, role) for role in given]
    await _copy(
        connection,
        "users",
        "id email email_norm email_verified_at password_hash display_name",
        users,
    )
    await _copy(connection, "user_roles", "user_id role", roles)


async def _shipping(connection: Connection) -> None:
    rows = [
        (country, method, grams, int(base * factor), "EUR", days, days + 2)
        for country, factor in COUNTRIES.items()
        for method, base, days in (("standard", 490, 3), ("express", 1290, 1))
        for grams, base in ((2_000, base), (30_000, base * 3), (100_000, base * 8))
    ]
    await _copy(
        connection,
        "shipping_rates",
        "country method up_to_grams amount_minor currency min_days max_days",
        rows,
    )


async def _categories(connection: Connection, shelves: list[Category]) -> None:
    rows = [
        (one.id, one.slug, one.name, one.parent_id, list(one.path), one.position) for one in shelves
    ]
    await _copy(connection, "categories", "id slug name parent_id path position", rows)


def _pairs(pairs: Iterable[tuple[str, str]]) -> str:
    return orjson.dumps([{"name": name, "value": value} for name, value in pairs]).decode()


async def _products(connection: Connection, batch: list[Product]) -> None:
    await _copy(
        connection,
        "products",
        "id slug name description brand primary_category_id status attributes media created_at "
        "updated_at",
        [
            (
                *(one.id, one.slug, one.name, one.description, one.brand, one.category_id),
                *("ACTIVE", _pairs(one.attributes), _media(one), one.created_at, one.created_at),
            )
            for one in batch
        ],
    )
    variants = [(one, index, v) for one in batch for index, v in enumerate(one.variants)]
    await _copy(
        connection,
        "variants",
        "id product_id sku title options weight_grams tax_code position",
        [
            (v.id, one.id, v.sku, v.title, _pairs(v.options), v.weight_grams, "standard", index)
            for one, index, v in variants
        ],
    )
    await _copy(
        connection,
        "prices",
        "variant_id currency valid_from amount_minor",
        [
            (v.id, currency, one.created_at, amount)
            for one, _, v in variants
            for currency, amount in v.prices.items()
        ],
    )


def _media(product: Product) -> str:
    url = f"https://images.demo.shop/{product.slug}.jpg"
    return orjson.dumps([{"url": url, "alt": product.name, "position": 0}]).decode()


async def _stock(connection: Connection, batch: list[Product], source: random.Random) -> None:
    stock, ledger = [], []
    for product in batch:
        for variant in product.variants:
            units = _units(source)
            stock.append((variant.id, product.id, variant.sku, units, 2))
            if units:
                ledger.append((variant.id, "RECEIPT", units, "initial-stock", product.created_at))
    await _copy(connection, "stock", "variant_id product_id sku on_hand safety", stock)
    await _copy(connection, "stock_movements", "variant_id kind delta_on_hand reference at", ledger)


def _units(source: random.Random) -> int:
    """Zero for one in twelve, very few for one in twenty, else plenty."""
    drawn = source.random()
    if drawn < 0.08:
        return 0
    if drawn < 0.13:
        return source.randint(1, 3)
    return int(source.lognormvariate(4, 0.6)) + 5
