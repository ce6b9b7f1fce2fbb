"""The catalog in PostgreSQL: SQLModel tables for changes, one statement each for reads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import asyncpg
from sqlalchemy import Column, DateTime, func
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from subgraphs.catalog.domain import Category, Offer, Product, ProductStatus, Variant
from subgraphs.chassis.database import Database


class ProductRow(SQLModel, table=True):
    """The columns of a product that changes touch."""

    __tablename__ = "products"
    id: str = Field(primary_key=True)
    status: str
    version: int
    updated_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))


class VariantRow(SQLModel, table=True):
    """The columns of a variant that changes touch."""

    __tablename__ = "variants"
    id: str = Field(primary_key=True)
    product_id: str = Field(foreign_key="products.id")
    active: bool


class PriceRow(SQLModel, table=True):
    """A price from `valid_from` until the next one of its variant and currency."""

    __tablename__ = "prices"
    variant_id: str = Field(primary_key=True, foreign_key="variants.id")
    currency: str = Field(primary_key=True)
    valid_from: datetime = Field(
        default_factory=lambda: datetime.now(UTC),
        sa_column=Column(DateTime(timezone=True), primary_key=True, server_default=func.now()),
    )
    amount_minor: int
    compare_at_minor: int | None = None


# $1 is the currency in every statement below.
_PRICE = """
  select amount_minor, compare_at_minor from prices
  where variant_id = v.id and currency = $1 and valid_from <= now()
  order by valid_from desc limit 1
"""
_PRODUCT = f"""
select p.id, p.slug, p.name, p.description, p.brand, p.primary_category_id,
  c.name as category_name, c.path as category_path, p.status, p.attributes::text as attributes,
  p.media::text as media, p.in_stock_hint, p.version, p.created_at, p.updated_at,
  s.lowest, s.highest
from products p join categories c on c.id = p.primary_category_id
cross join lateral (
  select coalesce(min(m.amount_minor) filter (where v.active), min(m.amount_minor)) as lowest,
    coalesce(max(m.amount_minor) filter (where v.active), max(m.amount_minor)) as highest
  from variants v cross join lateral ({_PRICE}) m where v.product_id = p.id
) s
where s.lowest is not null
"""  # noqa: S608 - made of constants
_NEWEST = _PRODUCT + "and p.status = 'ACTIVE' order by p.created_at desc, p.id desc limit $2"
_NEWEST_IN_CATEGORY = f"""
{_PRODUCT}and p.status = 'ACTIVE' and p.primary_category_id in (
  select t.id from categories t join categories top on t.path @> array[top.id] where top.slug = $3)
order by p.created_at desc, p.id desc limit $2
"""  # noqa: S608 - made of constants
_BY_KEYS = (
    _PRODUCT
    + "and (p.id = any($2) or p.slug = any($3)) and (p.status in ('ACTIVE', 'ARCHIVED') or $4)"
)
_VARIANT = f"""
select v.id, v.product_id, v.sku, v.title, v.options::text as options, v.weight_grams, v.tax_code,
  m.amount_minor, m.compare_at_minor
from variants v join products p on p.id = v.product_id cross join lateral ({_PRICE}) m
"""  # noqa: S608 - made of constants
_VARIANTS_BY_KEYS = (
    _VARIANT
    + """
where (v.id = any($2) or v.sku = any($3)) and (p.status in ('ACTIVE', 'ARCHIVED') or $4)"""
)
_VARIANTS_OF = (
    _VARIANT + "where v.product_id = any($2) and v.active order by v.product_id, v.position, v.id"
)
_OFFERS = f"""
select v.product_id, v.id as variant_id, v.sku, p.name as product_name, v.title, v.weight_grams,
  v.tax_code, p.version, v.active and p.status = 'ACTIVE' as is_for_sale, m.amount_minor as amount
from variants v join products p on p.id = v.product_id left join lateral ({_PRICE}) m on true
where v.id = any($2) or v.product_id = any($3)
"""  # noqa: S608 - made of constants
_CATEGORY = "select id, slug, name, parent_id, path from categories "
_CATEGORIES_BELOW = f"""
{_CATEGORY} where parent_id = (select id from categories where slug = $1) order by position, id
"""  # noqa: S608 - made of constants


async def newest_products(
    database: Database, currency: str, limit: int, category_slug: str | None
) -> list[Product]:
    """Active products, newest first; of a category they come from its whole subtree."""
    if category_slug is None:
        rows = await database.fetch(_NEWEST, currency, limit)
    else:
        rows = await database.fetch(_NEWEST_IN_CATEGORY, currency, limit, category_slug)
    return [_product(row, currency) for row in rows]


async def products(
    database: Database,
    currency: str,
    *,
    ids: Sequence[str] = (),
    slugs: Sequence[str] = (),
    drafts: bool = False,
) -> list[Product]:
    """The products with these keys, in no order. Drafts only when asked for."""
    rows = await database.fetch(_BY_KEYS, currency, list(ids), list(slugs), drafts)
    return [_product(row, currency) for row in rows]


async def variants(
    database: Database,
    currency: str,
    *,
    ids: Sequence[str] = (),
    skus: Sequence[str] = (),
    drafts: bool = False,
) -> list[Variant]:
    """The variants with these keys, in no order; those of drafts only when asked for."""
    rows = await database.fetch(_VARIANTS_BY_KEYS, currency, list(ids), list(skus), drafts)
    return [_variant(row, currency) for row in rows]


async def variants_of(
    database: Database, currency: str, product_ids: Sequence[str]
) -> dict[str, list[Variant]]:
    """The active variants of each product, in their order."""
    found: dict[str, list[Variant]] = {key: [] for key in product_ids}
    for row in await database.fetch(_VARIANTS_OF, currency, list(product_ids)):
        found[row["product_id"]].append(_variant(row, currency))
    return found


async def offers(
    database: Database, currency: str, variant_ids: Sequence[str], product_ids: Sequence[str]
) -> list[Offer]:
    """The variants named, and every variant of the products named."""
    rows = await database.fetch(_OFFERS, currency, list(variant_ids), list(product_ids))
    return [Offer(**row) for row in rows]


async def categories(
    database: Database, *, ids: Sequence[str] = (), slugs: Sequence[str] = ()
) -> list[Category]:
    """The categories with these keys, in no order."""
    sql = _CATEGORY + "where id = any($1) or slug = any($2)"
    return [_category(row) for row in await database.fetch(sql, list(ids), list(slugs))]


async def child_categories(
    database: Database, parent_ids: Sequence[str]
) -> dict[str, list[Category]]:
    """The categories right below each parent, in their order."""
    found: dict[str, list[Category]] = {key: [] for key in parent_ids}
    sql = _CATEGORY + "where parent_id = any($1) order by position, id"
    for row in await database.fetch(sql, list(parent_ids)):
        found[row["parent_id"]].append(_category(row))
    return found


async def top_categories(database: Database, parent_slug: str | None) -> list[Category]:
    """The roots, or the categories right below the parent."""
    if parent_slug is None:
        rows = await database.fetch(_CATEGORY + "where parent_id is null order by position, id")
    else:
        rows = await database.fetch(_CATEGORIES_BELOW, parent_slug)
    return [_category(row) for row in rows]


async def locked_product(session: AsyncSession, product_id: str) -> ProductRow | None:
    """The product's row, held until the transaction ends."""
    return await session.get(ProductRow, product_id, with_for_update=True)


async def variant_ids(session: AsyncSession, product_id: str) -> tuple[str, ...]:
    """The ids of all variants of a product."""
    statement = select(VariantRow.id).where(VariantRow.product_id == product_id)
    return tuple((await session.exec(statement.order_by(VariantRow.id))).all())


async def is_priced(session: AsyncSession, product_id: str, currency: str) -> bool:
    """Whether an active variant of the product has a price."""
    statement = (
        select(PriceRow.variant_id)
        .join(VariantRow, col(PriceRow.variant_id) == col(VariantRow.id))
        .where(VariantRow.product_id == product_id, col(VariantRow.active))
        .where(PriceRow.currency == currency)
        .limit(1)
    )
    return (await session.exec(statement)).first() is not None


async def latest_price(session: AsyncSession, variant_id: str, currency: str) -> PriceRow | None:
    """The price with the latest beginning."""
    statement = (
        select(PriceRow)
        .where(PriceRow.variant_id == variant_id, PriceRow.currency == currency)
        .order_by(col(PriceRow.valid_from).desc())
        .limit(1)
    )
    return (await session.exec(statement)).first()


def _product(row: asyncpg.Record, currency: str) -> Product:
    (key, slug, name, description, brand, category_id, category_name, path, status, *rest) = row
    attributes, media, hint, version, created_at, updated_at, lowest, highest = rest
    return Product(
        id=key,
        slug=slug,
        name=name,
        description=description,
        brand=brand,
        category_id=category_id,
        category_name=category_name,
        category_path=tuple(path),
        status=ProductStatus(status),
        attributes=attributes,
        media=media,
        in_stock_hint=hint,
        version=version,
        created_at=created_at,
        updated_at=updated_at,
        lowest=lowest,
        highest=highest,
        currency=currency,
    )


def _variant(row: asyncpg.Record, currency: str) -> Variant:
    values: dict[str, Any] = dict(row)
    amount, compare_at = values.pop("amount_minor"), values.pop("compare_at_minor")
    return Variant(**values, amount=amount, compare_at=compare_at, currency=currency)


def _category(row: asyncpg.Record) -> Category:
    return Category(row["id"], row["slug"], row["name"], row["parent_id"], tuple(row["path"]))
