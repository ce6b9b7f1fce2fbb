"""Products, variants, categories, and what a line of an order costs. Amounts are minor units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ProductStatus(StrEnum):
    """Drafts are seen by staff only; archived products stay visible where orders name them."""

    DRAFT = "DRAFT"
    ACTIVE = "ACTIVE"
    ARCHIVED = "ARCHIVED"


class ErrorCode(StrEnum):
    """Why a change of the catalog was turned down."""

    INVALID_INPUT = "INVALID_INPUT"
    NOT_FOUND = "NOT_FOUND"
    VERSION_CONFLICT = "VERSION_CONFLICT"


class CatalogProblem(Exception):  # noqa: N818 - an answer to the user, not a fault
    """A change that breaks a rule; `path` names the argument, where there is one."""

    def __init__(self, code: ErrorCode, message: str, *path: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.path = path


@dataclass(frozen=True, slots=True)
class Category:
    """A node of the tree; `path` holds the ids from the root to the category itself."""

    id: str
    slug: str
    name: str
    parent_id: str | None
    path: tuple[str, ...]

    @property
    def depth(self) -> int:
        """0 for a root."""
        return len(self.path) - 1


@dataclass(frozen=True, slots=True)
class Product:
    """What is sold. `lowest` and `highest` span the prices of its active variants.

    `attributes` and `media` are JSON text as stored: lists of {name, value} and of {url, alt}.
    """

    id: str
    slug: str
    name: str
    description: str
    brand: str | None
    category_id: str
    category_name: str
    category_path: tuple[str, ...]
    status: ProductStatus
    attributes: str
    media: str
    in_stock_hint: bool
    version: int
    created_at: datetime
    updated_at: datetime
    lowest: int
    highest: int
    currency: str


@dataclass(frozen=True, slots=True)
class Variant:
    """One article of a product, as it is packed and priced. `options` is JSON text."""

    id: str
    product_id: str
    sku: str
    title: str
    options: str
    weight_grams: int
    tax_code: str
    amount: int
    compare_at: int | None
    currency: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A variant as a buyer may order it; `amount` is None where the currency has no price."""

    product_id: str
    variant_id: str
    sku: str
    product_name: str
    title: str
    weight_grams: int
    tax_code: str
    version: int
    is_for_sale: bool
    amount: int | None

    @property
    def name(self) -> str:
        """What stands on an invoice."""
        return f"{self.product_name}, {self.title}" if self.title else self.product_name


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """What somebody wants to buy: a variant, or a product with one active variant."""

    product_id: str | None
    variant_id: str | None


class QuoteProblemCode(StrEnum):
    """Why a line has no price."""

    NOT_FOUND = "NOT_FOUND"
    VARIANT_REQUIRED = "VARIANT_REQUIRED"
    INVALID_INPUT = "INVALID_INPUT"
    CURRENCY_UNAVAILABLE = "CURRENCY_UNAVAILABLE"


@dataclass(frozen=True, slots=True)
class QuoteProblem:
    """A line that cannot be priced; `line` is its position from 0."""

    line: int
    code: QuoteProblemCode
    message: str


def quote(
    lines: Sequence[QuoteLine], offers: Iterable[Offer]
) -> tuple[list[Offer], list[QuoteProblem]]:
    """The offer of each line, or the problems of those that have none (then no offers)."""
    by_variant = {offer.variant_id: offer for offer in offers}
    by_product: dict[str, list[Offer]] = {}
    for offer in by_variant.values():
        if offer.is_for_sale:
            by_product.setdefault(offer.product_id, []).append(offer)
    chosen: list[Offer] = []
    problems: list[QuoteProblem] = []
    for place, line in enumerate(lines):
        match _offer_for(line, by_variant, by_product):
            case Offer() as offer if offer.amount is None:
                reason = f'"{offer.variant_id}" has no price in this currency.'
                problems.append(QuoteProblem(place, QuoteProblemCode.CURRENCY_UNAVAILABLE, reason))
            case Offer() as offer:
                chosen.append(offer)
            case (code, reason):
                problems.append(QuoteProblem(place, code, reason))
    return ([] if problems else chosen), problems


def _offer_for(
    line: QuoteLine, by_variant: Mapping[str, Offer], by_product: Mapping[str, list[Offer]]
) -> Offer | tuple[QuoteProblemCode, str]:
    if line.variant_id:
        offer = by_variant.get(line.variant_id)
        if offer is None or not offer.is_for_sale:
            return QuoteProblemCode.NOT_FOUND, f'The variant "{line.variant_id}" is not for sale.'
        if line.product_id and offer.product_id != line.product_id:
            reason = f'"{line.variant_id}" is no variant of "{line.product_id}".'
            return QuoteProblemCode.INVALID_INPUT, reason
        return offer
    if not line.product_id:
        return QuoteProblemCode.INVALID_INPUT, "A line names a product or a variant."
    offers = by_product.get(line.product_id, [])
    if not offers:
        return QuoteProblemCode.NOT_FOUND, f'The product "{line.product_id}" is not for sale.'
    if len(offers) > 1:
        reason = f'"{line.product_id}" comes in {len(offers)} variants; name one of them.'
        return QuoteProblemCode.VARIANT_REQUIRED, reason
    return offers[0]
