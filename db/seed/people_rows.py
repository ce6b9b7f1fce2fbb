"""Accounts and payment methods as rows of account's and payment's tables."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import timedelta

from db.seed.catalogue import identifier
from db.seed.copying import Connection, copy
from db.seed.people import Person, hashed_password


async def write_accounts(connection: Connection, people: Sequence[Person]) -> None:
    """Accounts with verified addresses, and their roles."""
    hashed = hashed_password()
    await copy(
        connection,
        "users",
        "id email email_norm email_verified_at password_hash display_name created_at",
        [(one.id, one.email, one.email, one.since, hashed, one.name, one.since) for one in people],
    )
    roles = [(one.id, role, one.since) for one in people for role in one.roles]
    await copy(connection, "user_roles", "user_id role granted_at", roles)


async def write_methods(
    connection: Connection, people: Sequence[Person], source: random.Random
) -> None:
    """A card for each of these people, and a wallet for the first."""
    cards = [
        (
            *(identifier("pmt", one.since, source), one.id, "CARD", "tok_sandbox_ok_card"),
            *("Visa ending in 4242", "Visa", "4242", 12, 2030, None),
            one.since + timedelta(minutes=5),
        )
        for one in people
    ]
    first = people[0]
    wallet = (
        *(identifier("pmt", first.since, source), first.id, "WALLET", "tok_sandbox_ok_wallet"),
        *("PayPal", None, None, None, None, "PayPal"),
        first.since + timedelta(minutes=9),
    )
    columns = (
        "id user_id kind provider_token label brand last4 exp_month exp_year wallet created_at"
    )
    await copy(connection, "payment_methods", columns, [*cards, wallet])
