"""Use cases of the catalog: one function each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from subgraphs.catalog import store
from subgraphs.catalog.domain import (
    CatalogProblem,
    ErrorCode,
    Offer,
    ProductStatus,
    QuoteLine,
    QuoteProblem,
    quote,
)
from subgraphs.catalog.events import PriceChanged, ProductArchived, ProductChanged
from subgraphs.chassis.database import Database
from subgraphs.chassis.money import LARGEST, checked_currency
from subgraphs.chassis.outbox import Event, Outbox
from subgraphs.chassis.refusal import Refusal

MOST_LINES = 200


@dataclass(frozen=True, slots=True)
class Resources:
    """Database, outbox, and the currency of buyers who name none."""

    database: Database
    outbox: Outbox
    currency: str


async def quote_prices(
    resources: Resources, lines: Sequence[QuoteLine], currency: str
) -> tuple[list[Offer], list[QuoteProblem]]:
    """What each line costs now, read in one statement; or the problems of those without a price.

    Raises Refusal INVALID_INPUT for no lines, more than 200, or a currency that is no code.
    """
    if not 1 <= len(lines) <= MOST_LINES:
        raise Refusal("INVALID_INPUT", f"lines: {len(lines)} is outside 1..{MOST_LINES}.")
    checked_currency(currency)
    variant_ids = {line.variant_id for line in lines if line.variant_id}
    product_ids = {line.product_id for line in lines if line.product_id and not line.variant_id}
    offers = await store.offers(
        resources.database, currency, sorted(variant_ids), sorted(product_ids)
    )
    return quote(lines, offers)


async def publish_product(
    resources: Resources, product_id: str, expected_version: int, actor: str
) -> None:
    """Put a product on sale. Raises CatalogProblem; it needs a price in the default currency."""
    await _change_status(resources, product_id, expected_version, ProductStatus.ACTIVE, actor)


async def archive_product(
    resources: Resources, product_id: str, expected_version: int, actor: str
) -> None:
    """Take a product off sale; orders that name it still show it. Raises CatalogProblem."""
    await _change_status(resources, product_id, expected_version, ProductStatus.ARCHIVED, actor)


async def set_price(
    resources: Resources,
    *,
    variant_id: str,
    currency: str,
    amount_minor: int,
    expected_version: int,
    actor: str,
) -> str:
    """Price a variant from now on; the id of its product. Raises CatalogProblem."""
    checked_currency(currency)
    if not 0 <= amount_minor <= LARGEST // 1_000_000:
        raise CatalogProblem(ErrorCode.INVALID_INPUT, f"{amount_minor} is no price.", "amountMinor")
    async with resources.database.session() as session:
        variant = await session.get(store.VariantRow, variant_id)
        if variant is None:
            raise CatalogProblem(ErrorCode.NOT_FOUND, "There is no such variant.", "variantId")
        product = await _checked_product(session, variant.product_id, expected_version)
        before = await store.latest_price(session, variant_id, currency)
        session.add(
            store.PriceRow(variant_id=variant_id, currency=currency, amount_minor=amount_minor)
        )
        fact = PriceChanged(
            product_id=product.id,
            variant_id=variant_id,
            currency=currency,
            old_minor=before.amount_minor if before else None,
            new_minor=amount_minor,
        )
        await _announce(resources, session, product, actor, fact)
    return product.id


async def _change_status(
    resources: Resources,
    product_id: str,
    expected_version: int,
    status: ProductStatus,
    actor: str,
) -> None:
    async with resources.database.session() as session:
        product = await _checked_product(session, product_id, expected_version)
        if product.status == status:
            return
        if status is ProductStatus.ACTIVE and not await store.is_priced(
            session, product_id, resources.currency
        ):
            raise CatalogProblem(
                ErrorCode.INVALID_INPUT,
                f"Give an active variant a price in {resources.currency} first.",
                "id",
            )
        product.status = status
        facts = [ProductArchived(product_id, product.version + 1)]
        archived = status is ProductStatus.ARCHIVED
        await _announce(resources, session, product, actor, *(facts if archived else ()))


async def _checked_product(
    session: AsyncSession, product_id: str, expected_version: int
) -> store.ProductRow:
    product = await store.locked_product(session, product_id)
    if product is None:
        raise CatalogProblem(ErrorCode.NOT_FOUND, "There is no such product.", "id")
    if product.version != expected_version:
        raise CatalogProblem(
            ErrorCode.VERSION_CONFLICT,
            f"The product is at version {product.version} by now; read it again.",
            "expectedVersion",
        )
    return product


async def _announce(
    resources: Resources,
    session: AsyncSession,
    product: store.ProductRow,
    actor: str,
    *facts: ProductArchived | PriceChanged,
) -> None:
    """Count the version up, and tell what changed with the same transaction."""
    product.version += 1
    product.updated_at = datetime.now(UTC)
    session.add(product)
    variants = await store.variant_ids(session, product.id)
    changed = ProductChanged(product.id, product.version, product.status, variants)
    events = [Event(fact.type, product.id, asdict(fact), actor=actor) for fact in (*facts, changed)]
    await resources.outbox.append_in_session(session, events)
