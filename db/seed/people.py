"""Who shops and who works here: the demo logins, and customers with made-up names."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher

from db.seed.catalogue import NOW, identifier, slug_of
from db.seed.vocabulary import FIRST_NAMES, LAST_NAMES

PASSWORD = "demo-password"  # noqa: S105 - the demo logins' password, printed in the banner
ROLES = {
    "customer": ("CUSTOMER",),
    "support": ("CUSTOMER", "SUPPORT"),
    "catalog": ("CUSTOMER", "CATALOG_MANAGER"),
    "inventory": ("CUSTOMER", "INVENTORY_MANAGER"),
    "fulfilment": ("CUSTOMER", "FULFILMENT"),
    "finance": ("CUSTOMER", "FINANCE"),
    "admin": ("CUSTOMER", "ADMIN"),
}


@dataclass(frozen=True, slots=True)
class Person:
    """An account."""

    id: str
    email: str
    name: str
    roles: tuple[str, ...]
    since: datetime


def demo_logins(source: random.Random) -> list[Person]:
    """One for each role, the customer first."""
    since = NOW - timedelta(days=700)
    return [
        Person(
            identifier("usr", since, source),
            f"{name}@demo.shop",
            f"Demo {name.capitalize()}",
            roles,
            since,
        )
        for name, roles in ROLES.items()
    ]


def customers(count: int, source: random.Random) -> Iterator[Person]:
    """Customers, with the same password as the demo logins."""
    for number in range(count):
        first, last = source.choice(FIRST_NAMES), source.choice(LAST_NAMES)
        since = NOW - timedelta(days=source.uniform(1, 720))
        email = f"{slug_of(first, last).replace('-', '.')}.{number}@example.com"
        yield Person(
            identifier("usr", since, source), email, f"{first} {last}", ("CUSTOMER",), since
        )


def hashed_password() -> str:
    """The hash of the password, made once: all accounts share it."""
    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1).hash(PASSWORD)
