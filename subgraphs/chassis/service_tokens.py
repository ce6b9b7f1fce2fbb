"""Service tokens: how one service proves to another who it is (HS256 JWTs, ten minutes)."""

from __future__ import annotations

import time
from collections import OrderedDict

import jwt

from subgraphs.chassis.refusal import Refusal

LIFE_SECONDS = 600
RENEW_SECONDS = 60
REMEMBERED = 256
_ALGORITHM = "HS256"
_AUDIENCE = "services"


class ServiceTokens:
    """Issues this service's own token and verifies its peers'. One shared secret."""

    def __init__(self, service: str, secret: str) -> None:
        self._service = service
        self._secret = secret
        self._own = ""
        self._own_until = 0.0
        self._known: OrderedDict[str, tuple[str, float]] = OrderedDict()

    def own(self) -> str:
        """A token that says "I am <service>", made anew shortly before it ends."""
        now = time.time()
        if now > self._own_until - RENEW_SECONDS:
            self._own_until = now + LIFE_SECONDS
            claims = {
                "sub": self._service,
                "aud": _AUDIENCE,
                "iat": int(now),
                "exp": int(self._own_until),
            }
            self._own = jwt.encode(claims, self._secret, algorithm=_ALGORITHM)
        return self._own

    def peer(self, token: str) -> str:
        """The name of the service a token speaks for. Raises Refusal UNAUTHENTICATED."""
        known = self._known.get(token)
        if known is not None and known[1] > time.time():
            return known[0]
        try:
            claims = jwt.decode(
                token,
                self._secret,
                algorithms=[_ALGORITHM],
                audience=_AUDIENCE,
                leeway=5,
                options={"require": ["sub", "exp", "aud"]},
            )
        except jwt.InvalidTokenError as error:
            raise Refusal("UNAUTHENTICATED", f"The service token was refused: {error}.") from None
        name = str(claims["sub"])
        self._known[token] = (name, float(claims["exp"]))
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return name
