"""What clients send, and how it becomes a request of the domain."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import strawberry

from subgraphs.chassis.refusal import Refusal
from subgraphs.chassis.scalars import CountryCode
from subgraphs.order.domain import OrderStatus, Wish
from subgraphs.order.handlers.placing import OrderRequest
from subgraphs.order.store.reading import Filter

LONGEST_LINE = 200


@strawberry.input
class CreateOrderItemInput:
    """A line of a new order."""

    product_id: strawberry.ID
    variant_id: strawberry.ID | None = None
    quantity: int


@strawberry.input
class DeliveryAddressInput:
    """Where it is sent."""

    name: str
    line1: str
    line2: str | None = None
    city: str
    region: str | None = None
    postal_code: str
    country: CountryCode


@strawberry.input
class CreateOrderInput:
    """A new order."""

    items: list[CreateOrderItemInput]
    idempotency_key: str | None = None
    payment_method_id: strawberry.ID | None = None
    payment_token: str | None = None
    shipping_address: DeliveryAddressInput | None = None
    contact_email: str | None = None
    currency: str | None = None


@strawberry.input
class OrderFilter:
    """Which orders."""

    status: list[OrderStatus] | None = None
    placed_after: datetime | None = None
    placed_before: datetime | None = None


def request_of(given: CreateOrderInput) -> OrderRequest:
    """The domain's request. Raises Refusal INVALID_INPUT for an impossible address."""
    return OrderRequest(
        wishes=[Wish(item.product_id, item.variant_id, item.quantity) for item in given.items],
        idempotency_key=given.idempotency_key,
        payment_method_id=given.payment_method_id,
        payment_token=given.payment_token,
        address=_address(given.shipping_address),
        contact_email=given.contact_email,
        currency=given.currency,
    )


def filter_of(given: OrderFilter | None) -> Filter:
    """The store's filter."""
    if given is None:
        return Filter()
    return Filter(given.status, given.placed_after, given.placed_before)


def _address(given: DeliveryAddressInput | None) -> Mapping[str, Any] | None:
    if given is None:
        return None
    lines = {
        "name": given.name,
        "line1": given.line1,
        "line2": given.line2,
        "city": given.city,
        "region": given.region,
        "postal_code": given.postal_code,
        "country": given.country,
    }
    for name, text in lines.items():
        if text is not None and not (text.strip() and len(text) <= LONGEST_LINE):
            raise Refusal(
                "INVALID_INPUT",
                f"input.shippingAddress.{name}: 1 to {LONGEST_LINE} characters are needed.",
                {"field": f"input.shippingAddress.{name}"},
            )
    return lines
