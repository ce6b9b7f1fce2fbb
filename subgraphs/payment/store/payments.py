"""Payments and their operations. An operation is stored before the provider is asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import asyncpg

from subgraphs.chassis.database import Connection, Database
from subgraphs.payment.domain import (
    Operation,
    OperationKind,
    OperationStatus,
    Payment,
    PaymentStatus,
)

Reader: TypeAlias = "Database | Connection"

_PAYMENT = """
p.id, p.order_id, p.customer_id, p.currency, p.amount, p.authorised, p.captured, p.refunded,
p.status, p.psp_reference, p.cancel_requested_at is not null as is_cancelled, p.version
"""
_OPERATION = """
id, payment_id, kind, idempotency_key, request_hash, amount, status, decline_code, requested_at
"""
# Payment and operation in one statement: the whole of what a first authorisation needs.
_BEGIN = f"""
with p as (
  insert into payments (id, order_id, customer_id, currency, amount, status)
  values ($1, $2, $3, $4, $5, 'AUTHORISING') on conflict (order_id) do nothing returning *
), asked as (
  insert into payment_operations
    (id, payment_id, kind, idempotency_key, request_hash, amount, status)
  select $6, p.id, 'AUTHORISE', $7, $8, $5, 'REQUESTED' from p returning requested_at
)
select {_PAYMENT}, asked.requested_at from p, asked
"""  # noqa: S608 - made of constants
_INSERT_VOIDED = """
insert into payments (id, order_id, currency, amount, status, cancel_requested_at)
values ($1, $2, 'XXX', 0, 'VOIDED', now()) on conflict (order_id) do nothing
"""
_LOCKED = f"""
select {_PAYMENT} from payments p where p.id = $1 or p.order_id = $2 for update
"""  # noqa: S608 - made of constants
_BY_KEYS = f"""
select {_PAYMENT} from payments p where p.id = any($1) or p.order_id = any($2)
"""  # noqa: S608 - made of constants
_ADD_OPERATION = f"""
insert into payment_operations
  (id, payment_id, kind, idempotency_key, request_hash, amount, status, settled_at)
values ($1, $2, $3, $4, $5, $6, $7, case when $7 = 'REQUESTED' then null else now() end)
returning {_OPERATION}
"""  # noqa: S608 - made of constants
_BY_KEY = f"""
select {_OPERATION} from payment_operations where idempotency_key = $1
"""  # noqa: S608 - made of constants
_OF_PAYMENT = f"""
select {_OPERATION} from payment_operations where payment_id = any($1) order by requested_at, id
"""  # noqa: S608 - made of constants
_SETTLE = f"""
update payment_operations set status = $2, psp_reference = $3, decline_code = $4,
  settled_at = case when $2 = 'UNKNOWN' then null else now() end
where id = $1 and status in ('REQUESTED', 'UNKNOWN') returning {_OPERATION}
"""  # noqa: S608 - made of constants
_SAVE = """
update payments set status = $2, authorised = $3, captured = $4, refunded = $5,
  psp_reference = $6, amount = $7, currency = $8, version = version + 1, updated_at = now(),
  cancel_requested_at = case when $9 then coalesce(cancel_requested_at, now()) end
where id = $1
"""
_PENDING = """
select coalesce(sum(amount), 0)::bigint from payment_operations
where payment_id = $1 and kind = $2 and status in ('REQUESTED', 'UNKNOWN')
"""
_OPEN_OF_KIND = f"""
select {_OPERATION} from payment_operations
where payment_id = $1 and kind = $2 and status in ('REQUESTED', 'UNKNOWN') order by requested_at
"""  # noqa: S608 - made of constants
_STALE = f"""
select {_OPERATION} from payment_operations
where status in ('REQUESTED', 'UNKNOWN') and requested_at <= now() - make_interval(secs => $1)
order by requested_at limit $2
"""  # noqa: S608 - made of constants
_AGE = "select extract(epoch from now() - requested_at) from payment_operations where id = $1"


async def begin_authorisation(
    database: Database, payment: Payment, operation: tuple[str, str, bytes]
) -> tuple[Payment, Operation] | None:
    """Store a first authorisation; `operation` is its id, key and request hash.

    None when the order has a payment already. Raises asyncpg.UniqueViolationError when the key
    was used.
    """
    operation_id, key, request_hash = operation
    row = await database.fetchrow(
        _BEGIN,
        payment.id,
        payment.order_id,
        payment.customer_id,
        payment.currency,
        payment.amount,
        operation_id,
        key,
        request_hash,
    )
    if row is None:
        return None
    values = dict(row)
    asked = Operation(
        id=operation_id,
        payment_id=payment.id,
        kind=OperationKind.AUTHORISE,
        idempotency_key=key,
        request_hash=request_hash,
        amount=payment.amount,
        status=OperationStatus.REQUESTED,
        decline_code=None,
        requested_at=values.pop("requested_at"),
    )
    return _payment(values), asked


async def insert_voided(connection: Connection, payment_id: str, order_id: str) -> None:
    """Note that nothing may be charged for this order; a known payment stays as it is."""
    await connection.execute(_INSERT_VOIDED, payment_id, order_id)


async def locked(
    connection: Connection, *, payment_id: str | None = None, order_id: str | None = None
) -> Payment | None:
    """One payment by either key, whose row is held until the transaction ends."""
    row = await connection.fetchrow(_LOCKED, payment_id, order_id)
    return _payment(row) if row else None


async def payments(
    reader: Reader, *, ids: Sequence[str] = (), order_ids: Sequence[str] = ()
) -> list[Payment]:
    """The payments with these keys, in no order."""
    return [_payment(row) for row in await reader.fetch(_BY_KEYS, list(ids), list(order_ids))]


async def save(connection: Connection, payment: Payment) -> None:
    """Write a locked payment back; its version counts up."""
    await connection.execute(
        _SAVE,
        payment.id,
        payment.status,
        payment.authorised,
        payment.captured,
        payment.refunded,
        payment.psp_reference,
        payment.amount,
        payment.currency,
        payment.is_cancelled,
    )


async def add_operation(
    connection: Connection,
    operation: tuple[str, str, bytes],
    payment_id: str,
    kind: OperationKind,
    amount: int,
    status: OperationStatus = OperationStatus.REQUESTED,
) -> Operation:
    """Store an operation: its id, key and request hash. Raises asyncpg.UniqueViolationError."""
    operation_id, key, request_hash = operation
    row = await connection.fetchrow(
        _ADD_OPERATION, operation_id, payment_id, kind, key, request_hash, amount, status
    )
    if row is None:
        raise LookupError(f"{operation_id} was inserted and did not come back")
    return _operation(row)


async def operation_by_key(reader: Reader, key: str) -> Operation | None:
    """The operation stored under a key."""
    row = await reader.fetchrow(_BY_KEY, key)
    return _operation(row) if row else None


async def operations(reader: Reader, payment_ids: Sequence[str]) -> dict[str, list[Operation]]:
    """The operations of each payment, oldest first."""
    found: dict[str, list[Operation]] = {key: [] for key in payment_ids}
    for row in await reader.fetch(_OF_PAYMENT, list(payment_ids)):
        found[row["payment_id"]].append(_operation(row))
    return found


async def settle(
    connection: Connection,
    operation_id: str,
    status: OperationStatus,
    reference: str | None = None,
    decline_code: str | None = None,
) -> Operation | None:
    """Note the outcome of an open operation; None when it was settled before."""
    row = await connection.fetchrow(_SETTLE, operation_id, status, reference, decline_code)
    return _operation(row) if row else None


async def pending_amount(connection: Connection, payment_id: str, kind: OperationKind) -> int:
    """The sum of the open operations of one kind."""
    amount: int = await connection.fetchval(_PENDING, payment_id, kind)
    return amount


async def open_operations(reader: Reader, payment_id: str, kind: OperationKind) -> list[Operation]:
    """The open operations of one kind, oldest first."""
    return [_operation(row) for row in await reader.fetch(_OPEN_OF_KIND, payment_id, kind)]


async def stale_operations(database: Database, seconds: float, limit: int) -> list[Operation]:
    """Open operations older than `seconds`, oldest first."""
    return [_operation(row) for row in await database.fetch(_STALE, seconds, limit)]


async def age(database: Database, operation: Operation) -> float:
    """Seconds since it was requested, by the database's clock."""
    return float(await database.fetchval(_AGE, operation.id))


def _payment(row: asyncpg.Record | dict[str, Any]) -> Payment:
    return Payment(**{**row, "status": PaymentStatus(row["status"])})


def _operation(row: asyncpg.Record) -> Operation:
    values: dict[str, Any] = dict(row)
    values["kind"] = OperationKind(values["kind"])
    values["status"] = OperationStatus(values["status"])
    return Operation(**values)
