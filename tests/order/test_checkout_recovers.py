"""The saga after lost answers and crashes: it ends once, with nothing left behind."""

from __future__ import annotations

import asyncio

import pytest

from subgraphs.order.domain import Authorised
from subgraphs.order.handlers.checkout import MOST_ATTEMPTS
from subgraphs.order.handlers.running import Sagas
from tests.order.conftest import OrderShop
from tests.order.fakes import var


async def resume(order_shop: OrderShop) -> int:
    """As the worker would once the waiting time and the lease have ended."""
    await order_shop.database.execute(
        "update sagas set next_at = now() - interval '1 s', lease_until = now() - interval '1 s'"
    )
    return await Sagas(order_shop.resources).resume()


@pytest.mark.parametrize("call", ["reserve", "commit"])
@pytest.mark.parametrize("when", ["silent_before", "silent_after"])
async def test_a_lost_call_to_inventory_is_repeated_and_counted_once(
    order_shop: OrderShop, call: str, when: str
) -> None:
    getattr(order_shop.shop.inventory, when).add(call)
    order = await order_shop.order((1, 2))
    assert order["status"] == ("PENDING" if call == "reserve" else "AWAITING_PAYMENT")
    getattr(order_shop.shop.inventory, when).clear()
    assert await resume(order_shop) == 1
    assert await order_shop.status() == "CONFIRMED"
    assert order_shop.shop.inventory.stock[var(1)] == 8
    assert order_shop.shop.payments.charges == 1


async def test_an_answer_lost_after_the_charge_is_looked_up_and_not_charged_again(
    order_shop: OrderShop,
) -> None:
    order_shop.shop.payments.silent_after = True
    order = await order_shop.order((1, 2))
    assert order["status"] == "CONFIRMED"
    assert order_shop.shop.payments.charges == 1


async def test_a_charge_that_never_arrived_is_sent_again(order_shop: OrderShop) -> None:
    order_shop.shop.payments.silent_before = True
    assert (await order_shop.order((1, 2)))["status"] == "AWAITING_PAYMENT"
    order_shop.shop.payments.silent_before = False
    await resume(order_shop)
    assert await order_shop.status() == "CONFIRMED"
    assert order_shop.shop.payments.charges == 1


async def test_while_an_outcome_is_unknown_the_order_waits(order_shop: OrderShop) -> None:
    order_shop.shop.payments.unknown = True
    assert (await order_shop.order((1, 2)))["status"] == "AWAITING_PAYMENT"
    await resume(order_shop)
    assert await order_shop.status() == "AWAITING_PAYMENT"
    order_shop.shop.payments.unknown = False
    await resume(order_shop)
    assert await order_shop.status() == "CONFIRMED"


async def test_a_buyer_who_has_to_act_is_waited_for_without_counting(order_shop: OrderShop) -> None:
    order = await order_shop.order((1, 2), paymentToken="tok_action")
    assert order["status"] == "AWAITING_PAYMENT"
    await resume(order_shop)
    assert await order_shop.database.fetchval("select attempts from sagas") == 0
    order_shop.shop.payments.promises[order["id"]] = Authorised()
    await resume(order_shop)
    assert await order_shop.status() == "CONFIRMED"


async def test_a_checkout_that_takes_too_long_is_undone(order_shop: OrderShop) -> None:
    order = await order_shop.order((1, 2), paymentToken="tok_action")
    await order_shop.database.execute("update sagas set deadline = now() - interval '1 s'")
    await resume(order_shop)
    assert await order_shop.status() == "REJECTED"
    assert order_shop.shop.payments.voided == {order["id"]}
    assert order_shop.shop.inventory.states() == ["RELEASED"]
    assert await order_shop.database.fetchval("select status from sagas") == "DONE"


async def test_a_hold_that_ran_out_is_held_again_once(order_shop: OrderShop) -> None:
    order_shop.shop.inventory.silent_before.add("commit")
    order = await order_shop.order((1, 2))
    order_shop.shop.inventory.silent_before.clear()
    order_shop.shop.inventory.expire(order["id"])
    await resume(order_shop)
    assert await order_shop.status() == "CONFIRMED"
    assert order_shop.shop.inventory.stock[var(1)] == 8


async def test_a_hold_that_ran_out_and_was_sold_to_another_voids_the_payment(
    order_shop: OrderShop,
) -> None:
    order_shop.shop.inventory.silent_before.add("commit")
    order = await order_shop.order((1, 2))
    order_shop.shop.inventory.silent_before.clear()
    order_shop.shop.inventory.expire(order["id"])
    order_shop.shop.inventory.stock[var(1)] = 1
    await resume(order_shop)
    assert await order_shop.status() == "REJECTED"
    assert await order_shop.database.fetchval("select failure_code from orders") == "OUT_OF_STOCK"
    assert order_shop.shop.payments.open_promises() == []
    assert order_shop.shop.inventory.stock[var(1)] == 1


async def test_an_order_cancelled_meanwhile_is_undone_and_stays_cancelled(
    order_shop: OrderShop,
) -> None:
    order_shop.shop.inventory.silent_before.add("commit")
    await order_shop.order((1, 2))
    order_shop.shop.inventory.silent_before.clear()
    await order_shop.database.execute("update orders set status = 'CANCELLED'")
    await resume(order_shop)
    assert await order_shop.status() == "CANCELLED"
    assert order_shop.shop.payments.open_promises() == []
    assert order_shop.shop.inventory.stock[var(1)] == 10
    assert await order_shop.database.fetchval("select status from sagas") == "DONE"


async def test_an_undoing_that_was_cut_short_is_finished(order_shop: OrderShop) -> None:
    order_shop.shop.inventory.silent_before.add("release")
    order = await order_shop.order((1, 2), paymentToken="tok_declined")
    assert order["status"] == "AWAITING_PAYMENT"
    order_shop.shop.inventory.silent_before.clear()
    await resume(order_shop)
    assert await order_shop.status() == "REJECTED"
    assert order_shop.shop.inventory.stock[var(1)] == 10


async def test_a_checkout_without_answers_becomes_stuck_and_never_vanishes(
    order_shop: OrderShop,
) -> None:
    order_shop.shop.inventory.silent_before.add("reserve")
    await order_shop.order((1, 2))
    for _ in range(MOST_ATTEMPTS - 1):
        assert await resume(order_shop) == 1
    assert await order_shop.database.fetchval("select status from sagas") == "STUCK"
    assert await resume(order_shop) == 0


async def test_two_workers_do_not_share_a_checkout(order_shop: OrderShop) -> None:
    order_shop.shop.inventory.silent_before.add("reserve")
    await order_shop.order((1, 2))
    order_shop.shop.inventory.silent_before.clear()
    await order_shop.database.execute("update sagas set next_at = now()")
    workers = [Sagas(order_shop.resources) for _ in range(2)]
    found = await asyncio.gather(*(worker.resume() for worker in workers))
    assert sorted(found) == [0, 1]
    assert await order_shop.status() == "CONFIRMED"


async def test_a_worker_whose_lease_was_taken_changes_nothing(order_shop: OrderShop) -> None:
    order_shop.shop.payments.on_authorise = asyncio.Event()
    creating = asyncio.create_task(order_shop.create((1, 2)))
    while not order_shop.shop.payments.asked:  # noqa: ASYNC110 - the fake tells nobody
        await asyncio.sleep(0.01)
    await order_shop.database.execute("update sagas set lease_token = 'another'")
    order_shop.shop.payments.on_authorise.set()
    answer = await creating
    assert answer["data"]["createOrder"]["status"] == "AWAITING_PAYMENT"
    await order_shop.database.execute("update sagas set lease_until = now() - interval '1 s'")
    assert await resume(order_shop) == 1
    assert await order_shop.status() == "CONFIRMED"
    assert order_shop.shop.payments.charges == 1
