"""Access tokens (EdDSA JWTs) verified offline against the issuer's published keys (JWKS).

Keys are fetched once and again when a token names an unknown key, at most every 10 s; a verified
token is remembered until it expires, so a client's next request costs a dictionary look-up.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import jwt
import orjson
import structlog

from subgraphs.chassis.caller import GUEST, Caller
from subgraphs.chassis.http_get import HttpGetError, http_get
from subgraphs.chassis.refusal import Refusal

ALGORITHM = "EdDSA"
FETCH_SECONDS = 2.0
REFRESH_SECONDS = 10.0
LEEWAY_SECONDS = 5
REMEMBERED = 10_000
LONGEST_TOKEN = 8_192

FetchKeys = Callable[[], Awaitable[bytes]]

log = structlog.get_logger(__name__)


class AccessTokens:
    """Turns an Authorization header into a Caller. `fetch` returns the JWKS document's bytes."""

    def __init__(self, fetch: FetchKeys, *, issuer: str, audience: str) -> None:
        self._fetch = fetch
        self._issuer = issuer
        self._audience = audience
        self._keys: Mapping[str, jwt.PyJWK] = {}
        self._fetched_at = float("-inf")
        self._lock = asyncio.Lock()
        self._known: OrderedDict[str, tuple[Caller, float]] = OrderedDict()

    async def caller(self, authorization: str | None) -> Caller:
        """The caller; GUEST without a header. Raises Refusal UNAUTHENTICATED for a bad token."""
        if authorization is None:
            return GUEST
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise _refused('the header must be "Authorization: Bearer <token>"')
        known = self._known.get(token)
        if known is not None:
            if known[1] > time.time():
                return known[0]
            del self._known[token]
        claims = await self._verified(token.strip())
        caller = _caller(claims)
        self._known[token] = (caller, float(claims["exp"]))
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return caller

    async def _verified(self, token: str) -> dict[str, Any]:
        if len(token) > LONGEST_TOKEN:
            raise _refused("it is too long")
        try:
            header = jwt.get_unverified_header(token)
            key = await self._key(str(header.get("kid", "")))
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=[ALGORITHM],
                issuer=self._issuer,
                audience=self._audience,
                leeway=LEEWAY_SECONDS,
                options={"require": ["exp", "iat", "sub", "aud", "iss"]},
            )
        except jwt.ExpiredSignatureError:
            raise _refused("it has expired; refresh the session") from None
        except jwt.InvalidTokenError as error:
            raise _refused(str(error).lower() or "it is not valid") from None
        return claims

    async def _key(self, kid: str) -> jwt.PyJWK:
        if kid not in self._keys:
            await self._refresh()
        found = self._keys.get(kid)
        if found is None:
            raise _refused("its key is not known here")
        return found

    async def _refresh(self) -> None:
        async with self._lock:
            if time.monotonic() - self._fetched_at < REFRESH_SECONDS:
                return
            try:
                document = orjson.loads(await self._fetch())
                self._keys = _keys(document)
            except (HttpGetError, orjson.JSONDecodeError, jwt.PyJWTError) as error:
                log.warning("the token issuer's keys could not be fetched", reason=str(error))
                if not self._keys:
                    raise Refusal(
                        "UNAVAILABLE", "Tokens cannot be checked at the moment; try again shortly."
                    ) from error
                return
            self._fetched_at = time.monotonic()


def fetch_from(url: str) -> FetchKeys:
    """Keys over HTTP, with a deadline of 2 s."""

    async def fetch() -> bytes:
        return await http_get(url, FETCH_SECONDS)

    return fetch


def _keys(document: Any) -> dict[str, jwt.PyJWK]:
    listed = document.get("keys", []) if isinstance(document, dict) else []
    return {
        item["kid"]: jwt.PyJWK(item, algorithm=ALGORITHM)
        for item in listed
        if item.get("kty") == "OKP" and item.get("kid")
    }


def _caller(claims: Mapping[str, Any]) -> Caller:
    return Caller(
        user_id=str(claims["sub"]),
        scopes=frozenset(str(claims.get("scope", "")).split()),
        roles=frozenset(str(role) for role in claims.get("roles", ())),
        session_id=claims.get("sid"),
    )


def _refused(reason: str) -> Refusal:
    return Refusal("UNAUTHENTICATED", f"The access token was refused: {reason}.")
