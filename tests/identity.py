"""Access tokens for tests: a key of our own, its JWKS, and tokens of any caller."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import jwt
import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.algorithms import OKPAlgorithm

ISSUER = "account"
AUDIENCE = "supergraph"


class Issuer:
    """Signs what the account service would sign; counts how often its keys are asked for."""

    def __init__(self, kid: str = "test-key") -> None:
        self.kid = kid
        self.asked = 0
        self._private = Ed25519PrivateKey.generate()

    async def keys(self) -> bytes:
        """The JWKS document."""
        self.asked += 1
        key = orjson.loads(OKPAlgorithm.to_jwk(self._private.public_key()))
        return orjson.dumps({"keys": [{**key, "kid": self.kid, "use": "sig", "alg": "EdDSA"}]})

    def token(self, user_id: str, scopes: str = "", **changes: Any) -> str:
        """A token valid for a minute; `changes` replace claims, None removes one."""
        now = int(time.time())
        claims: dict[str, Any] = {
            "sub": user_id,
            "scope": scopes,
            "roles": [],
            "sid": "ses_1",
            "iat": now,
            "exp": now + 60,
            "iss": ISSUER,
            "aud": AUDIENCE,
        }
        kept = {name: value for name, value in (claims | changes).items() if value is not None}
        return jwt.encode(kept, self._private, algorithm="EdDSA", headers={"kid": self.kid})

    def headers(self, user_id: str, scopes: str = "") -> Mapping[str, str]:
        """The Authorization header of that caller."""
        return {"authorization": f"Bearer {self.token(user_id, scopes)}"}
