"""Asking the provider, with a deadline; no answer is an outcome nobody knows, never a guess."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

import structlog

from subgraphs.payment.domain import Operation
from subgraphs.payment.handlers.resources import Resources, Result
from subgraphs.payment.handlers.settlement import settle
from subgraphs.payment.provider.port import Outcome, ProviderSilent, Refused
from subgraphs.payment.store import payments as store

NOT_RECEIVED = "not_received"

log = structlog.get_logger(__name__)


async def carry_out(
    resources: Resources, operation: Operation, asking: Awaitable[Outcome]
) -> Result:
    """Ask the provider to do a stored operation, and note what came of it."""
    try:
        async with asyncio.timeout(resources.provider_seconds):
            outcome: Outcome | None = await asking
    except (ProviderSilent, TimeoutError) as silence:
        log.warning("the provider is silent", operation=operation.id, reason=repr(silence))
        outcome = None
    return await settle(resources, operation, outcome)


async def look_up(resources: Resources, operation: Operation) -> Result:
    """Ask the provider what became of an open operation, and note it.

    A request it never received counts as lost only when it is old: a young one may still arrive.
    """
    try:
        async with asyncio.timeout(resources.provider_seconds):
            outcome = await resources.provider.lookup(operation.idempotency_key)
    except (ProviderSilent, TimeoutError):
        return await settle(resources, operation, None)
    if outcome is None:
        age = await store.age(resources.database, operation)
        if age >= resources.lost_after_seconds:
            outcome = Refused(NOT_RECEIVED)
    return await settle(resources, operation, outcome)
