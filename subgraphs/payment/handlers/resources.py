"""What the use cases are given, and what they answer."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from subgraphs.chassis.database import Database
from subgraphs.chassis.outbox import Outbox
from subgraphs.payment.domain import ErrorCode, Operation, Payment, PaymentProblem
from subgraphs.payment.provider.port import Provider

LONGEST_KEY = 200
LARGEST_AMOUNT = 10**13


@dataclass(frozen=True, slots=True)
class Resources:
    """Database, outbox and provider.

    The provider gets `provider_seconds` to answer. A request it has never heard of after
    `lost_after_seconds` will not arrive any more.
    """

    database: Database
    outbox: Outbox
    provider: Provider
    provider_seconds: float = 5.0
    lost_after_seconds: float = 10.0


@dataclass(frozen=True, slots=True)
class Result:
    """An operation and the payment it belongs to, as they are now."""

    payment: Payment
    operation: Operation


def request_hash(*parts: str | int) -> bytes:
    """What an operation asks for, so that its key cannot come to mean something else."""
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).digest()


def checked_key(key: str) -> str:
    """The key itself. Raises PaymentProblem INVALID_INPUT."""
    if 1 <= len(key) <= LONGEST_KEY:
        return key
    raise PaymentProblem(
        ErrorCode.INVALID_INPUT,
        f"An idempotency key has 1 to {LONGEST_KEY} characters.",
        "idempotencyKey",
    )


def checked_amount(amount: int) -> int:
    """The amount itself. Raises PaymentProblem INVALID_INPUT."""
    if 1 <= amount <= LARGEST_AMOUNT:
        return amount
    raise PaymentProblem(
        ErrorCode.INVALID_INPUT, f"{amount} is no amount to move: 1 to 10^13.", "amountMinor"
    )


def check_same(operation: Operation, wanted: bytes) -> None:
    """Raises PaymentProblem IDEMPOTENCY_MISMATCH when the key was used for something else."""
    if operation.request_hash != wanted:
        raise PaymentProblem(
            ErrorCode.IDEMPOTENCY_MISMATCH,
            "This key was used for another request.",
            "idempotencyKey",
        )
