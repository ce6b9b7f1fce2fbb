"""Products, variants and categories as GraphQL shows them; each loads as an entity in a batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
import strawberry
from strawberry import Private

from subgraphs.catalog import domain, store
from subgraphs.catalog.domain import ErrorCode, ProductStatus
from subgraphs.catalog.graphql_api import loads
from subgraphs.catalog.graphql_api.list_sizes import assumed
from subgraphs.catalog.graphql_api.loads import CatalogInfo
from subgraphs.chassis.entities import key_values
from subgraphs.chassis.money import decimal_text
from subgraphs.chassis.scalars import DecimalText
from subgraphs.chassis.value_types import MoneyType, money_of

strawberry.enum(ErrorCode, name="ErrorCode")
strawberry.enum(ProductStatus, name="ProductStatus")


@strawberry.type
class Attribute:
    """A property of a product, or an option of a variant."""

    name: str
    value: str


@strawberry.type
class Media:
    """A picture."""

    url: str
    alt: str
    position: int


@strawberry.type
class PriceRange:
    """From the cheapest to the dearest active variant."""

    min: MoneyType
    max: MoneyType


@strawberry.federation.type(keys=["id", "slug"])
class Category:
    """A node of the category tree."""

    id: strawberry.ID
    slug: str
    name: str
    depth: int
    category: Private[domain.Category]

    @strawberry.field
    async def parent(self, info: CatalogInfo) -> Category | None:
        """The category above."""
        if self.category.parent_id is None:
            return None
        found = await loads.categories(info).load(self.category.parent_id)
        return category_type(found) if found else None

    @strawberry.federation.field(directives=[assumed(30)])
    async def children(self, info: CatalogInfo) -> list[Category]:
        """The categories right below."""
        return [category_type(item) for item in await loads.children(info).load(self.id)]

    @strawberry.field
    async def breadcrumbs(self, info: CatalogInfo) -> list[Category]:
        """From the root to this category."""
        return await _path(info, self.category.path)

    @classmethod
    async def resolve_references(
        cls, info: CatalogInfo, representations: Sequence[Mapping[str, Any]]
    ) -> list[Category | None]:
        """One statement for all categories of a request, whichever key they come by."""
        ids, id_by_item = key_values(representations, "id")
        slugs, slug_by_item = key_values(representations, "slug")
        found = await store.categories(info.context.app.database, ids=ids, slugs=slugs)
        by_id = {item.id: category_type(item) for item in found}
        by_slug = {item.slug: item for item in by_id.values()}
        return [
            by_id.get(key) if key else by_slug.get(slug or "")
            for key, slug in zip(id_by_item, slug_by_item, strict=True)
        ]


@strawberry.federation.type(keys=["id", "sku"])
class Variant:
    """One article of a product."""

    id: strawberry.ID
    sku: str
    title: str
    weight_grams: int
    tax_code: str = strawberry.federation.field(inaccessible=True)
    variant: Private[domain.Variant]

    @strawberry.field
    async def product(self, info: CatalogInfo) -> Product:
        """What it is a variant of."""
        found = await loads.products(info).load(self.variant.product_id)
        if found is None:
            raise LookupError(f"{self.id} has no product {self.variant.product_id}")
        return product_type(found)

    @strawberry.field
    def options(self) -> list[Attribute]:
        """What sets it apart from its siblings."""
        return _attributes(self.variant.options)

    @strawberry.field
    def unit_price(self) -> MoneyType:
        """What one costs now."""
        return money_of(self.variant.amount, self.variant.currency)

    @strawberry.field
    def compare_at_price(self) -> MoneyType | None:
        """What it used to cost, where it is reduced."""
        before = self.variant.compare_at
        return None if before is None else money_of(before, self.variant.currency)

    @classmethod
    async def resolve_references(
        cls, info: CatalogInfo, representations: Sequence[Mapping[str, Any]]
    ) -> list[Variant | None]:
        """One statement for all variants of a request, whichever key they come by."""
        app = info.context.app
        ids, id_by_item = key_values(representations, "id")
        skus, sku_by_item = key_values(representations, "sku")
        found = await store.variants(
            app.database, app.currency, ids=ids, skus=skus, drafts=loads.may_read_drafts(info)
        )
        by_id = {item.id: variant_type(item) for item in found}
        by_sku = {item.sku: item for item in by_id.values()}
        return [
            by_id.get(key) if key else by_sku.get(sku or "")
            for key, sku in zip(id_by_item, sku_by_item, strict=True)
        ]


@strawberry.federation.type(keys=["id", "slug"])
class Product:
    """What is sold."""

    id: strawberry.ID
    slug: str
    name: str
    description: str
    category: str
    brand: str | None
    price: DecimalText
    currency: str
    in_stock: bool
    status: ProductStatus = strawberry.federation.field(
        requires_scopes=[[loads.READ_DRAFTS]], tags=["admin"]
    )
    version: int = strawberry.federation.field(tags=["admin"])
    created_at: datetime
    updated_at: datetime
    product: Private[domain.Product]

    @strawberry.field
    async def primary_category(self, info: CatalogInfo) -> Category:
        """Where it is shelved."""
        found = await loads.categories(info).load(self.product.category_id)
        if found is None:
            raise LookupError(f"{self.id} has no category {self.product.category_id}")
        return category_type(found)

    @strawberry.field
    async def category_path(self, info: CatalogInfo) -> list[Category]:
        """From the root to the primary category."""
        return await _path(info, self.product.category_path)

    @strawberry.field
    def price_range(self) -> PriceRange:
        """From the cheapest to the dearest active variant."""
        currency = self.product.currency
        return PriceRange(
            min=money_of(self.product.lowest, currency),
            max=money_of(self.product.highest, currency),
        )

    @strawberry.federation.field(directives=[assumed(12)])
    async def variants(self, info: CatalogInfo) -> list[Variant]:
        """What can be ordered."""
        return [variant_type(item) for item in await loads.variants_of(info).load(self.id)]

    @strawberry.field
    def attributes(self) -> list[Attribute]:
        """Its properties."""
        return _attributes(self.product.attributes)

    @strawberry.field
    def media(self) -> list[Media]:
        """Its pictures, in order."""
        stored = orjson.loads(self.product.media)
        return [
            Media(url=item["url"], alt=item["alt"], position=n) for n, item in enumerate(stored)
        ]

    @classmethod
    async def resolve_references(
        cls, info: CatalogInfo, representations: Sequence[Mapping[str, Any]]
    ) -> list[Product | None]:
        """One statement for all products of a request, whichever key they come by."""
        app = info.context.app
        ids, id_by_item = key_values(representations, "id")
        slugs, slug_by_item = key_values(representations, "slug")
        found = await store.products(
            app.database, app.currency, ids=ids, slugs=slugs, drafts=loads.may_read_drafts(info)
        )
        by_id = {item.id: product_type(item) for item in found}
        by_slug = {item.slug: item for item in by_id.values()}
        return [
            by_id.get(key) if key else by_slug.get(slug or "")
            for key, slug in zip(id_by_item, slug_by_item, strict=True)
        ]


def product_type(product: domain.Product) -> Product:
    """A product as GraphQL shows it."""
    return Product(
        id=strawberry.ID(product.id),
        slug=product.slug,
        name=product.name,
        description=product.description,
        category=product.category_name,
        brand=product.brand,
        price=DecimalText(decimal_text(product.lowest, product.currency)),
        currency=product.currency,
        in_stock=product.in_stock_hint,
        status=product.status,
        version=product.version,
        created_at=product.created_at,
        updated_at=product.updated_at,
        product=product,
    )


def variant_type(variant: domain.Variant) -> Variant:
    """A variant as GraphQL shows it."""
    return Variant(
        id=strawberry.ID(variant.id),
        sku=variant.sku,
        title=variant.title,
        weight_grams=variant.weight_grams,
        tax_code=variant.tax_code,
        variant=variant,
    )


def category_type(category: domain.Category) -> Category:
    """A category as GraphQL shows it."""
    return Category(
        id=strawberry.ID(category.id),
        slug=category.slug,
        name=category.name,
        depth=category.depth,
        category=category,
    )


def _attributes(stored: str) -> list[Attribute]:
    return [Attribute(name=item["name"], value=item["value"]) for item in orjson.loads(stored)]


async def _path(info: CatalogInfo, ids: Sequence[str]) -> list[Category]:
    found = await loads.categories(info).load_many(ids)
    return [category_type(item) for item in found if item is not None]
