"""Operations whose outcome nobody knows: the provider is asked again until it is known."""

from __future__ import annotations

import asyncio

import structlog

from subgraphs.payment.domain import OperationKind
from subgraphs.payment.handlers.providing import look_up
from subgraphs.payment.handlers.resources import Resources, Result
from subgraphs.payment.handlers.voiding import carry_out_wish
from subgraphs.payment.store import payments as store

BATCH = 50

log = structlog.get_logger(__name__)


async def recover_for_ever(resources: Resources) -> None:
    """Settle what is open for longer than a provider takes to answer, until cancelled."""
    while True:
        settled = await recover(resources, older_than=resources.provider_seconds)
        if settled:
            log.info("open operations settled", count=settled)
        await asyncio.sleep(resources.provider_seconds)


async def recover(resources: Resources, *, older_than: float) -> int:
    """Ask about up to 50 open operations older than so many seconds; how many are settled now."""
    settled = 0
    for operation in await store.stale_operations(resources.database, older_than, BATCH):
        found = await store.payments(resources.database, ids=[operation.payment_id])
        result = Result(found[0], operation)
        if operation.kind is not OperationKind.VOID:
            result = await look_up(resources, operation)
        # A void is asked for again under its own key: the provider does it once.
        result = await carry_out_wish(resources, result)
        settled += not result.operation.is_open
    return settled
