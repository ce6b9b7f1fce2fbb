"""What the use cases are given."""

from __future__ import annotations

from dataclasses import dataclass

from subgraphs.chassis.database import Database
from subgraphs.chassis.outbox import Outbox


@dataclass(frozen=True, slots=True)
class Resources:
    """Database and outbox."""

    database: Database
    outbox: Outbox
