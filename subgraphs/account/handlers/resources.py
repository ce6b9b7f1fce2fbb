"""What the use cases are given."""

from __future__ import annotations

from dataclasses import dataclass

from subgraphs.account.handlers.passwords import Passwords
from subgraphs.account.handlers.signing_keys import SigningKeys
from subgraphs.chassis.database import Database
from subgraphs.chassis.outbox import Outbox


@dataclass(frozen=True, slots=True)
class Resources:
    """Database, outbox, the password pool and the signing keys."""

    database: Database
    outbox: Outbox
    passwords: Passwords
    keys: SigningKeys
