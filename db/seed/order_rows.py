"""Past orders as rows of order's, inventory's and payment's tables, each agreeing with the others.

The ledger's sums stay the stock's figures, and the provider's books say what our payments say.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta

from db.seed.catalogue import NOW
from db.seed.copying import Connection, copy
from db.seed.history import CURRENCY, Order

# Goods for all these orders came before the first of them.
RECEIVED = NOW - timedelta(days=725)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
_ADD_ALLOCATED = """
update stock set on_hand = on_hand + line.units, allocated = allocated + line.units
from unnest($1::text[], $2::int[]) as line (variant_id, units)
where stock.variant_id = line.variant_id
"""
Movement = tuple[object, ...]


async def write_orders(connection: Connection, batch: Sequence[Order]) -> None:
    """Orders, lines and their history."""
    await copy(
        connection,
        "orders",
        "id number customer_id contact_email status currency subtotal total failure_code "
        "failure_message placed_at updated_at",
        [
            (
                *(one.id, one.number, one.customer.id, one.customer.email, one.status, CURRENCY),
                *(one.total, one.total, *_failure(one), one.placed_at, one.placed_at + DAY),
            )
            for one in batch
        ],
    )
    await copy(
        connection,
        "order_lines",
        "id order_id product_id variant_id sku name unit_minor quantity fulfilled",
        [
            (
                *(sale.id, one.id, sale.product.id, sale.variant.id, sale.variant.sku),
                *(f"{sale.product.name}, {sale.variant.title}", sale.unit_minor, sale.quantity),
                sale.quantity if one.is_shipped else 0,
            )
            for one in batch
            for sale in one.sales
        ],
    )
    events = [event for one in batch for event in _events(one)]
    await copy(connection, "order_events", "order_id at kind message actor", events)


async def write_reservations(connection: Connection, batch: Sequence[Order]) -> None:
    """Reservations, their ledger, and the stock that is promised to orders under way."""
    await copy(
        connection,
        "reservations",
        "id status expires_at created_at updated_at",
        [
            (one.id, one.reservation, one.placed_at + 15 * MINUTE, one.placed_at, one.placed_at)
            for one in batch
        ],
    )
    await copy(
        connection,
        "reservation_lines",
        "reservation_id variant_id quantity shipped",
        [
            (one.id, sale.variant.id, sale.quantity, sale.quantity if one.is_shipped else 0)
            for one in batch
            for sale in one.sales
        ],
    )
    await copy(
        connection,
        "stock_movements",
        "variant_id kind delta_on_hand delta_reserved delta_allocated reference at",
        [movement for one in batch for movement in _movements(one)],
    )
    promised: Counter[str] = Counter()
    for one in batch:
        if one.reservation == "COMMITTED":
            promised.update({sale.variant.id: sale.quantity for sale in one.sales})
    await connection.execute(_ADD_ALLOCATED, list(promised), list(promised.values()))


async def write_payments(connection: Connection, batch: Sequence[Order]) -> None:
    """Payments and their operations, and the provider's books beside them."""
    await copy(
        connection,
        "payments",
        "id order_id customer_id currency amount authorised captured refunded status "
        "psp_reference cancel_requested_at created_at updated_at",
        [_payment(one) for one in batch],
    )
    await copy(
        connection,
        "sandbox_authorisations",
        "reference token currency amount captured refunded voided",
        [
            (
                *(_reference(one), "tok_sandbox_ok", CURRENCY, one.total),
                *(*_moved(one), one.payment == "VOIDED"),
            )
            for one in batch
            if one.payment != "DECLINED"
        ],
    )
    operations = [operation for one in batch for operation in _operations(one)]
    await copy(
        connection,
        "payment_operations",
        "id payment_id kind idempotency_key request_hash amount status psp_reference "
        "decline_code requested_at settled_at",
        operations,
    )
    await copy(
        connection,
        "sandbox_requests",
        "idempotency_key kind reference amount decline_code at",
        [(row[3], row[2], row[7], row[5], row[8], row[9]) for row in operations],
    )


def _failure(order: Order) -> tuple[str | None, str | None]:
    if order.status != "REJECTED":
        return None, None
    return "PAYMENT_DECLINED", "The payment was declined."


def _events(order: Order) -> Iterator[Movement]:
    """The history as it is told: one entry for each state the order was in."""
    at, who = order.placed_at, order.customer.id
    yield order.id, at, "PLACED", "The order was placed.", who
    if order.status == "REJECTED":
        yield order.id, at + MINUTE, "REJECTED", "The payment was declined.", "system"
        return
    yield order.id, at + MINUTE, "CONFIRMED", "Stock and payment are secured.", "system"
    if order.status == "CANCELLED":
        yield order.id, at + 30 * MINUTE, "CANCELLED", "The buyer cancelled the order.", who
    if order.payment in ("CAPTURED", "REFUNDED", "PARTIALLY_REFUNDED"):
        yield order.id, at + 2 * MINUTE, "PAID", "The payment was captured.", "system"
    if order.is_shipped:
        yield order.id, at + DAY, "FULFILLED", "The goods were shipped.", "system"
    if order.status in ("DELIVERED", "REFUNDED", "PARTIALLY_REFUNDED"):
        yield order.id, at + 3 * DAY, "DELIVERED", "The goods were delivered.", "system"
    if order.payment in ("REFUNDED", "PARTIALLY_REFUNDED"):
        yield order.id, at + 6 * DAY, order.payment, "Money was given back.", "system"


def _movements(order: Order) -> Iterator[Movement]:
    """What each line did to the stock: received for it, held, and then shipped or given back."""
    at = order.placed_at
    for sale in order.sales:
        variant, units = sale.variant.id, sale.quantity
        if order.reservation != "RELEASED":
            yield variant, "RECEIPT", units, 0, 0, f"delivery-{order.id}", RECEIVED
        yield variant, "RESERVE", 0, units, 0, order.id, at
        if order.reservation == "RELEASED":
            yield variant, "RELEASE", 0, -units, 0, order.id, at + MINUTE
            continue
        yield variant, "ALLOCATE", 0, -units, units, order.id, at + MINUTE
        if order.is_shipped:
            yield variant, "SHIP", -units, 0, -units, f"{order.id}:ship:1", at + DAY


def _payment(order: Order) -> Movement:
    authorised = 0 if order.payment == "DECLINED" else order.total
    cancelled = order.placed_at + 30 * MINUTE if order.payment == "VOIDED" else None
    return (
        *(_payment_id(order), order.id, order.customer.id, CURRENCY, order.total, authorised),
        *(*_moved(order), order.payment, _reference(order) if authorised else None, cancelled),
        *(order.placed_at, order.placed_at + MINUTE),
    )


def _moved(order: Order) -> tuple[int, int]:
    """Minor units captured and refunded."""
    total = order.total
    match order.payment:
        case "CAPTURED":
            return total, 0
        case "PARTIALLY_REFUNDED":
            return total, total // 2
        case "REFUNDED":
            return total, total
        case _:
            return 0, 0


def _operations(order: Order) -> Iterator[Movement]:
    total = order.total
    captured, refunded = _moved(order)
    if order.payment == "DECLINED":
        yield _operation(order, "AUTHORISE", "auth", total, "card_declined", 1)
        return
    yield _operation(order, "AUTHORISE", "auth", total, None, 1)
    if order.payment == "VOIDED":
        yield _operation(order, "VOID", "void", total, None, 30)
    if captured:
        yield _operation(order, "CAPTURE", "cap", captured, None, 2)
    if refunded:
        yield _operation(order, "REFUND", "refund", refunded, None, 6 * 24 * 60)


def _operation(
    order: Order, kind: str, short: str, amount: int, decline_code: str | None, minutes: int
) -> Movement:
    key = f"{order.id}:{short}:1"
    at = order.placed_at + minutes * MINUTE
    declined = decline_code is not None
    return (
        *(f"pop_{_digits(key)}", _payment_id(order), kind, key),
        *(hashlib.sha256(key.encode()).digest(), amount, "FAILED" if declined else "SUCCEEDED"),
        *(None if declined else _reference(order), decline_code, at, at),
    )


def _payment_id(order: Order) -> str:
    return "pay_" + order.id.removeprefix("ord_")


def _reference(order: Order) -> str:
    return "psp_" + order.id.removeprefix("ord_")


def _digits(key: str) -> str:
    return hashlib.blake2b(key.encode(), digest_size=16).hexdigest()
