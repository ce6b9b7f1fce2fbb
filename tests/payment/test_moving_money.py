"""Capturing, refunding and voiding: never more than was promised or taken, once for each key."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from subgraphs.chassis.database import Database
from subgraphs.payment.domain import ErrorCode, OperationStatus, PaymentProblem, PaymentStatus
from subgraphs.payment.handlers.authorisation import Wish, authorise, result_by_key
from subgraphs.payment.handlers.money_movements import Movement, capture, refund
from subgraphs.payment.handlers.recovery import recover
from subgraphs.payment.handlers.resources import Resources, Result
from subgraphs.payment.handlers.voiding import void
from subgraphs.payment.provider.port import Outcome, ProviderSilent
from subgraphs.payment.provider.sandbox import Sandbox
from tests.payment.books import Books, Charge

GOOD = "tok_sandbox_ok"


async def authorised(resources: Resources, token: str = GOOD) -> str:
    """The id of a payment of 10.00 USD for ord_1."""
    wish = Wish("ord_1", 1000, "USD", "ord_1:auth:1", token, None, None)
    return (await authorise(resources, wish)).payment.id


async def test_money_is_captured_in_parts_and_refunded_in_parts(
    resources: Resources, books: Books
) -> None:
    payment = await authorised(resources)
    seen = []
    for move, amount, key in (
        (capture, 400, "c1"),
        (capture, 600, "c2"),
        (refund, 100, "r1"),
        (refund, 900, "r2"),
    ):
        result = await move(resources, Movement(payment, amount, key, "USD"))
        again = await move(resources, Movement(payment, amount, key, "USD"))
        assert again.operation.id == result.operation.id
        seen.append((result.payment.status, result.payment.captured, result.payment.refunded))
    assert seen == [
        (PaymentStatus.PARTIALLY_CAPTURED, 400, 0),
        (PaymentStatus.CAPTURED, 1000, 0),
        (PaymentStatus.PARTIALLY_REFUNDED, 1000, 100),
        (PaymentStatus.REFUNDED, 1000, 1000),
    ]
    assert await books.charges() == [Charge(1000, 1000, 1000, voided=False)]
    assert await books.events() == [
        "payment.authorised",
        "payment.captured",
        "payment.captured",
        "payment.refunded",
        "payment.refunded",
    ]


async def test_no_more_is_captured_than_was_authorised_even_at_the_same_time(
    resources: Resources, books: Books
) -> None:
    payment = await authorised(resources)
    results = await asyncio.gather(
        *(capture(resources, Movement(payment, 300, f"c{n}")) for n in range(6)),
        return_exceptions=True,
    )
    done = [result for result in results if isinstance(result, Result)]
    refused = [result for result in results if isinstance(result, PaymentProblem)]
    assert len(done) == 3
    assert {problem.code for problem in refused} == {ErrorCode.AMOUNT_EXCEEDS_AUTHORISED}
    assert await books.charges() == [Charge(1000, 900, 0, voided=False)]


async def test_no_more_is_refunded_than_was_captured(resources: Resources, books: Books) -> None:
    payment = await authorised(resources)
    with pytest.raises(PaymentProblem) as early:
        await refund(resources, Movement(payment, 1, "r0"))
    assert early.value.code is ErrorCode.WRONG_PAYMENT_STATE
    await capture(resources, Movement(payment, 500, "c1"))
    with pytest.raises(PaymentProblem) as refused:
        await refund(resources, Movement(payment, 501, "r1"))
    assert refused.value.code is ErrorCode.AMOUNT_EXCEEDS_CAPTURED


@pytest.mark.parametrize(
    ("movement", "code"),
    [
        (Movement("pay_none", 1, "c1"), ErrorCode.NOT_FOUND),
        (Movement("", 0, "c1"), ErrorCode.INVALID_INPUT),
        (Movement("", 1, ""), ErrorCode.INVALID_INPUT),
        (Movement("", 1, "c1", "EUR"), ErrorCode.INVALID_INPUT),
        (Movement("", 1, "ord_1:auth:1"), ErrorCode.IDEMPOTENCY_MISMATCH),
    ],
)
async def test_a_capture_that_makes_no_sense_says_why(
    resources: Resources, books: Books, movement: Movement, code: ErrorCode
) -> None:
    payment = await authorised(resources)
    with pytest.raises(PaymentProblem) as refused:
        await capture(resources, replace(movement, payment_id=movement.payment_id or payment))
    assert refused.value.code is code


async def test_a_void_gives_the_promise_back_once_and_nothing_can_be_captured_after_it(
    resources: Resources, books: Books
) -> None:
    payment = await authorised(resources)
    results = await asyncio.gather(
        *(void(resources, "v1", payment_id=payment) for _ in range(4)),
        void(resources, "v2", order_id="ord_1"),
    )
    assert {result.operation.status for result in results} <= {
        OperationStatus.SUCCEEDED,
        OperationStatus.REQUESTED,
    }
    again = await void(resources, "v1", order_id="ord_1")
    assert again.operation.status is OperationStatus.SUCCEEDED
    assert again.payment.status is PaymentStatus.VOIDED
    with pytest.raises(PaymentProblem) as refused:
        await capture(resources, Movement(payment, 1, "c1"))
    assert refused.value.code is ErrorCode.WRONG_PAYMENT_STATE
    assert await books.charges() == [Charge(1000, 0, 0, voided=True)]


async def test_taken_money_is_not_voided(resources: Resources, books: Books) -> None:
    payment = await authorised(resources)
    await capture(resources, Movement(payment, 1, "c1"))
    with pytest.raises(PaymentProblem, match="refund it instead") as refused:
        await void(resources, "v1", payment_id=payment)
    assert refused.value.code is ErrorCode.WRONG_PAYMENT_STATE


async def test_a_charge_nobody_knew_of_is_found_and_voided_when_the_buyer_has_gone(
    resources: Resources, books: Books
) -> None:
    await authorised(resources, "tok_sandbox_timeout_after_charge")
    assert [charge.voided for charge in await books.charges()] == [False]
    result = await void(resources, "v1", order_id="ord_1")
    assert result.operation.status is OperationStatus.SUCCEEDED
    assert result.payment.status is PaymentStatus.VOIDED
    assert [charge.voided for charge in await books.charges()] == [True]


async def test_a_void_of_a_request_that_may_still_arrive_waits_until_that_is_known(
    resources: Resources, books: Books
) -> None:
    patient = replace(resources, lost_after_seconds=60.0)
    await authorised(patient, "tok_sandbox_timeout")
    waiting = await void(patient, "v1", order_id="ord_1")
    assert waiting.operation.status is OperationStatus.REQUESTED
    # The request arrives after all, late.
    await Sandbox(resources.database).authorise("ord_1:auth:1", "tok_sandbox_ok", 1000, "USD")
    assert await recover(patient, older_than=0.0) >= 1
    assert [charge.voided for charge in await books.charges()] == [True]
    assert (await result_by_key(patient, "v1")).operation.status is OperationStatus.SUCCEEDED


async def test_a_void_of_a_declined_payment_has_nothing_to_do(
    resources: Resources, books: Books
) -> None:
    payment = await authorised(resources, "tok_sandbox_declined")
    result = await void(resources, "v1", payment_id=payment)
    assert result.operation.status is OperationStatus.SUCCEEDED
    assert result.payment.status is PaymentStatus.DECLINED
    with pytest.raises(PaymentProblem) as unknown:
        await void(resources, "v2", payment_id="pay_none")
    assert unknown.value.code is ErrorCode.NOT_FOUND


class ForgetfulSandbox(Sandbox):
    """A provider whose answers to captures and voids are lost."""

    async def capture(self, key: str, reference: str, amount: int) -> Outcome:
        await super().capture(key, reference, amount)
        raise ProviderSilent("the answer timed out")

    async def void(self, key: str, reference: str) -> Outcome:
        await super().void(key, reference)
        raise ProviderSilent("the answer timed out")


async def test_a_lost_answer_to_a_capture_is_looked_up_and_counts_meanwhile(
    resources: Resources, books: Books, database: Database
) -> None:
    payment = await authorised(resources)
    forgetful = replace(resources, provider=ForgetfulSandbox(database))
    unknown = await capture(forgetful, Movement(payment, 600, "c1"))
    assert unknown.operation.status is OperationStatus.UNKNOWN
    with pytest.raises(PaymentProblem) as refused:
        await capture(resources, Movement(payment, 600, "c2"))
    assert refused.value.code is ErrorCode.AMOUNT_EXCEEDS_AUTHORISED
    known = await capture(resources, Movement(payment, 600, "c1"))
    assert (known.operation.status, known.payment.captured) == (OperationStatus.SUCCEEDED, 600)
    assert await books.charges() == [Charge(1000, 600, 0, voided=False)]


async def test_a_lost_answer_to_a_void_is_asked_for_again_under_the_same_key(
    resources: Resources, books: Books, database: Database
) -> None:
    payment = await authorised(resources)
    forgetful = replace(resources, provider=ForgetfulSandbox(database))
    unknown = await void(forgetful, "v1", payment_id=payment)
    assert unknown.operation.status is OperationStatus.UNKNOWN
    assert await recover(resources, older_than=0.0) == 1
    found = await result_by_key(resources, "v1")
    assert found.payment.status is PaymentStatus.VOIDED


@pytest.mark.parametrize(
    "change",
    [
        "update payments set captured = authorised + 1",
        "update payments set refunded = captured + 1",
        "delete from payment_operations",
    ],
)
async def test_the_database_itself_refuses_what_no_payment_can_be(
    resources: Resources, books: Books, database: Database, change: str
) -> None:
    await authorised(resources)
    with pytest.raises(Exception, match=r"violates check constraint|kept for ever"):
        await database.execute(change)
