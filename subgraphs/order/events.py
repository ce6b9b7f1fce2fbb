"""Facts about orders that other services may hear."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from subgraphs.order.domain import Failure, PricedLine

CREATED = "order.created"
CONFIRMED = "order.confirmed"
REJECTED = "order.rejected"


def placed_payload(
    customer_id: str | None, currency: str, total: int, lines: Sequence[PricedLine]
) -> Mapping[str, Any]:
    """What CREATED and CONFIRMED tell: who, how much (minor units), and the lines."""
    return {
        "customer_id": customer_id,
        "currency": currency,
        "total_minor": total,
        "lines": [
            {
                "product_id": line.product_id,
                "variant_id": line.variant_id,
                "sku": line.sku,
                "quantity": line.quantity,
                "unit_minor": line.unit_minor,
            }
            for line in lines
        ],
    }


def rejected_payload(failure: Failure) -> Mapping[str, Any]:
    """What REJECTED tells."""
    return {"reason": failure.code.value, "message": failure.message}
