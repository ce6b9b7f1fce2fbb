"""Authorising: once for each key, whatever the provider does in between."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from subgraphs.chassis.database import Database
from subgraphs.payment.domain import (
    ErrorCode,
    OperationStatus,
    PaymentProblem,
    PaymentStatus,
)
from subgraphs.payment.handlers.authorisation import Wish, authorise, result_by_key
from subgraphs.payment.handlers.recovery import recover
from subgraphs.payment.handlers.resources import Resources
from subgraphs.payment.handlers.voiding import void
from subgraphs.payment.provider.port import Outcome
from subgraphs.payment.provider.sandbox import Sandbox
from tests.payment.books import Books, Charge

ORDER = "ord_1"
GOOD = "tok_sandbox_ok"


def wish(token: str = GOOD, **changes: object) -> Wish:
    made = Wish(ORDER, 1999, "USD", "ord_1:auth:1", token, None, "usr_1")
    return replace(made, **changes)  # type: ignore[arg-type]


async def test_an_authorisation_is_promised_at_the_provider_and_told(
    resources: Resources, books: Books
) -> None:
    result = await authorise(resources, wish())
    assert result.operation.status is OperationStatus.SUCCEEDED
    assert (result.payment.status, result.payment.authorised) == (PaymentStatus.AUTHORISED, 1999)
    assert await books.charges() == [Charge(1999, 0, 0, voided=False)]
    assert await books.events() == ["payment.authorised"]


async def test_the_same_key_ten_times_at_once_charges_once(
    resources: Resources, books: Books
) -> None:
    results = await asyncio.gather(*(authorise(resources, wish()) for _ in range(10)))
    assert len({result.operation.id for result in results}) == 1
    assert len(await books.charges()) == 1
    again = await authorise(resources, wish())
    assert again.operation.status is OperationStatus.SUCCEEDED
    assert await books.events() == ["payment.authorised"]


@pytest.mark.parametrize(
    "changes", [{"amount": 1998}, {"currency": "EUR"}, {"order_id": "ord_2"}, {"token": "tok_x"}]
)
async def test_the_same_key_with_other_contents_is_refused(
    resources: Resources, books: Books, changes: dict[str, object]
) -> None:
    await authorise(resources, wish())
    with pytest.raises(PaymentProblem) as refused:
        await authorise(resources, wish(**changes))
    assert refused.value.code is ErrorCode.IDEMPOTENCY_MISMATCH
    assert len(await books.charges()) == 1


@pytest.mark.parametrize(
    ("token", "code"),
    [
        ("tok_sandbox_declined", "card_declined"),
        ("tok_sandbox_insufficient_funds", "insufficient_funds"),
        ("4111111111111111", "invalid_token"),
    ],
)
async def test_a_decline_is_an_answer_and_another_attempt_may_succeed(
    resources: Resources, books: Books, token: str, code: str
) -> None:
    declined = await authorise(resources, wish(token))
    assert declined.operation.decline_code == code
    assert declined.payment.status is PaymentStatus.DECLINED
    assert await books.charges() == []
    second = await authorise(resources, wish(key="ord_1:auth:2", amount=1500))
    assert second.payment.status is PaymentStatus.AUTHORISED
    assert await books.charges() == [Charge(1500, 0, 0, voided=False)]
    assert await books.events() == ["payment.declined", "payment.authorised"]


async def test_a_second_authorisation_beside_a_first_is_refused(
    resources: Resources, books: Books
) -> None:
    await authorise(resources, wish())
    with pytest.raises(PaymentProblem) as refused:
        await authorise(resources, wish(key="ord_1:auth:2"))
    assert refused.value.code is ErrorCode.WRONG_PAYMENT_STATE
    assert len(await books.charges()) == 1


async def test_a_timeout_after_the_charge_is_resolved_by_a_look_up_and_not_charged_again(
    resources: Resources, books: Books
) -> None:
    result = await authorise(resources, wish("tok_sandbox_timeout_after_charge"))
    assert result.operation.status is OperationStatus.UNKNOWN
    assert result.payment.status is PaymentStatus.UNKNOWN
    found = await result_by_key(resources, "ord_1:auth:1")
    assert found.operation.status is OperationStatus.SUCCEEDED
    assert found.payment.status is PaymentStatus.AUTHORISED
    assert await books.charges() == [Charge(1999, 0, 0, voided=False)]


async def test_a_request_lost_on_the_way_is_unknown_first_and_declined_once_it_is_old(
    resources: Resources, books: Books
) -> None:
    patient = replace(resources, lost_after_seconds=60.0)
    await authorise(patient, wish("tok_sandbox_timeout"))
    young = await result_by_key(patient, "ord_1:auth:1")
    assert young.operation.status is OperationStatus.UNKNOWN
    old = await result_by_key(resources, "ord_1:auth:1")
    assert old.operation.decline_code == "not_received"
    assert old.payment.status is PaymentStatus.DECLINED
    assert await books.charges() == []


class DyingSandbox(Sandbox):
    """A provider that charges, after which our process dies."""

    async def authorise(self, key: str, token: str, amount: int, currency: str) -> Outcome:
        await super().authorise(key, token, amount, currency)
        raise asyncio.CancelledError


async def test_an_operation_whose_process_died_is_settled_by_recovery(
    resources: Resources, books: Books, database: Database
) -> None:
    dying = replace(resources, provider=DyingSandbox(database))
    with pytest.raises(asyncio.CancelledError):
        await authorise(dying, wish())
    stored = await database.fetchval("select status from payment_operations")
    assert stored == "REQUESTED"
    assert await recover(resources, older_than=0.0) == 1
    assert await recover(resources, older_than=0.0) == 0
    found = await result_by_key(resources, "ord_1:auth:1")
    assert found.payment.status is PaymentStatus.AUTHORISED
    assert len(await books.charges()) == 1


class SlowSandbox(Sandbox):
    """A provider that takes longer than we wait."""

    async def authorise(self, key: str, token: str, amount: int, currency: str) -> Outcome:
        await asyncio.sleep(30)
        return await super().authorise(key, token, amount, currency)


async def test_a_provider_gets_a_deadline(
    resources: Resources, books: Books, database: Database
) -> None:
    slow = replace(resources, provider=SlowSandbox(database), provider_seconds=0.05)
    result = await authorise(slow, wish())
    assert result.operation.status is OperationStatus.UNKNOWN


async def test_a_key_nobody_used_is_not_found(resources: Resources, books: Books) -> None:
    with pytest.raises(PaymentProblem) as refused:
        await result_by_key(resources, "ord_none:auth:1")
    assert refused.value.code is ErrorCode.NOT_FOUND


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": 0},
        {"amount": -5},
        {"amount": 10**14},
        {"key": ""},
        {"order_id": ""},
        {"token": None},
        {"method_id": "pm_1"},
    ],
)
async def test_a_wish_that_makes_no_sense_leaves_nothing_behind(
    resources: Resources, database: Database, changes: dict[str, object]
) -> None:
    with pytest.raises(PaymentProblem) as refused:
        await authorise(resources, wish(**changes))
    assert refused.value.code is ErrorCode.INVALID_INPUT
    assert await database.fetchval("select count(*) from payments") == 0


async def test_a_stored_method_is_charged_for_its_owner_only(
    resources: Resources, books: Books, database: Database
) -> None:
    await database.execute(
        """
        insert into payment_methods (id, user_id, kind, provider_token, label, wallet)
        values ('pm_1', 'usr_1', 'WALLET', 'tok_sandbox_ok_1', 'PayPal', 'PayPal')
        """
    )
    with pytest.raises(PaymentProblem) as refused:
        await authorise(resources, wish(token=None, method_id="pm_1", customer_id="usr_2"))
    assert refused.value.code is ErrorCode.NOT_FOUND
    result = await authorise(resources, wish(token=None, method_id="pm_1"))
    assert result.payment.status is PaymentStatus.AUTHORISED


async def test_nothing_is_charged_for_an_order_that_was_voided_before(
    resources: Resources, books: Books
) -> None:
    await void(resources, "ord_1:void:1", order_id=ORDER)
    with pytest.raises(PaymentProblem) as refused:
        await authorise(resources, wish())
    assert refused.value.code is ErrorCode.WRONG_PAYMENT_STATE
    assert await books.charges() == []
