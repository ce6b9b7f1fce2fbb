"""The checkout saga: reserve, authorise, commit, confirm; and back again when it cannot go on.

Reserve comes before authorise, so a shortage moves no money; commit before confirm, so the pivot
holds both. Every call is safe to repeat, so a step needs no record of having begun: whoever
resumes a saga begins at its stored step and gets the same answers. PeerSilent leaves it to be
resumed; only a definite answer moves it.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, assert_never

import structlog

from subgraphs.chassis.outbox import Event
from subgraphs.chassis.refusal import PeerSilent, Refusal
from subgraphs.order import events
from subgraphs.order.domain import (
    ActionRequired,
    Authorisation,
    Authorised,
    Declined,
    ErrorCode,
    Failure,
    Held,
    HoldEnded,
    OrderStatus,
    OutcomeUnknown,
    PricedLine,
    Reservation,
    Short,
    out_of_stock,
)
from subgraphs.order.handlers.resources import Resources
from subgraphs.order.store import progress
from subgraphs.order.store.progress import Change, LeaseLostError, Saga, Step

MOST_ATTEMPTS = 20
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 0.5, 60.0
ACTION_POLL_SECONDS = 5.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Finished:
    """What the saga made of the order."""

    status: OrderStatus
    change: Change
    failure: Failure | None = None


class _Undo(Exception):  # noqa: N818 - turns the saga round
    """The checkout cannot go on: what may have to be undone, a hold or a promise of money."""

    def __init__(self, failure: Failure, *, void: bool, release: bool = True) -> None:
        super().__init__(failure.message)
        self.failure = failure
        self.void = void
        self.release = release


class _Waiting(Exception):  # noqa: N818 - a pause, not a fault
    """The buyer has to act first."""


def saga_data(
    customer_id: str | None,
    amount: tuple[int, str],
    lines: Sequence[PricedLine],
    payment: Mapping[str, str | None],
) -> Mapping[str, Any]:
    """What a saga remembers: `payment` holds "token" or "method_id"."""
    return {
        "customer_id": customer_id,
        "total": amount[0],
        "currency": amount[1],
        "lines": [
            [line.product_id, line.variant_id, line.sku, line.name, line.unit_minor, line.quantity]
            for line in lines
        ],
        "payment": dict(payment),
    }


async def run(resources: Resources, saga: Saga) -> Finished | None:
    """Take the saga as far as it goes; None when it was left for later or to another worker."""
    try:
        if saga.step is not Step.COMPENSATE:
            return await _forward(resources, saga)
        return await _compensate(resources, saga)
    except (PeerSilent, Refusal) as answer:
        # A refusal that no step expects is looked at by people, once it has been tried enough.
        await _postpone(resources, saga, str(answer))
    except _Waiting:
        await progress.wait(resources.database, saga, ACTION_POLL_SECONDS)
    except LeaseLostError:
        log.info("another worker has this checkout", order=saga.order_id)
    return None


async def _forward(resources: Resources, saga: Saga) -> Finished | None:
    try:
        _check_time(saga)
        if saga.step is Step.RESERVE:
            await _reserve(resources, saga)
        await _authorise(resources, saga)
        await _commit(resources, saga)
        return await _confirm(resources, saga)
    except _Undo as undo:
        if not (undo.void or undo.release):
            return await _reject(resources, saga, undo.failure)
        return await _compensate(resources, await _turn(resources, saga, undo))


def _check_time(saga: Saga) -> None:
    if saga.is_late:
        failure = Failure(ErrorCode.PAYMENT_TIMEOUT, "The checkout took too long; try again.")
        raise _Undo(failure, void=True)


async def _reserve(resources: Resources, saga: Saga) -> None:
    wanted = [(line.variant_id, line.quantity) for line in _lines(saga)]
    try:
        answer = await resources.peers.inventory.reserve(saga.order_id, wanted)
    except Refusal as refusal:
        raise _Undo(_unsellable(refusal), void=False, release=False) from refusal
    if isinstance(answer, Short):
        raise _Undo(out_of_stock(answer), void=False, release=False)
    _held_or_undo(answer, void=False)
    if not await progress.await_payment(resources.database, saga):
        raise _Undo(_cancelled(), void=False)


async def _authorise(resources: Resources, saga: Saga) -> None:
    payments, data = resources.peers.payments, saga.data
    try:
        answer: Authorisation | None = await payments.authorise(
            saga.order_id,
            (data["total"], data["currency"]),
            token=data["payment"].get("token"),
            method_id=data["payment"].get("method_id"),
            customer_id=data["customer_id"],
        )
        if isinstance(answer, OutcomeUnknown):
            answer = await payments.authorisation(saga.order_id)
    except Refusal as refusal:
        code = ErrorCode.PAYMENT_DECLINED
        raise _Undo(Failure(code, refusal.message, refusal.details), void=True) from refusal
    except PeerSilent:
        answer = await payments.authorisation(saga.order_id)
    match answer:
        case Authorised():
            return
        case Declined(reason):
            failure = Failure(
                ErrorCode.PAYMENT_DECLINED, "The payment was declined.", {"declineCode": reason}
            )
            raise _Undo(failure, void=False)
        case ActionRequired():
            raise _Waiting
        case OutcomeUnknown() | None:
            raise PeerSilent("payment: the authorisation's outcome is not known yet")
        case _:
            assert_never(answer)


async def _commit(resources: Resources, saga: Saga) -> None:
    inventory = resources.peers.inventory
    answer = await inventory.commit(saga.order_id)
    if isinstance(answer, HoldEnded) and not answer.released:
        # The hold ran out while the buyer paid: try once to get it back.
        wanted = [(line.variant_id, line.quantity) for line in _lines(saga)]
        _held_or_undo(await inventory.reserve(saga.order_id, wanted), void=True)
        answer = await inventory.commit(saga.order_id)
    _held_or_undo(answer, void=True)


async def _confirm(resources: Resources, saga: Saga) -> Finished:
    data = saga.data
    payload = events.placed_payload(
        data["customer_id"], data["currency"], data["total"], _lines(saga)
    )
    async with resources.database.transaction() as connection:
        change = await progress.confirm(connection, saga)
        if change is not None:
            event = Event(events.CONFIRMED, saga.order_id, payload)
            await resources.outbox.append(connection, event)
    if change is None:
        raise _Undo(_cancelled(), void=True)
    return Finished(OrderStatus.CONFIRMED, change)


async def _turn(resources: Resources, saga: Saga, undo: _Undo) -> Saga:
    """Write down why and what is to be undone, before anything is."""
    failure = undo.failure
    noted = {
        "void": undo.void,
        "failure": {
            "code": failure.code.value,
            "message": failure.message,
            "details": dict(failure.details),
        },
    }
    await progress.begin_compensation(resources.database, saga, noted)
    return replace(saga, step=Step.COMPENSATE, attempts=0, data={**saga.data, **noted})


async def _compensate(resources: Resources, saga: Saga) -> Finished | None:
    noted = saga.data["failure"]
    failure = Failure(ErrorCode(noted["code"]), noted["message"], noted["details"])
    if saga.data["void"]:
        await resources.peers.payments.void(saga.order_id)
    await resources.peers.inventory.release(saga.order_id)
    return await _reject(resources, saga, failure)


async def _reject(resources: Resources, saga: Saga, failure: Failure) -> Finished | None:
    """Nothing is held any more: the end."""
    async with resources.database.transaction() as connection:
        change = await progress.reject(connection, saga, failure)
        if change is not None:
            payload = events.rejected_payload(failure)
            await resources.outbox.append(
                connection, Event(events.REJECTED, saga.order_id, payload)
            )
    return Finished(OrderStatus.REJECTED, change, failure) if change else None


async def _postpone(resources: Resources, saga: Saga, reason: str) -> None:
    longest = min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2**saga.attempts)
    seconds = random.uniform(longest / 2, longest)  # noqa: S311 - jitter
    stuck = await progress.postpone(resources.database, saga, seconds, MOST_ATTEMPTS)
    if stuck:
        log.error("a checkout is stuck: ReapplySaga resumes it", order=saga.order_id, reason=reason)
    else:
        log.warning("a checkout waits", order=saga.order_id, step=saga.step, reason=reason)


def _lines(saga: Saga) -> list[PricedLine]:
    return [PricedLine(*line) for line in saga.data["lines"]]


def _held_or_undo(answer: Reservation, *, void: bool) -> None:
    match answer:
        case Held():
            return
        case Short():
            raise _Undo(out_of_stock(answer), void=void)
        case HoldEnded():
            raise _Undo(_cancelled(), void=void)
        case _:
            assert_never(answer)


def _cancelled() -> Failure:
    return Failure(ErrorCode.UNAVAILABLE, "The order was cancelled while it was placed.")


def _unsellable(refusal: Refusal) -> Failure:
    if refusal.code == "NOT_FOUND":
        return Failure(ErrorCode.OUT_OF_STOCK, refusal.message, refusal.details)
    log.error("inventory refused a reservation", code=refusal.code, reason=refusal.message)
    return Failure(ErrorCode.UNAVAILABLE, "The stock could not be reserved; try again later.")
