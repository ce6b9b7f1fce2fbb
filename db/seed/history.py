"""Orders of the past two years, in every state, for variants the shop has."""

from __future__ import annotations

import bisect
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from db.seed.catalogue import NOW, Product, Variant, identifier
from db.seed.people import Person

CURRENCY = "USD"
# Order status, how often, and what became of the goods and of the money.
FATES = (
    ("DELIVERED", 62, "SHIPPED", "CAPTURED"),
    ("FULFILLED", 8, "SHIPPED", "CAPTURED"),
    ("PAID", 8, "COMMITTED", "CAPTURED"),
    ("CONFIRMED", 5, "COMMITTED", "AUTHORISED"),
    ("CANCELLED", 7, "RELEASED", "VOIDED"),
    ("REJECTED", 5, "RELEASED", "DECLINED"),
    ("REFUNDED", 3, "SHIPPED", "REFUNDED"),
    ("PARTIALLY_REFUNDED", 2, "SHIPPED", "PARTIALLY_REFUNDED"),
)
# One order in so many is the demo customer's.
DEMO_SHARE = 60


@dataclass(frozen=True, slots=True)
class Sale:
    """A line of an order: what was bought, for how much each (minor units of USD), how often."""

    id: str
    product: Product
    variant: Variant
    unit_minor: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Order:
    """An order and what became of it."""

    id: str
    number: str
    customer: Person
    placed_at: datetime
    status: str
    reservation: str
    payment: str
    sales: tuple[Sale, ...]

    @property
    def total(self) -> int:
        """Minor units of USD."""
        return sum(sale.unit_minor * sale.quantity for sale in self.sales)

    @property
    def is_shipped(self) -> bool:
        """Whether the goods have left."""
        return self.reservation == "SHIPPED"


class Shelf:
    """A bounded sample of what is sold, popular things first, to make orders of."""

    def __init__(self, room: int = 4_000) -> None:
        self._room = room
        self.articles: list[tuple[Product, Variant]] = []

    def put(self, products: Sequence[Product], source: random.Random) -> None:
        """Show some of these, while there is room."""
        for product in products[: max(self._room - len(self.articles), 0)]:
            self.articles.append((product, source.choice(product.variants)))

    def pick(self, at: datetime, source: random.Random) -> tuple[Product, Variant]:
        """Something that was sold at the time. A few are bought often, most seldom."""
        known = bisect.bisect(self.articles, at, key=lambda article: article[0].created_at)
        return self.articles[int(source.betavariate(0.7, 4) * max(known, 1))]


def orders(
    count: int, shelf: Shelf, people: Sequence[Person], source: random.Random
) -> Iterator[Order]:
    """`count` orders, oldest first; the first of `people` is the demo customer."""
    shares = [share for _, share, _, _ in FATES]
    for number in range(count):
        placed = NOW - timedelta(days=720) * (1 - number / count)
        status, _, reservation, payment = source.choices(FATES, shares)[0]
        customer = people[0] if number % DEMO_SHARE == 0 else source.choice(people)
        yield Order(
            id=identifier("ord", placed, source),
            number=_number(source),
            customer=customer,
            placed_at=placed,
            status=status,
            reservation=reservation,
            payment=payment,
            sales=tuple(_sales(shelf, placed, source)),
        )


def _sales(shelf: Shelf, at: datetime, source: random.Random) -> Iterator[Sale]:
    picked = [shelf.pick(at, source) for _ in range(source.choice((1, 1, 2, 2, 3, 4)))]
    different = {variant.id: (product, variant) for product, variant in picked}
    for product, variant in different.values():
        yield Sale(
            identifier("oli", at, source),
            product,
            variant,
            variant.prices[CURRENCY],
            source.choice((1, 1, 1, 2, 2, 3)),
        )


def _number(source: random.Random) -> str:
    letters = "".join(source.choices("0123456789ABCDEFGHJKMNPQRSTVWXYZ", k=8))
    return f"{letters[:4]}-{letters[4:]}"
