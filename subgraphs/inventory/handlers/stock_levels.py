"""What staff do with stock: correct it, and say how much of it is little."""

from __future__ import annotations

import asyncpg

from subgraphs.inventory.domain import (
    LARGEST_QUANTITY,
    ErrorCode,
    Movement,
    MovementKind,
    Stock,
    StockProblem,
)
from subgraphs.inventory.handlers.movements import availability_change
from subgraphs.inventory.handlers.resources import Resources
from subgraphs.inventory.store import stock as store


async def adjust_stock(
    resources: Resources, variant_id: str, delta: int, *, reason: str, key: str, actor: str
) -> Stock:
    """Correct the units on hand by `delta`, once for each key. Raises StockProblem."""
    if delta == 0 or abs(delta) > LARGEST_QUANTITY:
        raise StockProblem(
            ErrorCode.INVALID_INPUT, "A correction is 1 to 10^6 units, up or down.", "delta"
        )
    if not key or not reason.strip():
        raise StockProblem(
            ErrorCode.INVALID_INPUT, "Give a reason and an idempotency key.", "reason"
        )
    done = await store.noted_adjustment(resources.database, variant_id, key)
    if done is None:
        done = await _adjust(resources, variant_id, delta, reason=reason, key=key, actor=actor)
    if done != delta:
        raise StockProblem(
            ErrorCode.INVALID_INPUT,
            "This key was used for another correction of the variant.",
            "idempotencyKey",
        )
    return await _stock(resources, variant_id)


async def set_safety_stock(resources: Resources, variant_id: str, quantity: int) -> Stock:
    """Say from how many units on a variant is low. Raises StockProblem."""
    if not 0 <= quantity <= LARGEST_QUANTITY:
        raise StockProblem(ErrorCode.INVALID_INPUT, f"{quantity} is outside 0..10^6.", "quantity")
    async with resources.database.session() as session:
        known = await store.set_safety(session, variant_id, quantity)
    if not known:
        raise _unknown(variant_id)
    return await _stock(resources, variant_id)


async def _adjust(
    resources: Resources, variant_id: str, delta: int, *, reason: str, key: str, actor: str
) -> int | None:
    """By how much this key has changed the variant, now or, by somebody faster, just before."""
    movement = Movement(
        variant_id, MovementKind.ADJUST, key, on_hand=delta, reason=reason, actor=actor
    )
    try:
        async with resources.database.transaction() as connection:
            stock = await store.move(connection, movement)
            change = availability_change(stock, movement) if stock else None
            if change is not None:
                await resources.outbox.append(connection, change)
    except asyncpg.UniqueViolationError:
        return await store.noted_adjustment(resources.database, variant_id, key)
    if stock is None:
        await _stock(resources, variant_id)
        raise StockProblem(
            ErrorCode.STOCK_WOULD_GO_NEGATIVE,
            "Fewer units would be on hand than are promised to orders.",
            "delta",
        )
    return delta


async def _stock(resources: Resources, variant_id: str) -> Stock:
    found = await store.stocks(resources.database, [variant_id])
    if variant_id not in found:
        raise _unknown(variant_id)
    return found[variant_id]


def _unknown(variant_id: str) -> StockProblem:
    return StockProblem(
        ErrorCode.NOT_FOUND, f'There is no variant "{variant_id[:60]}" in stock.', "variantId"
    )
