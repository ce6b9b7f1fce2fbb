"""A provider that moves no money and keeps real books, for development and tests.

Its books are tables nobody else reads, written on their own connections: what it did stays done
whatever becomes of our transaction. What a token does:

| token                              | authorise                                              |
|------------------------------------|--------------------------------------------------------|
| tok_sandbox_ok                     | succeeds                                               |
| tok_sandbox_declined               | is declined: card_declined                             |
| tok_sandbox_insufficient_funds     | is declined: insufficient_funds                        |
| tok_sandbox_timeout                | the request is lost on the way: nothing is charged     |
| tok_sandbox_timeout_after_charge   | succeeds, and the answer is lost on the way back       |
| anything else                      | is declined: invalid_token                             |

A token may end in "_" and any suffix after these names ("tok_sandbox_ok_42").
"""

from __future__ import annotations

from typing import Literal, assert_never

from subgraphs.chassis.database import Database
from subgraphs.chassis.ids import new_id
from subgraphs.payment.provider.port import Done, Outcome, ProviderSilent, Refused

Behaviour = Literal["ok", "lost_request", "lost_answer"] | Refused

_BEHAVIOURS: tuple[tuple[str, Behaviour], ...] = (
    ("tok_sandbox_ok", "ok"),
    ("tok_sandbox_declined", Refused("card_declined")),
    ("tok_sandbox_insufficient_funds", Refused("insufficient_funds")),
    ("tok_sandbox_timeout_after_charge", "lost_answer"),
    ("tok_sandbox_timeout", "lost_request"),
)

_AUTHORISE = """
with asked as (
  insert into sandbox_requests (idempotency_key, kind, amount, decline_code, reference)
  values ($1, 'AUTHORISE', $2, $3, case when $3::text is null then $4 end)
  on conflict do nothing returning reference
), booked as (
  insert into sandbox_authorisations (reference, token, currency, amount)
  select reference, $5, $6, $2 from asked where reference is not null
)
select reference from asked
"""
_KNOWN = "select reference, decline_code from sandbox_requests where idempotency_key = $1"
_REQUEST = """
insert into sandbox_requests (idempotency_key, kind, amount, decline_code, reference)
values ($1, $2, $3, $4, $5)
"""
_CAPTURE = """
update sandbox_authorisations set captured = captured + $2
where reference = $1 and not voided and captured + $2 <= amount
"""
_VOID = """
update sandbox_authorisations set voided = true
where reference = $1 and $2 = 0 and captured = 0
"""
_REFUND = """
update sandbox_authorisations set refunded = refunded + $2
where reference = $1 and refunded + $2 <= captured
"""


class Sandbox:
    """The provider's side: answers by token, remembers by key."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def authorise(self, key: str, token: str, amount: int, currency: str) -> Outcome:
        """See the table above. Raises ProviderSilent for the two tokens that time out."""
        behaviour = _behaviour(token)
        match behaviour:
            case "lost_request":
                raise ProviderSilent("the request timed out")
            case "lost_answer":
                await self._book(key, token, amount, currency, None)
                raise ProviderSilent("the answer timed out")
            case "ok":
                return await self._book(key, token, amount, currency, None)
            case Refused(code):
                return await self._book(key, token, amount, currency, code)
            case _:
                assert_never(behaviour)

    async def capture(self, key: str, reference: str, amount: int) -> Outcome:
        """Take promised money."""
        return await self._change(key, "CAPTURE", _CAPTURE, reference, amount)

    async def void(self, key: str, reference: str) -> Outcome:
        """Give the promise back."""
        return await self._change(key, "VOID", _VOID, reference, 0)

    async def refund(self, key: str, reference: str, amount: int) -> Outcome:
        """Give taken money back."""
        return await self._change(key, "REFUND", _REFUND, reference, amount)

    async def lookup(self, key: str) -> Outcome | None:
        """What became of a request."""
        row = await self._database.fetchrow(_KNOWN, key)
        return _outcome(row["reference"], row["decline_code"]) if row else None

    async def _book(
        self, key: str, token: str, amount: int, currency: str, decline_code: str | None
    ) -> Outcome:
        reference = new_id("psp")
        row = await self._database.fetchrow(
            _AUTHORISE, key, amount, decline_code, reference, token, currency
        )
        if row is not None:
            return _outcome(reference, decline_code)
        known = await self.lookup(key)
        if known is None:
            raise LookupError(f"the request {key} was in the way and is not there")
        return known

    async def _change(self, key: str, kind: str, sql: str, reference: str, amount: int) -> Outcome:
        async with self._database.transaction() as connection:
            # One request of a key at a time; the second finds what the first did.
            await connection.execute("select pg_advisory_xact_lock(hashtextextended($1, 0))", key)
            row = await connection.fetchrow(_KNOWN, key)
            if row is not None:
                return _outcome(row["reference"], row["decline_code"])
            changed = await connection.execute(sql, reference, amount)
            code = None if changed == "UPDATE 1" else "not_possible"
            await connection.execute(_REQUEST, key, kind, amount, code, reference)
        return _outcome(reference, code)


def _behaviour(token: str) -> Behaviour:
    for name, behaviour in _BEHAVIOURS:
        if token == name or token.startswith(f"{name}_"):
            return behaviour
    return Refused("invalid_token")


def _outcome(reference: str, decline_code: str | None) -> Outcome:
    return Done(reference) if decline_code is None else Refused(decline_code)
