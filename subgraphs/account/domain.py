"""Accounts and their rules: e-mail addresses, passwords, roles and what roles may do."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

ACCESS_TOKEN_LIFE = timedelta(minutes=10)
SESSION_LIFE = timedelta(days=30)
# A client that refreshed twice at once gets the same successor within this time.
REFRESH_GRACE = timedelta(seconds=10)
SHORTEST_PASSWORD, LONGEST_PASSWORD = 10, 256
LONGEST_EMAIL, LONGEST_NAME = 254, 100

_EMAIL = re.compile(r"[^\s@\x00-\x1f]{1,64}@[^\s@.\x00-\x1f]+(\.[^\s@.\x00-\x1f]+)+")
_LOCALE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


class Role(StrEnum):
    """What somebody does here; each role stands for scopes."""

    CUSTOMER = "CUSTOMER"
    SUPPORT = "SUPPORT"
    CATALOG_MANAGER = "CATALOG_MANAGER"
    INVENTORY_MANAGER = "INVENTORY_MANAGER"
    FULFILMENT = "FULFILMENT"
    FINANCE = "FINANCE"
    ADMIN = "ADMIN"


class ProblemCode(StrEnum):
    """Why an account request was turned down."""

    INVALID_INPUT = "INVALID_INPUT"
    NOT_FOUND = "NOT_FOUND"
    EMAIL_TAKEN = "EMAIL_TAKEN"
    WEAK_PASSWORD = "WEAK_PASSWORD"  # noqa: S105 - a code
    BAD_CREDENTIALS = "BAD_CREDENTIALS"
    TOKEN_REUSED = "TOKEN_REUSED"  # noqa: S105 - a code
    TOKEN_EXPIRED = "TOKEN_EXPIRED"  # noqa: S105 - a code


class AccountProblem(Exception):  # noqa: N818 - an answer to the user, not a fault
    """A request that breaks a rule; `path` names the input field, where there is one."""

    def __init__(self, code: ProblemCode, message: str, *path: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.path = path


@dataclass(frozen=True, slots=True)
class Account:
    """A user as others may know them."""

    id: str
    email: str
    email_verified: bool
    display_name: str
    locale: str
    roles: tuple[Role, ...]
    version: int
    created_at: datetime


_CUSTOMER = frozenset(
    {"profile:read", "profile:write", "cart:own", "order:read_own", "order:cancel_own"}
    | {"payment:own"}
)
SCOPES: dict[Role, frozenset[str]] = {
    Role.CUSTOMER: _CUSTOMER,
    Role.SUPPORT: _CUSTOMER
    | {"customer:read", "order:read_all", "order:cancel_any", "payment:read"},
    Role.CATALOG_MANAGER: frozenset({"catalog:read_drafts", "catalog:write", "price:write"}),
    Role.INVENTORY_MANAGER: frozenset({"inventory:read", "inventory:write"}),
    Role.FULFILMENT: frozenset({"order:read_all", "order:fulfil", "inventory:read"}),
    Role.FINANCE: frozenset(
        {"order:read_all", "payment:read", "payment:capture", "payment:refund", "price:write"}
    ),
}
SCOPES[Role.ADMIN] = frozenset().union(*SCOPES.values()) | {
    "rbac:read",
    "rbac:write",
    "catalog:admin",
}


def scopes_of(roles: Iterable[Role]) -> frozenset[str]:
    """Everything the roles allow together."""
    return frozenset().union(*(SCOPES[role] for role in roles))


def normalised_email(email: str) -> str:
    """The form in which an address is used once: NFKC, case folded. Raises AccountProblem."""
    trimmed = email.strip()
    if len(trimmed) > LONGEST_EMAIL or not _EMAIL.fullmatch(trimmed):
        raise AccountProblem(
            ProblemCode.INVALID_INPUT, "That is not an e-mail address.", "input", "email"
        )
    return unicodedata.normalize("NFKC", trimmed).casefold()


def checked_password(password: str, email: str) -> str:
    """The password itself, if it is one to accept. Raises AccountProblem WEAK_PASSWORD."""
    if len(password) > LONGEST_PASSWORD:
        reason = f"Use at most {LONGEST_PASSWORD} characters."
    elif len(password) < SHORTEST_PASSWORD:
        reason = f"Use at least {SHORTEST_PASSWORD} characters."
    elif len(set(password)) < 4:
        reason = "Use more than a few different characters."
    elif password.casefold() in {email, email.partition("@")[0]}:
        reason = "Do not use your e-mail address as the password."
    else:
        return password
    raise AccountProblem(ProblemCode.WEAK_PASSWORD, reason, "input", "password")


def checked_display_name(name: str) -> str:
    """The name without outer blanks. Raises AccountProblem."""
    trimmed = name.strip()
    if 1 <= len(trimmed) <= LONGEST_NAME and trimmed.isprintable():
        return trimmed
    raise AccountProblem(
        ProblemCode.INVALID_INPUT,
        f"A name has 1 to {LONGEST_NAME} printable characters.",
        "input",
        "displayName",
    )


def checked_locale(locale: str | None) -> str:
    """A language tag such as "en" or "nb-NO"; "en" when none is given. Raises AccountProblem."""
    if locale is None:
        return "en"
    if _LOCALE.fullmatch(locale):
        return locale
    raise AccountProblem(
        ProblemCode.INVALID_INPUT, 'A locale is a language tag such as "en".', "input", "locale"
    )
