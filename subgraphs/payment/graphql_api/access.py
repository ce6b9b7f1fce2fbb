"""Whose payment it is: a scope says what kind of data, this says whose."""

from __future__ import annotations

from typing import TypeAlias

from strawberry.types.info import Info

from subgraphs.chassis.refusal import Refusal
from subgraphs.chassis.resolver_context import Context
from subgraphs.payment.handlers.resources import Resources

PaymentInfo: TypeAlias = Info[Context[Resources], None]

READ_ALL = "payment:read"


def may_see(info: PaymentInfo, owner_id: str | None) -> bool:
    """Whether it is the caller's own, or the caller sees everybody's."""
    caller = info.context.caller
    return caller.has(READ_ALL) or (owner_id is not None and caller.user_id == owner_id)


def forbidden() -> Refusal:
    """The answer to everybody else."""
    return Refusal("FORBIDDEN", "This belongs to another user.")
