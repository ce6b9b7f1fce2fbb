"""The transport the router uses in earnest: a pool of connections a subgraph."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from urllib.parse import urlsplit

from router.execute.subgraph_client.pool import Limits, Pool
from router.execute.transport import Cancel, Done, Headers, failed, never_mind


class AddressError(Exception):
    """A subgraph's address cannot be used; the message says which and why."""


class HttpClient:
    """A SubgraphTransport over HTTP/1.1, plain or TLS.

    `addresses` maps subgraph names to URLs, `limits` bounds each pool, `tls` gives a subgraph's
    own TLS context (a client certificate, a private authority). Raises AddressError at once for
    an address that is no http(s) URL.
    """

    def __init__(
        self,
        addresses: Mapping[str, str],
        *,
        limits: Limits | None = None,
        tls: Mapping[str, ssl.SSLContext] | None = None,
    ) -> None:
        self._pools = {
            name: _pool(name, url, limits or Limits(), (tls or {}).get(name))
            for name, url in addresses.items()
        }

    def send(
        self, subgraph: str, body: bytes, headers: Headers, deadline: float, done: Done
    ) -> Cancel:
        """See SubgraphTransport.send."""
        pool = self._pools.get(subgraph)
        if pool is None:
            answer = failed("unknown_subgraph", f'No address is known for subgraph "{subgraph}".')
            asyncio.get_running_loop().call_soon(done, answer)
            return never_mind
        return pool.send(body, headers, deadline, done)

    def close(self) -> None:
        """End every connection; requests that wait get a failure."""
        for pool in self._pools.values():
            pool.close()


def _pool(name: str, address: str, limits: Limits, tls: ssl.SSLContext | None) -> Pool:
    url = urlsplit(address)
    if url.scheme not in {"http", "https"} or not url.hostname:
        raise AddressError(
            f'Subgraph "{name}" has the address "{address}": an http:// or https:// URL is needed '
            "(routing_url in supergraph.yaml, or override_subgraph_url in router.yaml)."
        )
    context = (tls or ssl.create_default_context()) if url.scheme == "https" else None
    return Pool(name, url, limits, context)
