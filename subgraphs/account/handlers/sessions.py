"""Signing in and out: sessions with rotating refresh tokens, and short access tokens.

A refresh token is 256 random bits, stored only as SHA-256. Each refresh spends it for a
successor, derived from it and the session's salt: so a client that asked twice at once gets the
same successor, and whoever presents a spent token later ends the session.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

import asyncpg

from subgraphs.account import store
from subgraphs.account.domain import (
    ACCESS_TOKEN_LIFE,
    REFRESH_GRACE,
    SESSION_LIFE,
    Account,
    AccountProblem,
    ProblemCode,
    normalised_email,
)
from subgraphs.account.events import SessionRevoked
from subgraphs.account.handlers.resources import Resources
from subgraphs.account.handlers.signing_keys import AccessToken
from subgraphs.chassis.database import Connection
from subgraphs.chassis.ids import new_id
from subgraphs.chassis.outbox import Event


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What a client needs from now on."""

    account: Account
    access: AccessToken
    refresh_token: str


async def login(resources: Resources, email: str, password: str) -> SignedIn:
    """Open a session. Raises AccountProblem BAD_CREDENTIALS, without saying which was wrong."""
    try:
        email_norm = normalised_email(email)
    except AccountProblem:
        email_norm = ""
    known = await store.credentials(resources.database, email_norm)
    user_id, encoded = known or (None, None)
    if not await resources.passwords.matches(encoded, password) or user_id is None:
        raise AccountProblem(ProblemCode.BAD_CREDENTIALS, "E-mail address or password is wrong.")
    if encoded and resources.passwords.is_outdated(encoded):
        again = await resources.passwords.hash(password)
        await store.change_password_hash(resources.database, user_id, again)
    row, token = new_session(user_id)
    async with resources.database.session() as session:
        session.add(row)
    return await _signed_in(resources, user_id, row.id, token)


async def refresh(resources: Resources, token: str | None) -> SignedIn:
    """Exchange a refresh token. Raises AccountProblem TOKEN_EXPIRED or TOKEN_REUSED."""
    if not token:
        raise _expired()
    digest = _digest(token)
    async with resources.database.transaction() as connection:
        row = await store.session_by_refresh_hash(connection, digest)
        if row is not None and _is_open(row):
            successor = _successor(row["salt"], token)
            await store.rotate(connection, row["id"], digest, _digest(successor))
        else:
            row = await store.session_by_spent_hash(connection, digest)
            if row is None or not _is_open(row):
                raise _expired()
            successor = _successor(row["salt"], token)
            if not _is_double_submit(row, successor):
                await _revoke(resources, connection, row["id"], "refresh token used twice")
                row = None
    if row is None:
        raise AccountProblem(
            ProblemCode.TOKEN_REUSED,
            "This refresh token was used before, so its session is closed. Sign in again.",
        )
    return await _signed_in(resources, row["user_id"], row["id"], successor)


async def logout(resources: Resources, session_id: str) -> None:
    """End the session; its refresh token is worth nothing from now on."""
    async with resources.database.transaction() as connection:
        await _revoke(resources, connection, session_id, "logout")


def new_session(user_id: str) -> tuple[store.SessionRow, str]:
    """A session's row, and its first refresh token."""
    token = secrets.token_urlsafe(32)
    row = store.SessionRow(
        id=new_id("ses"),
        user_id=user_id,
        refresh_hash=_digest(token),
        salt=secrets.token_bytes(32),
        expires_at=datetime.now(UTC) + SESSION_LIFE,
    )
    return row, token


async def _signed_in(
    resources: Resources, user_id: str, session_id: str, refresh_token: str
) -> SignedIn:
    account = (await store.accounts(resources.database, [user_id])).get(user_id)
    if account is None:
        raise _expired()
    return SignedIn(account, resources.keys.sign(account, session_id), refresh_token)


async def _revoke(
    resources: Resources, connection: Connection, session_id: str, reason: str
) -> None:
    user_id = await store.revoke_session(connection, session_id, reason)
    if user_id is None:
        return
    until = datetime.now(UTC) + ACCESS_TOKEN_LIFE
    fact = SessionRevoked(user_id, session_id, reason, until.isoformat())
    payload = {"session_id": session_id, "reason": reason, "until": fact.until}
    await resources.outbox.append(connection, Event(fact.type, user_id, payload, actor=user_id))


def _is_open(row: asyncpg.Record) -> bool:
    expires_at: datetime = row["expires_at"]
    return row["revoked_at"] is None and expires_at > datetime.now(UTC)


def _is_double_submit(row: asyncpg.Record, successor: str) -> bool:
    """The token was spent a moment ago and its successor is still the current one."""
    spent_at: datetime = row["spent_at"]
    current: bytes = row["refresh_hash"]
    recent = datetime.now(UTC) - spent_at <= REFRESH_GRACE
    return recent and current == _digest(successor)


def _successor(salt: bytes, token: str) -> str:
    derived = hmac.digest(salt, token.encode(), "sha256")
    return base64.urlsafe_b64encode(derived).rstrip(b"=").decode()


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _expired() -> AccountProblem:
    return AccountProblem(ProblemCode.TOKEN_EXPIRED, "The session has ended. Sign in again.")
