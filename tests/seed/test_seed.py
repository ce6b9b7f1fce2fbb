"""Demo data: the same every time, and every figure agrees with every other."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator

import asyncpg
import pytest

from db.seed.catalogue import categories, products
from db.seed.history import Shelf, orders
from db.seed.load import SERVICES, SIZES, NotEmptyError, filled, load
from db.seed.people import customers, demo_logins
from local import postgres
from subgraphs.chassis.migrate import migrate

SEED = 7
PASSWORD = "only-for-tests"
Told = dict[str, int]

LEDGER_DIFFERS = """
select s.variant_id from stock s
left join lateral (
  select coalesce(sum(delta_on_hand), 0) a, coalesce(sum(delta_reserved), 0) b,
    coalesce(sum(delta_allocated), 0) c
  from stock_movements m where m.variant_id = s.variant_id) l on true
left join lateral (
  select coalesce(sum(quantity) filter (where r.status = 'HELD'), 0) held,
    coalesce(sum(quantity - shipped) filter (where r.status = 'COMMITTED'), 0) committed
  from reservation_lines rl join reservations r on r.id = rl.reservation_id
  where rl.variant_id = s.variant_id) p on true
where (on_hand, reserved, allocated) <> (a, b, c) or (reserved, allocated) <> (held, committed)
"""
PROVIDER_DIFFERS = """
select p.id from payments p full join sandbox_authorisations s on s.reference = p.psp_reference
where p.id is null or (p.captured, p.refunded) <> (coalesce(s.captured, 0), coalesce(s.refunded, 0))
  or p.authorised <> coalesce(s.amount, 0) or (p.status = 'VOIDED') <> coalesce(s.voided, false)
"""


@pytest.fixture(scope="module")
async def urls(postgres_server: postgres.RunningPostgres) -> dict[str, str]:
    """Five databases of our own, so that other tests find theirs empty."""
    names = {f"seed_{name}": PASSWORD for name in SERVICES}
    made = await postgres.create_databases(postgres_server.admin_url, names)
    found = {name: made[f"seed_{name}"] for name in SERVICES}
    for name, url in found.items():
        await migrate(name, url)
    return found


@pytest.fixture(scope="module")
async def told(urls: dict[str, str]) -> Told:
    """What the loading of 100 products told."""
    told: Told = {}

    def tell(name: str, more: int) -> None:
        told[name] = told.get(name, 0) + more

    await load(urls, SIZES["100"], SEED, tell)
    return told


@pytest.fixture
async def rows(urls: dict[str, str], told: Told) -> AsyncIterator[dict[str, asyncpg.Connection]]:
    connections = {name: await asyncpg.connect(url) for name, url in urls.items()}
    yield connections
    for connection in connections.values():
        await connection.close()


async def test_as_much_is_written_as_the_size_says(
    rows: dict[str, asyncpg.Connection], told: Told
) -> None:
    assert told == {"accounts": 57, "products": 100, "orders": 200}
    assert await rows["catalog"].fetchval("select count(*) from products") == 100
    assert await rows["account"].fetchval("select count(*) from users") == 57
    assert await rows["order"].fetchval("select count(*) from orders") == 200
    assert await rows["payment"].fetchval("select count(*) from payments") == 200


async def test_what_a_first_visitor_sees_can_be_bought_without_naming_a_variant(
    rows: dict[str, asyncpg.Connection],
) -> None:
    newest = await rows["catalog"].fetch(
        """
        select p.id, array_agg(v.id) as variants from products p
        join variants v on v.product_id = p.id
        group by p.id order by p.created_at desc, p.id desc limit 10
        """
    )
    assert all(len(row["variants"]) == 1 for row in newest)
    stocked = await rows["inventory"].fetchval(
        "select min(on_hand - reserved - allocated) from stock where product_id = any($1)",
        [row["id"] for row in newest],
    )
    assert stocked > 1_000


async def test_some_things_are_out_of_stock_and_some_nearly(
    rows: dict[str, asyncpg.Connection],
) -> None:
    counts = await rows["inventory"].fetchrow(
        """
        select count(*) filter (where on_hand - reserved - allocated = 0) as none,
          count(*) filter (where on_hand - reserved - allocated between 1 and 5) as few
        from stock
        """
    )
    assert counts is not None
    assert counts["none"] > 0
    assert counts["few"] >= 20


async def test_the_ledger_and_the_reservations_add_up_to_the_stock(
    rows: dict[str, asyncpg.Connection],
) -> None:
    assert await rows["inventory"].fetch(LEDGER_DIFFERS) == []
    assert await rows["inventory"].fetchval("select sum(allocated) from stock") > 0


async def test_the_provider_s_books_say_what_the_payments_say(
    rows: dict[str, asyncpg.Connection],
) -> None:
    assert await rows["payment"].fetch(PROVIDER_DIFFERS) == []


async def test_every_order_has_its_reservation_its_payment_and_the_same_total(
    rows: dict[str, asyncpg.Connection],
) -> None:
    totals = {
        row["id"]: row["total"]
        for row in await rows["order"].fetch(
            """
            select o.id, o.total from orders o join order_lines l on l.order_id = o.id
            group by o.id having sum(l.unit_minor * l.quantity) = o.total
            """
        )
    }
    paid = await rows["payment"].fetch("select order_id, amount from payments")
    held = await rows["inventory"].fetch("select id from reservations")
    assert len(totals) == 200
    assert {row["order_id"]: row["amount"] for row in paid} == totals
    assert {row["id"] for row in held} == set(totals)


async def test_there_is_a_login_for_each_role(rows: dict[str, asyncpg.Connection]) -> None:
    found = await rows["account"].fetch(
        """
        select u.email, array_agg(r.role) as roles
        from users u join user_roles r on r.user_id = u.id
        where u.email like '%@demo.shop' group by u.email
        """
    )
    roles = {row["email"].split("@")[0]: set(row["roles"]) for row in found}
    assert set(roles) == {
        "customer",
        "support",
        "catalog",
        "inventory",
        "fulfilment",
        "finance",
        "admin",
    }
    assert roles["admin"] == {"CUSTOMER", "ADMIN"}


def whole_shop(seed: int) -> tuple[object, ...]:
    source = random.Random(seed)  # noqa: S311 - demo data
    people = [*demo_logins(source), *customers(20, source)]
    tree, shelf = categories(source), Shelf()
    made = list(products(60, tree, source))
    shelf.put(made, source)
    return people, tree, made, list(orders(50, shelf, people, source))


def test_the_same_seed_makes_the_same_shop_and_another_seed_another() -> None:
    assert whole_shop(SEED) == whole_shop(SEED)
    assert whole_shop(SEED) != whole_shop(SEED + 1)


async def test_a_shop_with_data_is_left_alone(urls: dict[str, str], told: Told) -> None:
    assert await filled(urls) == list(SERVICES)
    with pytest.raises(NotEmptyError, match="data already"):
        await load(urls, SIZES["100"], SEED, lambda _name, _more: None)
