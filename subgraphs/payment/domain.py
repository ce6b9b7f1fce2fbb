"""Payments and their states: what was promised, taken and given back. Amounts are minor units."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


class PaymentStatus(StrEnum):
    """CREATED → AUTHORISING → AUTHORISED, DECLINED or UNKNOWN; UNKNOWN → what a look-up says;
    AUTHORISED → PARTIALLY_CAPTURED → CAPTURED → PARTIALLY_REFUNDED → REFUNDED, or VOIDED.
    """

    CREATED = "CREATED"
    REQUIRES_ACTION = "REQUIRES_ACTION"
    AUTHORISING = "AUTHORISING"
    AUTHORISED = "AUTHORISED"
    PARTIALLY_CAPTURED = "PARTIALLY_CAPTURED"
    CAPTURED = "CAPTURED"
    VOIDED = "VOIDED"
    PARTIALLY_REFUNDED = "PARTIALLY_REFUNDED"
    REFUNDED = "REFUNDED"
    DECLINED = "DECLINED"
    EXPIRED = "EXPIRED"
    UNKNOWN = "UNKNOWN"


class OperationKind(StrEnum):
    """What the provider is asked to do."""

    AUTHORISE = "AUTHORISE"
    CAPTURE = "CAPTURE"
    VOID = "VOID"
    REFUND = "REFUND"
    CHARGEBACK = "CHARGEBACK"


class OperationStatus(StrEnum):
    """REQUESTED before the provider is asked; UNKNOWN when it gave no answer."""

    REQUESTED = "REQUESTED"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    UNKNOWN = "UNKNOWN"


class ErrorCode(StrEnum):
    """Why a payment command was turned down."""

    INVALID_INPUT = "INVALID_INPUT"
    NOT_FOUND = "NOT_FOUND"
    PAYMENT_DECLINED = "PAYMENT_DECLINED"
    AMOUNT_EXCEEDS_AUTHORISED = "AMOUNT_EXCEEDS_AUTHORISED"
    AMOUNT_EXCEEDS_CAPTURED = "AMOUNT_EXCEEDS_CAPTURED"
    WRONG_PAYMENT_STATE = "WRONG_PAYMENT_STATE"
    IDEMPOTENCY_MISMATCH = "IDEMPOTENCY_MISMATCH"


class PaymentProblem(Exception):  # noqa: N818 - an answer to the caller, not a fault
    """A command that breaks a rule; `path` names the argument, where there is one."""

    def __init__(self, code: ErrorCode, message: str, *path: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.path = path


@dataclass(frozen=True, slots=True)
class Payment:
    """The payment of one order. Invariant: refunded ≤ captured ≤ authorised."""

    id: str
    order_id: str
    customer_id: str | None
    currency: str
    amount: int
    authorised: int
    captured: int
    refunded: int
    status: PaymentStatus
    psp_reference: str | None
    is_cancelled: bool
    version: int


@dataclass(frozen=True, slots=True)
class Operation:
    """One request to the provider, known by its idempotency key for ever."""

    id: str
    payment_id: str
    kind: OperationKind
    idempotency_key: str
    request_hash: bytes
    amount: int
    status: OperationStatus
    decline_code: str | None
    requested_at: datetime

    @property
    def is_open(self) -> bool:
        """Whether its outcome is not known yet."""
        return self.status in (OperationStatus.REQUESTED, OperationStatus.UNKNOWN)


@dataclass(frozen=True, slots=True)
class CardMethod:
    """A stored card: what a person recognises it by, and nothing to pay with."""

    id: str
    user_id: str
    label: str
    created_at: datetime
    brand: str
    last4: str
    exp_month: int
    exp_year: int


@dataclass(frozen=True, slots=True)
class WalletMethod:
    """A stored wallet."""

    id: str
    user_id: str
    label: str
    created_at: datetime
    provider: str


PaymentMethod = CardMethod | WalletMethod

MAY_AUTHORISE = frozenset({PaymentStatus.CREATED, PaymentStatus.DECLINED})
IS_PENDING = frozenset(
    {PaymentStatus.AUTHORISING, PaymentStatus.UNKNOWN, PaymentStatus.REQUIRES_ACTION}
)
MAY_CAPTURE = frozenset({PaymentStatus.AUTHORISED, PaymentStatus.PARTIALLY_CAPTURED})
MAY_REFUND = frozenset(
    {PaymentStatus.PARTIALLY_CAPTURED, PaymentStatus.CAPTURED, PaymentStatus.PARTIALLY_REFUNDED}
)


def succeeded(payment: Payment, kind: OperationKind, amount: int, reference: str) -> Payment:
    """The payment after the provider did what was asked."""
    match kind:
        case OperationKind.AUTHORISE:
            return replace(
                payment,
                status=PaymentStatus.AUTHORISED,
                authorised=amount,
                psp_reference=reference,
            )
        case OperationKind.CAPTURE:
            captured = payment.captured + amount
            whole = captured == payment.authorised
            status = PaymentStatus.CAPTURED if whole else PaymentStatus.PARTIALLY_CAPTURED
            return replace(payment, status=status, captured=captured)
        case OperationKind.VOID:
            # What was declined in the end stays declined: there was nothing to give back.
            promised = payment.status is PaymentStatus.AUTHORISED
            return replace(payment, status=PaymentStatus.VOIDED) if promised else payment
        case OperationKind.REFUND | OperationKind.CHARGEBACK:
            refunded = payment.refunded + amount
            whole = refunded == payment.captured
            status = PaymentStatus.REFUNDED if whole else PaymentStatus.PARTIALLY_REFUNDED
            return replace(payment, status=status, refunded=refunded)


def failed(payment: Payment, kind: OperationKind) -> Payment:
    """The payment after the provider refused: only a refused authorisation changes it."""
    if kind is OperationKind.AUTHORISE:
        return replace(payment, status=PaymentStatus.DECLINED)
    return payment


def unknown(payment: Payment, kind: OperationKind) -> Payment:
    """The payment while nobody knows what the provider did."""
    if kind is OperationKind.AUTHORISE:
        return replace(payment, status=PaymentStatus.UNKNOWN)
    return payment


def check_authorise(payment: Payment) -> None:
    """Raises PaymentProblem unless a new authorisation may be asked for."""
    if payment.is_cancelled:
        raise _wrong_state(payment, "was voided, so nothing may be charged any more")
    if payment.status not in MAY_AUTHORISE:
        raise _wrong_state(payment, "has an authorisation already")


def check_capture(payment: Payment, amount: int, pending: int) -> None:
    """Raises PaymentProblem unless so much more may be taken; `pending` is being taken now."""
    if payment.status not in MAY_CAPTURE or payment.is_cancelled:
        raise _wrong_state(payment, "cannot be captured")
    left = payment.authorised - payment.captured - pending
    if amount > left:
        raise PaymentProblem(
            ErrorCode.AMOUNT_EXCEEDS_AUTHORISED, f"{left} are left to capture.", "amountMinor"
        )


def check_refund(payment: Payment, amount: int, pending: int) -> None:
    """Raises PaymentProblem unless so much may be given back; `pending` is on its way."""
    if payment.status not in MAY_REFUND:
        raise _wrong_state(payment, "has nothing to refund")
    left = payment.captured - payment.refunded - pending
    if amount > left:
        raise PaymentProblem(
            ErrorCode.AMOUNT_EXCEEDS_CAPTURED, f"{left} are left to refund.", "amountMinor"
        )


def check_void(payment: Payment) -> None:
    """Raises PaymentProblem once money was taken."""
    if payment.captured:
        raise _wrong_state(payment, "was captured: refund it instead")


def _wrong_state(payment: Payment, reason: str) -> PaymentProblem:
    return PaymentProblem(
        ErrorCode.WRONG_PAYMENT_STATE, f"The payment is {payment.status}: it {reason}."
    )
