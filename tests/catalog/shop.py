"""A small shop for tests: a tree of three levels, products with one, three and no variants.

| product  | status   | category | variants (USD)                          |
|----------|----------|----------|-----------------------------------------|
| mug      | ACTIVE   | cups     | mug-1 9.99                              |
| shirt    | ACTIVE   | clothing | shirt-s 20.00, shirt-m 25.00, shirt-xl inactive 30.00 |
| plan     | DRAFT    | cups     | plan-1 5.00                             |
| relic    | ARCHIVED | cups     | relic-1 1.00                            |
| idea     | DRAFT    | cups     | none                                    |
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from subgraphs.chassis.database import Database

OPENED = datetime(2025, 1, 1, tzinfo=UTC)
CATEGORIES = {"home": None, "kitchen": "home", "cups": "kitchen", "clothing": None}
PRODUCTS = (
    ("mug", "ACTIVE", "cups"),
    ("shirt", "ACTIVE", "clothing"),
    ("plan", "DRAFT", "cups"),
    ("relic", "ARCHIVED", "cups"),
    ("idea", "DRAFT", "cups"),
)
VARIANTS = (
    ("mug-1", "mug", "", 999, True),
    ("shirt-s", "shirt", "S", 2000, True),
    ("shirt-m", "shirt", "M", 2500, True),
    ("shirt-xl", "shirt", "XL", 3000, False),
    ("plan-1", "plan", "", 500, True),
    ("relic-1", "relic", "", 100, True),
)


async def open_shop(database: Database) -> None:
    """Write the table above; ids are prd_mug, var_mug-1, cat_cups and so on."""
    paths: dict[str, list[str]] = {}
    for position, (slug, parent) in enumerate(CATEGORIES.items()):
        paths[slug] = [*(paths[parent] if parent else []), f"cat_{slug}"]
        await database.execute(
            "insert into categories (id, slug, name, parent_id, path, position)"
            " values ($1, $2, $3, $4, $5, $6)",
            *(f"cat_{slug}", slug, slug.capitalize(), f"cat_{parent}" if parent else None),
            *(paths[slug], position),
        )
    for number, (slug, status, category) in enumerate(PRODUCTS):
        await database.execute(
            "insert into products (id, slug, name, description, brand, primary_category_id,"
            " status, attributes, media, created_at, updated_at)"
            " values ($1, $2, $3, 'Good.', 'Acme', $4, $5, $6, $7, $8, $8)",
            *(f"prd_{slug}", slug, slug.capitalize(), f"cat_{category}", status),
            '[{"name": "colour", "value": "red"}]',
            '[{"url": "https://x.test/1.jpg", "alt": "A picture"}]',
            OPENED + timedelta(days=number),
        )
    for position, (sku, product, title, price, active) in enumerate(VARIANTS):
        await add_variant(database, sku, product, title, active=active, position=position)
        await add_price(database, sku, "USD", price)


async def add_variant(
    database: Database, sku: str, product: str, title: str, *, active: bool, position: int
) -> None:
    """A variant without a price."""
    await database.execute(
        "insert into variants (id, product_id, sku, title, options, weight_grams, tax_code, active,"
        " position) values ($1, $2, $3, $4, $5, 300, 'standard', $6, $7)",
        *(f"var_{sku}", f"prd_{product}", sku, title, '[{"name": "size", "value": "S"}]'),
        *(active, position),
    )


async def add_price(
    database: Database, sku: str, currency: str, minor: int, *, since: datetime = OPENED
) -> None:
    """A price from a moment on."""
    await database.execute(
        "insert into prices (variant_id, currency, valid_from, amount_minor, compare_at_minor)"
        " values ($1, $2, $3, $4, $5)",
        *(f"var_{sku}", currency, since, minor, minor * 2),
    )


async def add_products(database: Database, count: int) -> None:
    """So many more active products with one variant each, newer than all others."""
    for number in range(count):
        slug = f"extra{number:03d}"
        await database.execute(
            "insert into products (id, slug, name, description, primary_category_id, status)"
            " values ($1, $2, $2, '', 'cat_clothing', 'ACTIVE')",
            *(f"prd_{slug}", slug),
        )
        await add_variant(database, f"{slug}-1", slug, "", active=True, position=0)
        await add_price(database, f"{slug}-1", "USD", 100 + number)
