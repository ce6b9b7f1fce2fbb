"""The transport the router uses in earnest: a pool of connections a subgraph."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from router.execute.subgraph_client.pool import Limits, Pool
from router.execute.subgraph_client.tls import tls_context
from router.execute.transport import Cancel, Done, Headers, failed, never_mind


class AddressError(Exception):
    """A subgraph's address cannot be used; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Reaching:
    """How a subgraph is reached. `tls` is None for the system's authorities and no client
    certificate; `is_compressed` sends gzip and asks for it.
    """

    limits: Limits = field(default_factory=Limits)
    tls: ssl.SSLContext | None = None
    is_compressed: bool = False


def by_default(_subgraph: str) -> Reaching:
    """Every subgraph in the same way."""
    return Reaching()


class HttpClient:
    """A SubgraphTransport over HTTP/1.1, plain or TLS. It speaks to the subgraphs themselves:
    proxies named in the environment are not used.

    `addresses` maps subgraph names to URLs. Raises AddressError at once for an address that is no
    http(s) URL.
    """

    def __init__(
        self, addresses: Mapping[str, str], reaching: Callable[[str], Reaching] = by_default
    ) -> None:
        self._pools = {name: _pool(name, url, reaching(name)) for name, url in addresses.items()}

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


def _pool(name: str, address: str, reaching: Reaching) -> Pool:
    try:
        url = urlsplit(address)
        is_usable = url.scheme in {"http", "https"} and url.hostname and url.port != 0
    except ValueError:  # a port that is no number, brackets that do not close
        is_usable = False
    if not is_usable:
        raise AddressError(
            f'Subgraph "{name}" has the address "{address}": an http:// or https:// URL is needed '
            "(routing_url in supergraph.yaml, or override_subgraph_url in router.yaml)."
        )
    context = (reaching.tls or tls_context()) if url.scheme == "https" else None
    return Pool(name, url, reaching.limits, context, reaching.is_compressed)
