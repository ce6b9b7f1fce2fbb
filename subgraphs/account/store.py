"""Accounts in PostgreSQL: SQLModel tables, and every SQL query about them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import asyncpg
from sqlalchemy import Column, DateTime, LargeBinary, func
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from subgraphs.account.domain import Account, Role
from subgraphs.chassis.database import Connection, Database


def _now() -> Column[Any]:
    return Column(DateTime(timezone=True), nullable=False, server_default=func.now())


class UserRow(SQLModel, table=True):
    """One account. `email_norm` is what makes an address usable once."""

    __tablename__ = "users"
    id: str = Field(primary_key=True)
    email: str
    email_norm: str = Field(unique=True)
    email_verified_at: datetime | None = Field(
        default=None, sa_column=Column(DateTime(timezone=True))
    )
    password_hash: str
    display_name: str
    locale: str = "en"
    status: str = "ACTIVE"
    version: int = 1
    created_at: datetime | None = Field(default=None, sa_column=_now())


class UserRoleRow(SQLModel, table=True):
    """A role somebody has."""

    __tablename__ = "user_roles"
    user_id: str = Field(primary_key=True, foreign_key="users.id", ondelete="CASCADE")
    role: str = Field(primary_key=True)
    granted_at: datetime | None = Field(default=None, sa_column=_now())


class SessionRow(SQLModel, table=True):
    """A signed-in device. The refresh token itself is stored nowhere, only its SHA-256."""

    __tablename__ = "sessions"
    id: str = Field(primary_key=True)
    user_id: str = Field(foreign_key="users.id", ondelete="CASCADE")
    refresh_hash: bytes = Field(sa_column=Column(LargeBinary, nullable=False, unique=True))
    salt: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    user_agent: str | None = None
    ip_prefix: str | None = None
    created_at: datetime | None = Field(default=None, sa_column=_now())
    rotated_at: datetime | None = Field(default=None, sa_column=_now())
    expires_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    revoked_at: datetime | None = Field(default=None, sa_column=Column(DateTime(timezone=True)))
    revoke_reason: str | None = None


class SpentRefreshTokenRow(SQLModel, table=True):
    """The hash of a refresh token that was exchanged: seeing it again means theft."""

    __tablename__ = "spent_refresh_tokens"
    hash: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    session_id: str = Field(foreign_key="sessions.id", ondelete="CASCADE")
    spent_at: datetime | None = Field(default=None, sa_column=_now())


class SigningKeyRow(SQLModel, table=True):
    """A key access tokens are signed with, published until it retires."""

    __tablename__ = "signing_keys"
    kid: str = Field(primary_key=True)
    private_pem: str
    created_at: datetime | None = Field(default=None, sa_column=_now())
    retires_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))


_ACCOUNT = """
select u.id, u.email, u.email_verified_at is not null as email_verified, u.display_name, u.locale,
  u.version, u.created_at,
  array(select role from user_roles r where r.user_id = u.id order by role) as roles
from users u
"""
_BY_IDS = _ACCOUNT + "where u.id = any($1) and u.status = 'ACTIVE'"
_CREDENTIALS = "select id, password_hash from users where email_norm = $1 and status = 'ACTIVE'"
_REVOKED = """
select revoked_at is not null or expires_at < now() as revoked from sessions where id = $1
"""
_SPENT = """
select s.*, t.spent_at from spent_refresh_tokens t join sessions s on s.id = t.session_id
where t.hash = $1
"""
_ROTATE = """
with spent as (
  insert into spent_refresh_tokens (hash, session_id)
  select refresh_hash, id from sessions where id = $1 and refresh_hash = $2
)
update sessions set refresh_hash = $3, rotated_at = now() where id = $1 and refresh_hash = $2
"""
_REVOKE = """
update sessions set revoked_at = now(), revoke_reason = $2
where id = $1 and revoked_at is null returning user_id
"""


class EmailTakenError(Exception):
    """The unique index refused the address."""


async def add_user(session: AsyncSession, user: UserRow, roles: Sequence[Role]) -> None:
    """Insert the account and its roles. Raises EmailTakenError; the transaction is then over."""
    session.add(user)
    try:
        await session.flush()
    except IntegrityError as error:
        if "email_norm" in str(error.orig):
            raise EmailTakenError from error
        raise
    for role in roles:
        session.add(UserRoleRow(user_id=user.id, role=role))


async def accounts(database: Database, ids: Sequence[str]) -> dict[str, Account]:
    """The open accounts among `ids`, by id."""
    rows = await database.fetch(_BY_IDS, list(ids))
    return {row["id"]: _account(row) for row in rows}


async def credentials(database: Database, email_norm: str) -> tuple[str, str] | None:
    """Id and password hash of the open account with this address."""
    row = await database.fetchrow(_CREDENTIALS, email_norm)
    return (row["id"], row["password_hash"]) if row else None


async def change_password_hash(database: Database, user_id: str, password_hash: str) -> None:
    """Replace the hash, when its parameters have changed."""
    await database.execute(
        "update users set password_hash = $2 where id = $1", user_id, password_hash
    )


async def session_by_refresh_hash(connection: Connection, digest: bytes) -> asyncpg.Record | None:
    """The session whose current refresh token has this hash, locked."""
    return await connection.fetchrow(
        "select * from sessions where refresh_hash = $1 for update", digest
    )


async def session_by_spent_hash(connection: Connection, digest: bytes) -> asyncpg.Record | None:
    """The session that once had the refresh token of this hash; with `spent_at`."""
    return await connection.fetchrow(_SPENT, digest)


async def rotate(connection: Connection, session_id: str, old: bytes, new: bytes) -> None:
    """Exchange the refresh token's hash; the old one becomes spent."""
    await connection.execute(_ROTATE, session_id, old, new)


async def revoke_session(connection: Connection, session_id: str, reason: str) -> str | None:
    """End a session; whose it was, or None when it had ended already."""
    user_id: str | None = await connection.fetchval(_REVOKE, session_id, reason)
    return user_id


async def is_revoked(database: Database, session_id: str) -> bool:
    """Whether a session has ended; one we never had counts as ended."""
    answer = await database.fetchval(_REVOKED, session_id)
    return answer is not False


def _account(row: asyncpg.Record) -> Account:
    return Account(
        id=row["id"],
        email=row["email"],
        email_verified=row["email_verified"],
        display_name=row["display_name"],
        locale=row["locale"],
        roles=tuple(Role(role) for role in row["roles"]),
        version=row["version"],
        created_at=row["created_at"],
    )
