"""Reservations: all or nothing, never twice, never more than there is, and the ledger agrees."""

from __future__ import annotations

import asyncio

import pytest

from subgraphs.chassis.database import Database
from subgraphs.inventory.domain import (
    AvailabilityStatus,
    Reservation,
    ReservationStatus,
    Shortage,
    StockProblem,
)
from subgraphs.inventory.handlers.expiry import expire_due
from subgraphs.inventory.handlers.reservations import commit, extend, release, reserve, ship
from subgraphs.inventory.handlers.resources import Resources
from subgraphs.inventory.store.reservations import reservation
from tests.inventory.warehouse import Warehouse


async def held(resources: Resources, key: str, *lines: tuple[str, int]) -> Reservation:
    answer = await reserve(resources, key, lines, 60)
    assert isinstance(answer, Reservation), answer
    return answer


async def test_fifty_buyers_of_ten_units_get_exactly_ten_reservations(
    resources: Resources, warehouse: Warehouse
) -> None:
    await warehouse.receive("var_hot", 10)
    answers = await asyncio.gather(
        *(reserve(resources, f"ord_{n}", [("var_hot", 1)], 60) for n in range(50))
    )
    won = [answer for answer in answers if isinstance(answer, Reservation)]
    assert len(won) == 10
    assert all(
        answer == [Shortage("var_hot", 1, 0)]
        for answer in answers
        if not isinstance(answer, Reservation)
    )
    assert (await warehouse.stock("var_hot")).reserved == 10


async def test_buyers_of_the_same_two_variants_in_either_order_never_deadlock(
    resources: Resources, warehouse: Warehouse
) -> None:
    await warehouse.receive("var_a", 100)
    await warehouse.receive("var_b", 100)
    lines = [("var_a", 1), ("var_b", 1)]
    answers = await asyncio.gather(
        *(reserve(resources, f"ord_{n}", lines if n % 2 else lines[::-1], 60) for n in range(40))
    )
    assert all(isinstance(answer, Reservation) for answer in answers)
    assert (await warehouse.stock("var_a")).reserved == 40
    assert (await warehouse.stock("var_b")).reserved == 40


async def test_lines_of_one_variant_are_summed_before_they_are_compared_with_the_stock(
    resources: Resources, warehouse: Warehouse
) -> None:
    await warehouse.receive("var_a", 5)
    assert await reserve(resources, "ord_1", [("var_a", 3), ("var_a", 3)], 60) == [
        Shortage("var_a", 6, 5)
    ]
    answer = await held(resources, "ord_2", ("var_a", 3), ("var_a", 2))
    assert answer.quantities == {"var_a": 5}


async def test_a_shortage_of_one_line_holds_nothing_and_names_every_short_line(
    resources: Resources, warehouse: Warehouse
) -> None:
    for variant_id, units in (("var_a", 9), ("var_b", 1), ("var_c", 0)):
        await warehouse.receive(variant_id, units)
    lines = [("var_a", 2), ("var_b", 2), ("var_c", 1)]
    assert await reserve(resources, "ord_1", lines, 60) == [
        Shortage("var_b", 2, 1),
        Shortage("var_c", 1, 0),
    ]
    assert (await warehouse.stock("var_a")).reserved == 0
    assert await reservation(resources.database, "ord_1") is None
    assert await warehouse.events("inventory.reservation.held") == []


async def test_the_same_reservation_again_is_the_same_and_with_other_lines_is_refused(
    resources: Resources, warehouse: Warehouse
) -> None:
    await warehouse.receive("var_a", 9)
    answers = await asyncio.gather(*(held(resources, "ord_1", ("var_a", 2)) for _ in range(5)))
    assert len({answer.expires_at for answer in answers}) == 1
    assert (await warehouse.stock("var_a")).reserved == 2
    with pytest.raises(StockProblem) as refused:
        await reserve(resources, "ord_1", [("var_a", 3)], 60)
    assert refused.value.code == "IDEMPOTENCY_MISMATCH"


async def test_an_unknown_variant_is_named(resources: Resources, warehouse: Warehouse) -> None:
    await warehouse.receive("var_a", 9)
    with pytest.raises(StockProblem, match="var_x") as refused:
        await reserve(resources, "ord_1", [("var_a", 1), ("var_x", 1)], 60)
    assert (refused.value.code, refused.value.variant_ids) == ("NOT_FOUND", ("var_x",))
    assert (await warehouse.stock("var_a")).reserved == 0


@pytest.mark.parametrize("lines", [[], [("var_a", 0)], [("var_a", -1)], [("var_a", 10**9)]])
async def test_a_reservation_of_nothing_or_too_much_is_refused(
    resources: Resources, warehouse: Warehouse, lines: list[tuple[str, int]]
) -> None:
    await warehouse.receive("var_a", 9)
    with pytest.raises(StockProblem) as refused:
        await reserve(resources, "ord_1", lines, 60)
    assert refused.value.code == "INVALID_INPUT"


async def test_commit_allocates_once_however_often_it_is_asked(
    resources: Resources, warehouse: Warehouse
) -> None:
    await warehouse.receive("var_a", 9)
    await held(resources, "ord_1", ("var_a", 4))
    answers = await asyncio.gather(*(commit(resources, "ord_1") for _ in range(4)))
    assert {answer.status for answer in answers} == {ReservationStatus.COMMITTED}
    stock = await warehouse.stock("var_a")
    assert (stock.on_hand, stock.reserved, stock.allocated) == (9, 0, 4)
    assert len(await warehouse.events("inventory.reservation.committed")) == 1


async def test_release_gives_everything_back_once_before_and_after_commit(
    resources: Resources, warehouse: Warehouse
) -> None:
    await warehouse.receive("var_a", 9)
    for key, committed in (("ord_1", False), ("ord_2", True)):
        await held(resources, key, ("var_a", 4))
        if committed:
            await commit(resources, key)
        for _ in range(2):
            assert (await release(resources, key)).status is ReservationStatus.RELEASED
        assert (await warehouse.stock("var_a")).available == 9
        with pytest.raises(StockProblem) as refused:
            await commit(resources, key)
        assert refused.value.code == "WRONG_RESERVATION_STATE"


async def test_a_reserve_that_arrives_after_its_release_holds_nothing(
    resources: Resources, warehouse: Warehouse
) -> None:
    await warehouse.receive("var_a", 9)
    assert (await release(resources, "ord_late")).status is ReservationStatus.RELEASED
    answer = await held(resources, "ord_late", ("var_a", 4))
    assert answer.status is ReservationStatus.RELEASED
    assert (await warehouse.stock("var_a")).reserved == 0


async def test_the_sweeper_expires_what_is_due_and_nothing_else(
    resources: Resources, warehouse: Warehouse
) -> None:
    await warehouse.receive("var_a", 9)
    for key in ("ord_due", "ord_young", "ord_committed"):
        await held(resources, key, ("var_a", 2))
    await commit(resources, "ord_committed")
    await warehouse.overdue("ord_due")
    await warehouse.overdue("ord_committed")
    assert await expire_due(resources) == 1
    assert await expire_due(resources) == 0
    stock = await warehouse.stock("var_a")
    assert (stock.reserved, stock.allocated) == (2, 2)
    with pytest.raises(StockProblem) as refused:
        await commit(resources, "ord_due")
    assert refused.value.code == "RESERVATION_EXPIRED"


async def test_an_expired_reservation_can_be_held_anew_while_there_is_stock(
    resources: Resources, warehouse: Warehouse
) -> None:
    await warehouse.receive("var_a", 4)
    for hold in (1, 2, 3):
        answer = await held(resources, "ord_1", ("var_a", 4))
        assert (answer.status, answer.holds) == (ReservationStatus.HELD, hold)
        await warehouse.overdue("ord_1")
        assert await expire_due(resources) == 1
    await held(resources, "ord_2", ("var_a", 1))
    assert await reserve(resources, "ord_1", [("var_a", 4)], 60) == [Shortage("var_a", 4, 3)]


async def test_of_a_commit_and_an_expiry_at_the_same_time_exactly_one_wins(
    resources: Resources, warehouse: Warehouse
) -> None:
    await warehouse.receive("var_a", 40)
    outcomes = []
    for n in range(20):
        key = f"ord_{n}"
        await held(resources, key, ("var_a", 2))
        await warehouse.overdue(key)
        committed, expired = await asyncio.gather(
            commit(resources, key), expire_due(resources), return_exceptions=True
        )
        won = isinstance(committed, Reservation)
        assert won != (expired == 1), (committed, expired)
        outcomes.append(won)
    assert (await warehouse.stock("var_a")).allocated == 2 * sum(outcomes)


async def test_extending_moves_the_expiry_forwards_only_and_of_held_ones_only(
    resources: Resources, warehouse: Warehouse
) -> None:
    await warehouse.receive("var_a", 9)
    first = await held(resources, "ord_1", ("var_a", 1))
    assert (await extend(resources, "ord_1", 10)).expires_at == first.expires_at
    assert (await extend(resources, "ord_1", 600)).expires_at > first.expires_at
    await commit(resources, "ord_1")
    with pytest.raises(StockProblem) as refused:
        await extend(resources, "ord_1", 600)
    assert refused.value.code == "WRONG_RESERVATION_STATE"
    with pytest.raises(StockProblem) as unknown:
        await extend(resources, "ord_none", 600)
    assert unknown.value.code == "NOT_FOUND"


async def test_units_are_shipped_in_parts_each_part_once(
    resources: Resources, warehouse: Warehouse
) -> None:
    await warehouse.receive("var_a", 9)
    await warehouse.receive("var_b", 9)
    await held(resources, "ord_1", ("var_a", 3), ("var_b", 2))
    with pytest.raises(StockProblem, match="HELD by now"):
        await ship(resources, "ord_1", "ful_1", [])
    await commit(resources, "ord_1")
    with pytest.raises(StockProblem, match="4 asked for, 3 to be shipped"):
        await ship(resources, "ord_1", "ful_1", [("var_a", 4)])
    for _ in range(2):
        part = await ship(resources, "ord_1", "ful_1", [("var_a", 1)])
        assert part.status is ReservationStatus.COMMITTED
    whole = await ship(resources, "ord_1", "ful_2", [])
    assert whole.status is ReservationStatus.SHIPPED
    stock = await warehouse.stock("var_a")
    assert (stock.on_hand, stock.reserved, stock.allocated) == (6, 0, 0)


async def test_what_was_not_shipped_can_still_be_released(
    resources: Resources, warehouse: Warehouse
) -> None:
    await warehouse.receive("var_a", 9)
    await held(resources, "ord_1", ("var_a", 3))
    await commit(resources, "ord_1")
    await ship(resources, "ord_1", "ful_1", [("var_a", 1)])
    await release(resources, "ord_1")
    stock = await warehouse.stock("var_a")
    assert (stock.on_hand, stock.allocated, stock.available) == (8, 0, 8)


async def test_shoppers_hear_of_it_when_what_they_see_changes_and_only_then(
    resources: Resources, warehouse: Warehouse
) -> None:
    await warehouse.receive("var_a", 5, safety=2)
    for n in range(5):
        await held(resources, f"ord_{n}", ("var_a", 1))
    await release(resources, "ord_0")
    told = [
        (event["previous"], event["current"])
        for event in await warehouse.events("inventory.availability.changed")
    ]
    assert told == [
        (AvailabilityStatus.IN_STOCK, AvailabilityStatus.LOW_STOCK),
        (AvailabilityStatus.LOW_STOCK, AvailabilityStatus.OUT_OF_STOCK),
        (AvailabilityStatus.OUT_OF_STOCK, AvailabilityStatus.LOW_STOCK),
    ]


@pytest.mark.parametrize(
    "change",
    [
        "update stock set reserved = on_hand + 1",
        "update stock set allocated = -1",
        "update stock set on_hand = -1",
        "update stock_movements set delta_reserved = 1",
    ],
)
async def test_the_database_itself_refuses_what_no_stock_can_be(
    warehouse: Warehouse, database: Database, change: str
) -> None:
    await warehouse.receive("var_a", 5)
    with pytest.raises(Exception, match="violates check constraint"):
        await database.execute(change)
