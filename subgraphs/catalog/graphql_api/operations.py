"""What can be asked of the catalog and changed in it; the schema."""

from __future__ import annotations

from collections.abc import Awaitable

import strawberry

from subgraphs.catalog import handlers, store
from subgraphs.catalog.domain import CatalogProblem, ErrorCode
from subgraphs.catalog.graphql_api import loads
from subgraphs.catalog.graphql_api.list_sizes import assumed, sliced_by
from subgraphs.catalog.graphql_api.loads import CatalogInfo
from subgraphs.catalog.graphql_api.types import (
    Category,
    Product,
    Variant,
    category_type,
    product_type,
    variant_type,
)
from subgraphs.chassis.cursors import checked_page
from subgraphs.chassis.federated_schema import build_schema
from subgraphs.chassis.refusal import Refusal
from subgraphs.chassis.scalars import Long


@strawberry.federation.type(shareable=True)
class UserError:
    """A rule the request broke."""

    code: ErrorCode
    message: str
    path: list[str] | None


@strawberry.type
class ProductPayload:
    """The product after a change, or why it was not changed."""

    product: Product | None
    user_errors: list[UserError]


@strawberry.type
class Query:
    """What can be asked."""

    @strawberry.federation.field(directives=[sliced_by("limit")])
    async def products(
        self, info: CatalogInfo, limit: int, category_slug: str | None = None
    ) -> list[Product]:
        """Products on sale, newest first."""
        checked_page(limit, "limit")
        app = info.context.app
        found = await store.newest_products(app.database, app.currency, limit, category_slug)
        return [product_type(item) for item in found]

    @strawberry.field
    async def product(
        self, info: CatalogInfo, id: strawberry.ID | None = None, slug: str | None = None
    ) -> Product | None:
        """One product by exactly one of its keys."""
        _one_key(id=id, slug=slug)
        app, drafts = info.context.app, loads.may_read_drafts(info)
        found = await store.products(
            app.database, app.currency, ids=_listed(id), slugs=_listed(slug), drafts=drafts
        )
        return product_type(found[0]) if found else None

    @strawberry.field
    async def variant(
        self, info: CatalogInfo, id: strawberry.ID | None = None, sku: str | None = None
    ) -> Variant | None:
        """One variant by exactly one of its keys."""
        _one_key(id=id, sku=sku)
        app, drafts = info.context.app, loads.may_read_drafts(info)
        found = await store.variants(
            app.database, app.currency, ids=_listed(id), skus=_listed(sku), drafts=drafts
        )
        return variant_type(found[0]) if found else None

    @strawberry.federation.field(directives=[assumed(50)])
    async def categories(self, info: CatalogInfo, parent_slug: str | None = None) -> list[Category]:
        """The roots, or the categories right below one."""
        found = await store.top_categories(info.context.app.database, parent_slug)
        return [category_type(item) for item in found]

    @strawberry.field
    async def category(self, info: CatalogInfo, slug: str) -> Category | None:
        """One category."""
        found = await store.categories(info.context.app.database, slugs=[slug])
        return category_type(found[0]) if found else None


@strawberry.type
class Mutation:
    """What staff can change."""

    @strawberry.federation.field(requires_scopes=[["catalog:write"]], tags=["admin"])
    async def publish_product(
        self, info: CatalogInfo, id: strawberry.ID, expected_version: int
    ) -> ProductPayload:
        """Put a product on sale."""
        actor = info.context.caller.name
        change = handlers.publish_product(info.context.app, id, expected_version, actor)
        return await _payload(info, change, id)

    @strawberry.federation.field(requires_scopes=[["catalog:write"]], tags=["admin"])
    async def archive_product(
        self, info: CatalogInfo, id: strawberry.ID, expected_version: int
    ) -> ProductPayload:
        """Take a product off sale."""
        actor = info.context.caller.name
        change = handlers.archive_product(info.context.app, id, expected_version, actor)
        return await _payload(info, change, id)

    @strawberry.federation.field(requires_scopes=[["price:write"]], tags=["admin"])
    async def set_price(
        self,
        info: CatalogInfo,
        variant_id: strawberry.ID,
        currency: str,
        amount_minor: Long,
        expected_version: int,
    ) -> ProductPayload:
        """Price a variant from now on."""
        change = handlers.set_price(
            info.context.app,
            variant_id=variant_id,
            currency=currency,
            amount_minor=amount_minor,
            expected_version=expected_version,
            actor=info.context.caller.name,
        )
        return await _payload(info, change)


async def _payload(
    info: CatalogInfo, change: Awaitable[str | None], product_id: str | None = None
) -> ProductPayload:
    """What a change made of the product; `change` says which, where the argument does not."""
    try:
        changed = await change or product_id
    except CatalogProblem as problem:
        error = UserError(
            code=problem.code, message=problem.message, path=list(problem.path) or None
        )
        return ProductPayload(product=None, user_errors=[error])
    app = info.context.app
    # Whoever may change it may see what became of it, draft or not.
    found = await store.products(app.database, app.currency, ids=_listed(changed), drafts=True)
    product = product_type(found[0]) if found else None
    return ProductPayload(product=product, user_errors=[])


def _one_key(**keys: str | None) -> None:
    if sum(value is not None for value in keys.values()) != 1:
        raise Refusal("INVALID_INPUT", f"Give exactly one of {' and '.join(keys)}.")


def _listed(key: str | None) -> list[str]:
    return [] if key is None else [key]


schema = build_schema(Query, Mutation)
