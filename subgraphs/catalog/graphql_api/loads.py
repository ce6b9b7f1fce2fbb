"""What the fields of one request need, gathered: one statement for each kind of thing and level."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias, TypeVar, cast

from strawberry.dataloader import DataLoader
from strawberry.types.info import Info

from subgraphs.catalog import store
from subgraphs.catalog.domain import Category, Product, Variant
from subgraphs.catalog.handlers import Resources
from subgraphs.chassis.resolver_context import Context

CatalogInfo: TypeAlias = Info[Context[Resources], None]
Key = TypeVar("Key")
Found = TypeVar("Found")

READ_DRAFTS = "catalog:read_drafts"


def may_read_drafts(info: CatalogInfo) -> bool:
    """Whether the caller sees what is not on sale yet."""
    return info.context.caller.has(READ_DRAFTS)


def products(info: CatalogInfo) -> DataLoader[str, Product | None]:
    """Products by id."""
    app = info.context.app

    async def load(ids: Sequence[str]) -> list[Product | None]:
        found = await store.products(
            app.database, app.currency, ids=ids, drafts=may_read_drafts(info)
        )
        by_id = {product.id: product for product in found}
        return [by_id.get(key) for key in ids]

    return _loader(info, "products", load)


def variants_of(info: CatalogInfo) -> DataLoader[str, list[Variant]]:
    """Active variants by the id of their product."""
    app = info.context.app

    async def load(ids: Sequence[str]) -> list[list[Variant]]:
        found = await store.variants_of(app.database, app.currency, ids)
        return [found[key] for key in ids]

    return _loader(info, "variants_of", load)


def categories(info: CatalogInfo) -> DataLoader[str, Category | None]:
    """Categories by id."""
    database = info.context.app.database

    async def load(ids: Sequence[str]) -> list[Category | None]:
        by_id = {category.id: category for category in await store.categories(database, ids=ids)}
        return [by_id.get(key) for key in ids]

    return _loader(info, "categories", load)


def children(info: CatalogInfo) -> DataLoader[str, list[Category]]:
    """Categories by the id of their parent."""
    database = info.context.app.database

    async def load(ids: Sequence[str]) -> list[list[Category]]:
        found = await store.child_categories(database, ids)
        return [found[key] for key in ids]

    return _loader(info, "children", load)


def _loader(
    info: CatalogInfo, name: str, load: Callable[[Sequence[Key]], Awaitable[Sequence[Found]]]
) -> DataLoader[Key, Found]:
    """The request's loader of this name, made on first use."""
    loads = info.context.loads
    if name not in loads:
        loads[name] = DataLoader[Key, Found](load_fn=load)
    return cast("DataLoader[Key, Found]", loads[name])
