"""The Ed25519 keys that sign access tokens: kept in the database, published as a JWKS.

The newest key signs; older ones stay published until the tokens they signed have ended. A new key
is made when the newest is older than 30 days.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import jwt
import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from jwt.algorithms import OKPAlgorithm

from subgraphs.account.domain import ACCESS_TOKEN_LIFE, Account, scopes_of
from subgraphs.chassis.database import Database
from subgraphs.chassis.ids import new_id

ALGORITHM = "EdDSA"
RENEW_DAYS, LIFE_DAYS = 30, 60
_LOCK = 7_303_015

_NEWEST_IS_FRESH = """
select exists (
  select from signing_keys where created_at > now() - make_interval(days => $1))
"""
_ADD = """
insert into signing_keys (kid, private_pem, retires_at)
values ($1, $2, now() + make_interval(days => $3))
"""
_PUBLISHED = """
select kid, private_pem from signing_keys where retires_at > now() order by created_at desc
"""


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A signed token and when it ends."""

    text: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class SigningKeys:
    """The published keys, newest first."""

    keys: Sequence[tuple[str, Ed25519PrivateKey]]
    issuer: str
    audience: str

    async def jwks(self) -> bytes:
        """The public halves as a JWKS document (RFC 7517)."""
        return orjson.dumps({"keys": [_public(kid, key) for kid, key in self.keys]})

    def sign(self, account: Account, session_id: str) -> AccessToken:
        """An access token for ten minutes, saying who it is and what they may do."""
        now = int(time.time())
        expires = now + int(ACCESS_TOKEN_LIFE.total_seconds())
        kid, key = self.keys[0]
        claims = {
            "iss": self.issuer,
            "aud": self.audience,
            "sub": account.id,
            "sid": session_id,
            "scope": " ".join(sorted(scopes_of(account.roles))),
            "roles": list(account.roles),
            "iat": now,
            "exp": expires,
            "jti": new_id("jti"),
        }
        text = jwt.encode(claims, key, algorithm=ALGORITHM, headers={"kid": kid})
        return AccessToken(text, datetime.fromtimestamp(expires, UTC))


async def open_signing_keys(database: Database, issuer: str, audience: str) -> SigningKeys:
    """The keys of the database, with a new one first when the newest has aged."""
    async with database.transaction() as connection:
        await connection.execute("select pg_advisory_xact_lock($1)", _LOCK)
        if not await connection.fetchval(_NEWEST_IS_FRESH, RENEW_DAYS):
            await connection.execute(_ADD, new_id("key"), _new_pem(), LIFE_DAYS)
        rows = await connection.fetch(_PUBLISHED)
    return SigningKeys(
        [(row["kid"], _private(row["private_pem"])) for row in rows], issuer, audience
    )


def _new_pem() -> str:
    key = Ed25519PrivateKey.generate()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def _private(pem: str) -> Ed25519PrivateKey:
    key = load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError("signing_keys holds a key that is not Ed25519")
    return key


def _public(kid: str, key: Ed25519PrivateKey) -> dict[str, Any]:
    public = orjson.loads(OKPAlgorithm.to_jwk(key.public_key()))
    return {**public, "kid": kid, "use": "sig", "alg": ALGORITHM}
