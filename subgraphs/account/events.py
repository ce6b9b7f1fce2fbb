"""Facts about accounts that other services may hear."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class UserRegistered:
    """Somebody opened an account; `guest_cart_id` is the cart they filled before."""

    type: ClassVar[str] = "account.user.registered"
    user_id: str
    locale: str
    guest_cart_id: str | None


@dataclass(frozen=True, slots=True)
class SessionRevoked:
    """A session ended before its time; tokens of it are refused until `until` (RFC 3339)."""

    type: ClassVar[str] = "account.session.revoked"
    user_id: str
    session_id: str
    reason: str
    until: str
