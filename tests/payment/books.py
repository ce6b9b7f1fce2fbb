"""The sandbox provider's books, read by tests: what was really charged."""

from __future__ import annotations

from dataclasses import dataclass

from subgraphs.chassis.database import Database

# What is settled on our side is what the provider's books say.
_DIFFERENCES = """
select p.id, p.status, p.authorised, p.captured, p.refunded, s.*
from payments p full join sandbox_authorisations s on s.reference = p.psp_reference
where not exists (
  select from payment_operations o where o.payment_id = p.id and o.status <> 'SUCCEEDED'
    and o.status <> 'FAILED')
and (p.id is null and not s.voided
  or (p.captured, p.refunded, p.status = 'VOIDED') is distinct from
     (coalesce(s.captured, 0), coalesce(s.refunded, 0), coalesce(s.voided, p.status = 'VOIDED')))
"""


@dataclass(frozen=True, slots=True)
class Charge:
    """One authorisation at the provider."""

    amount: int
    captured: int
    refunded: int
    voided: bool


class Books:
    """Reads the provider's side of the database."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def charges(self) -> list[Charge]:
        """Every authorisation ever booked."""
        rows = await self.database.fetch(
            "select amount, captured, refunded, voided from sandbox_authorisations order by 1"
        )
        return [Charge(*row) for row in rows]

    async def events(self) -> list[str]:
        """The types of all events, in order."""
        rows = await self.database.fetch("select type from outbox order by position")
        return [row["type"] for row in rows]

    async def check(self) -> None:
        """Nothing is charged that we do not know of, and the other way round."""
        differences = [dict(row) for row in await self.database.fetch(_DIFFERENCES)]
        assert differences == []
