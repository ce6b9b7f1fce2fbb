"""Which pages of other origins may use the endpoint from a browser.

https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from router.execute.transport import Headers
from router.serve.http_messages import HttpRequest, HttpResponse
from router.serve.settings.model import Cors, CorsPolicy

VARY: Headers = ((b"vary", b"origin"),)


@dataclass(frozen=True, slots=True)
class CorsRules:
    """The settings, ready to be asked."""

    settings: Cors

    def is_preflight(self, http: HttpRequest) -> bool:
        """Whether a browser asks what it may do."""
        return (
            http.method == "OPTIONS" and http.header(b"access-control-request-method") is not None
        )

    def preflight(self, http: HttpRequest) -> HttpResponse:
        """What the page's origin may do; without an answer to that the browser refuses."""
        policy = self._policy(http.header(b"origin"))
        if policy is None:
            return HttpResponse(204, VARY, b"")
        headers = [*self._allowed(http.header(b"origin") or b"*", policy)]
        methods = policy.methods if policy.methods is not None else self.settings.methods
        headers.append((b"access-control-allow-methods", ", ".join(methods).encode()))
        asked = http.header(b"access-control-request-headers")
        listed = policy.allow_headers or self.settings.allow_headers
        allowed = ", ".join(listed).encode() if listed else asked
        if allowed:
            headers.append((b"access-control-allow-headers", allowed))
        if http.header(b"access-control-request-private-network") == b"true":
            headers.append((b"access-control-allow-private-network", b"true"))
        max_age = policy.max_age if policy.max_age is not None else self.settings.max_age
        if max_age is not None:
            headers.append((b"access-control-max-age", str(int(max_age)).encode()))
        return HttpResponse(204, tuple(headers), b"")

    def headers(self, origin: bytes | None) -> Headers:
        """The headers of an answer to this origin."""
        if origin is None:
            return ()
        policy = self._policy(origin)
        if policy is None:
            return VARY
        exposed = policy.expose_headers or self.settings.expose_headers
        named: Headers = (
            ((b"access-control-expose-headers", ", ".join(exposed).encode()),) if exposed else ()
        )
        return (*self._allowed(origin, policy), *named)

    def lets_in(self, origin: bytes | None, host: bytes | None) -> bool:
        """Whether a page of this origin may open a WebSocket, for which browsers ask nobody. One
        that is no browser's has no origin.
        """
        if origin is None or self._policy(origin) is not None:
            return True
        return host is not None and origin.partition(b"://")[2] == host

    def _policy(self, origin: bytes | None) -> CorsPolicy | None:
        if origin is None:
            return None
        if self.settings.allow_any_origin:
            return CorsPolicy(origins=["*"])
        text = origin.decode("latin-1")
        return next((item for item in self.settings.policies if _covers(item, text)), None)

    def _allowed(self, origin: bytes, policy: CorsPolicy) -> Headers:
        any_origin = policy.origins == ["*"]
        credentials = policy.allow_credentials
        if credentials is None:
            credentials = self.settings.allow_credentials
        allowed = (b"access-control-allow-origin", b"*" if any_origin else origin)
        if credentials and not any_origin:
            return (allowed, (b"access-control-allow-credentials", b"true"), *VARY)
        return (allowed, *VARY)


def _covers(policy: CorsPolicy, origin: str) -> bool:
    return origin in policy.origins or _matches(policy.match_origins, origin)


def _matches(patterns: Iterable[str], origin: str) -> bool:
    return any(re.fullmatch(pattern, origin) for pattern in patterns)
