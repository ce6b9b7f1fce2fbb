"""createOrder: checks, prices and a durable start; then the saga has two seconds to finish."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson

from subgraphs.chassis.caller import Caller
from subgraphs.chassis.ids import checked_id, new_id, uuid7_hex
from subgraphs.chassis.money import checked_currency
from subgraphs.chassis.outbox import Event
from subgraphs.order import events
from subgraphs.order.domain import (
    NUMBER_BITS,
    ErrorCode,
    Order,
    OrderLine,
    OrderProblem,
    OrderStatus,
    PricedLine,
    Wish,
    by_variant,
    order_number,
    summed,
    total_of,
)
from subgraphs.order.handlers.checkout import Finished, saga_data
from subgraphs.order.handlers.resources import Resources
from subgraphs.order.handlers.running import Sagas
from subgraphs.order.store import placing, reading
from subgraphs.order.store.progress import Saga, Step

PATIENCE_SECONDS = 2.0
LONGEST_EMAIL, LONGEST_KEY, LONGEST_TOKEN = 254, 200, 500
_SETTLING = {OrderStatus.PENDING, OrderStatus.AWAITING_PAYMENT}


@dataclass(frozen=True, slots=True)
class OrderRequest:
    """What the buyer sends. Exactly one of the payment fields is needed, or the sandbox's."""

    wishes: Sequence[Wish]
    idempotency_key: str | None = None
    payment_method_id: str | None = None
    payment_token: str | None = None
    address: Mapping[str, Any] | None = None
    contact_email: str | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """The order as far as it came; `guest_token` is the secret shown once to a guest."""

    order: Order
    guest_token: str | None = None


async def create_order(
    resources: Resources, sagas: Sagas, caller: Caller, request: OrderRequest
) -> Placed:
    """Place an order and wait up to two seconds for it. Raises OrderProblem or Refusal.

    An order that was rejected in that time is raised as its problem.
    """
    wishes = summed(_checked(request.wishes))
    payment = _payment(resources, caller, request)
    email = await _contact_email(resources, caller, request.contact_email)
    if request.currency is not None:
        checked_currency(request.currency, "input.currency")
    key = _key(caller, email, request, wishes)
    if key is not None:
        known = await _known(resources, key)
        if known is not None:
            return known
    sagas.admit()
    currency, priced = await resources.peers.catalog.quote(wishes, request.currency)
    draft, guest_token = _draft(caller, email, request, currency, by_variant(priced), payment)
    placed = await _place(resources, draft, key)
    if placed is None:
        return await _repeated(resources, key)
    lease = Saga(
        draft.id, Step.RESERVE, 0, is_late=False, lease_token=draft.lease_token, data=draft.saga
    )
    finished = await sagas.start(lease, PATIENCE_SECONDS)
    order = await _reached(resources, placed, finished)
    return Placed(_sold(order), guest_token)


def _checked(wishes: Sequence[Wish]) -> Sequence[Wish]:
    for position, wish in enumerate(wishes):
        checked_id(wish.product_id, "prd", f"input.items.{position}.productId")
        if wish.variant_id is not None:
            checked_id(wish.variant_id, "var", f"input.items.{position}.variantId")
    return wishes


def _payment(
    resources: Resources, caller: Caller, request: OrderRequest
) -> Mapping[str, str | None]:
    token, method_id = request.payment_token, request.payment_method_id
    if token is not None and method_id is not None:
        raise OrderProblem(
            ErrorCode.INVALID_INPUT, "Give paymentToken or paymentMethodId, not both."
        )
    if method_id is not None:
        if caller.is_guest:
            raise OrderProblem(
                ErrorCode.INVALID_INPUT, "paymentMethodId: guests have no stored methods."
            )
        return {"method_id": checked_id(method_id, "pmt", "input.paymentMethodId")}
    token = token if token is not None else resources.sandbox_payment_token
    if not token:
        raise OrderProblem(
            ErrorCode.PAYMENT_METHOD_REQUIRED,
            "Say how it is paid: input.paymentToken or input.paymentMethodId.",
        )
    if len(token) > LONGEST_TOKEN:
        raise OrderProblem(ErrorCode.INVALID_INPUT, "input.paymentToken is too long.")
    return {"token": token}


async def _contact_email(resources: Resources, caller: Caller, given: str | None) -> str:
    if given is None:
        if caller.user_id is None:
            raise OrderProblem(
                ErrorCode.INVALID_INPUT,
                "input.contactEmail: guests need one, so that the order can be found again.",
                {"field": "input.contactEmail"},
            )
        return await resources.peers.accounts.email(caller.user_id)
    email = given.strip()
    name, at, host = email.rpartition("@")
    if not (name and at and "." in host) or len(email) > LONGEST_EMAIL or " " in email:
        raise OrderProblem(
            ErrorCode.INVALID_INPUT,
            "input.contactEmail is not an e-mail address.",
            {"field": "input.contactEmail"},
        )
    return email


@dataclass(frozen=True, slots=True)
class _Key:
    """An idempotency key in its scope: a customer, or a guest's e-mail address."""

    scope: str
    key: str
    request_hash: bytes


def _key(caller: Caller, email: str, request: OrderRequest, wishes: Sequence[Wish]) -> _Key | None:
    key = request.idempotency_key
    if key is None:
        return None
    if not 1 <= len(key) <= LONGEST_KEY:
        raise OrderProblem(
            ErrorCode.INVALID_INPUT, f"input.idempotencyKey has 1 to {LONGEST_KEY} characters."
        )
    scope = caller.user_id or "guest:" + hashlib.sha256(email.casefold().encode()).hexdigest()
    content = [
        sorted([wish.product_id, wish.variant_id or "", wish.quantity] for wish in wishes),
        [request.payment_method_id, request.payment_token, request.currency, email],
        request.address,
    ]
    digest = hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).digest()
    return _Key(scope, key, digest)


def _draft(
    caller: Caller,
    email: str,
    request: OrderRequest,
    currency: str,
    lines: Sequence[PricedLine],
    payment: Mapping[str, str | None],
) -> tuple[placing.NewOrder, str | None]:
    guest_token = secrets.token_urlsafe(32) if caller.is_guest else None
    total = total_of(lines)
    draft = placing.NewOrder(
        id=new_id("ord"),
        number=order_number(secrets.randbits(NUMBER_BITS)),
        customer_id=caller.user_id,
        contact_email=email,
        currency=currency,
        total=total,
        address=request.address,
        guest_token_hash=token_hash(guest_token) if guest_token else None,
        lines=tuple(OrderLine(new_id("oli"), line) for line in lines),
        lease_token=uuid7_hex(),
        saga=saga_data(caller.user_id, (total, currency), lines, payment),
    )
    return draft, guest_token


async def _place(resources: Resources, draft: placing.NewOrder, key: _Key | None) -> Order | None:
    """Step 0 in one transaction; None when the key was taken by a request at the same time."""
    lines = [item.line for item in draft.lines]
    payload = events.placed_payload(draft.customer_id, draft.currency, draft.total, lines)
    event = Event(events.CREATED, draft.id, payload, actor=draft.customer_id or "guest")
    async with resources.database.transaction() as connection:
        if key is not None and not await placing.claim_key(
            connection, key.scope, key.key, key.request_hash, draft.id
        ):
            return None
        placed_at = await placing.place(connection, draft)
        await resources.outbox.append(connection, event)
    return Order(
        id=draft.id,
        number=draft.number,
        customer_id=draft.customer_id,
        contact_email=draft.contact_email,
        status=OrderStatus.PENDING,
        currency=draft.currency,
        total=draft.total,
        address=draft.address,
        failure=None,
        version=1,
        placed_at=placed_at,
        updated_at=placed_at,
        lines=draft.lines,
    )


async def _reached(resources: Resources, placed: Order, finished: Finished | None) -> Order:
    """The order as it is now: known from the saga's end, else read."""
    if finished is None:
        return (await reading.orders_by_id(resources.database, [placed.id]))[placed.id]
    return replace(
        placed,
        status=finished.status,
        version=finished.change.version,
        updated_at=finished.change.updated_at,
        failure=finished.failure,
    )


async def _known(resources: Resources, key: _Key) -> Placed | None:
    """What the same key came to before, waited for. Raises IDEMPOTENCY_MISMATCH."""
    async with resources.database.pool.acquire() as connection:
        known = await placing.known_key(connection, key.scope, key.key)
    if known is None:
        return None
    request_hash, order_id = known
    if request_hash != key.request_hash:
        raise OrderProblem(
            ErrorCode.IDEMPOTENCY_MISMATCH,
            "This idempotencyKey was used for another order; use a new key for a new order.",
        )
    deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
    while True:
        order = (await reading.orders_by_id(resources.database, [order_id]))[order_id]
        if order.status not in _SETTLING or asyncio.get_running_loop().time() > deadline:
            return Placed(_sold(order))
        await asyncio.sleep(0.05)


async def _repeated(resources: Resources, key: _Key | None) -> Placed:
    known = await _known(resources, key) if key is not None else None
    if known is None:
        raise OrderProblem(ErrorCode.UNAVAILABLE, "The order could not be placed; try again.")
    return known


def _sold(order: Order) -> Order:
    """The order itself. Raises OrderProblem when it was rejected."""
    if order.status is OrderStatus.REJECTED and order.failure is not None:
        details = {**order.failure.details, "orderId": order.id}
        raise OrderProblem(order.failure.code, order.failure.message, details)
    return order


def token_hash(token: str) -> bytes:
    """What is stored of a guest's secret."""
    return hashlib.sha256(token.encode()).digest()
