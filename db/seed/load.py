"""The whole shop into the services' databases: all of it, or none."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

import asyncpg

from db.seed import order_rows, people_rows, shop_rows
from db.seed.catalogue import categories, products
from db.seed.copying import DEADLINE, Connection, transactions
from db.seed.history import Shelf, orders
from db.seed.people import Person, customers, demo_logins

SERVICES = ("account", "catalog", "inventory", "order", "payment")
# Where data would be in the way of ours: a table of each database.
_PROBES = {
    "account": "users",
    "catalog": "products",
    "inventory": "stock",
    "order": "orders",
    "payment": "payments",
}
BATCH = 2_000
Item = TypeVar("Item")
# Hears how many more of what were written.
Tell = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything there is."""

    products: int
    customers: int
    orders: int


SIZES = {
    "100": Size(100, 50, 200),
    "10k": Size(10_000, 5_000, 10_000),
    "200k": Size(200_000, 20_000, 50_000),
}


class NotEmptyError(Exception):
    """A database holds data already; nothing was written."""


async def filled(urls: Mapping[str, str]) -> list[str]:
    """The services whose databases hold data already."""
    found = []
    for name, table in _PROBES.items():
        connection = await asyncpg.connect(urls[name], timeout=DEADLINE)
        try:
            if await connection.fetchval(f"select exists (select from {table})"):  # noqa: S608
                found.append(name)
        finally:
            await connection.close()
    return found


async def load(urls: Mapping[str, str], size: Size, seed: int, tell: Tell) -> None:
    """Write everything; `tell` hears what was written. Raises NotEmptyError."""
    if names := await filled(urls):
        raise NotEmptyError(
            f"There is data already in: {', '.join(names)}. Demo data goes into an empty shop; "
            "--if-empty leaves a shop with data as it is."
        )
    source = random.Random(seed)
    async with transactions(urls) as connections:
        people = await _people(connections, size, source, tell)
        shelf = await _shop(connections, size, source, tell)
        for batch in _batches(orders(size.orders, shelf, people, source)):
            await order_rows.write_orders(connections["order"], batch)
            await order_rows.write_reservations(connections["inventory"], batch)
            await order_rows.write_payments(connections["payment"], batch)
            tell("orders", len(batch))
    # Fresh statistics, so that the first queries are planned as well as later ones.
    for name in SERVICES:
        connection = await asyncpg.connect(urls[name], timeout=DEADLINE, command_timeout=DEADLINE)
        await connection.execute("analyze")
        await connection.close()


async def _people(
    connections: Mapping[str, Connection], size: Size, source: random.Random, tell: Tell
) -> list[Person]:
    staff = demo_logins(source)
    people = [*staff, *customers(size.customers, source)]
    await people_rows.write_accounts(connections["account"], people)
    await people_rows.write_methods(connections["payment"], staff, source)
    tell("accounts", len(people))
    return people


async def _shop(
    connections: Mapping[str, Connection], size: Size, source: random.Random, tell: Tell
) -> Shelf:
    """Categories, products and stock; a sample of them for the orders."""
    shelf, tree = Shelf(), categories(source)
    await shop_rows.write_shipping_rates(connections["inventory"])
    await shop_rows.write_categories(connections["catalog"], tree)
    for batch in _batches(products(size.products, tree, source)):
        await shop_rows.write_products(connections["catalog"], batch)
        await shop_rows.write_stock(connections["inventory"], batch)
        shelf.put(batch, source)
        tell("products", len(batch))
    return shelf


def _batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    rest = iter(items)
    while batch := list(islice(rest, BATCH)):
        yield batch
