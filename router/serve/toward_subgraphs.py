"""The way to the subgraphs as the settings say: connections, TLS, sharing, and who counts."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping

from router.edge.query_sharing import SharingTransport
from router.execute.subgraph_client.client import HttpClient, Reaching
from router.execute.subgraph_client.pool import Limits
from router.execute.subgraph_client.tls import Identity, TlsError, tls_context
from router.execute.subscriptions.source import SourceLimits
from router.execute.transport import SubgraphTransport
from router.serve.metrics import MeasuredTransport, Metrics
from router.serve.settings.model import Settings
from router.serve.settings.read import SettingsError
from router.serve.subscriptions import Way

log = logging.getLogger(__name__)
PROXIES = ("http_proxy", "https_proxy", "all_proxy")


def open_transport(
    addresses: Mapping[str, str],
    settings: Settings,
    metrics: Metrics,
    inner: SubgraphTransport | None = None,
) -> SubgraphTransport:
    """A transport to these URLs; `inner` takes the place of HTTP.

    Raises AddressError, SettingsError.
    """
    shaping = settings.traffic_shaping
    http = inner or HttpClient(addresses, lambda name: reaching(settings, name))
    measured = MeasuredTransport(http, metrics)
    shared = {
        name for name in addresses if shaping.subgraphs.get(name, shaping.all).deduplicate_query
    }
    return SharingTransport(measured, shared.__contains__) if shared else measured


def reaching(settings: Settings, subgraph: str) -> Reaching:
    """How one subgraph is reached. Raises SettingsError."""
    shaping, sizes, tls = settings.traffic_shaping, settings.limits.subgraph, settings.tls.subgraph
    own = shaping.subgraphs.get(subgraph, shaping.all)
    limits = Limits(
        connections=own.max_connections,
        queue=own.max_waiting,
        connect=own.connect_timeout,
        first_byte=own.first_byte_timeout,
        idle=own.pool_idle_timeout,
        answer_bytes=sizes.subgraphs.get(subgraph, sizes.all).http_max_response_size,
    )
    trust = tls.subgraphs.get(subgraph, tls.all)
    given = trust.client_authentication
    identity = Identity(given.certificate_chain, given.key) if given else None
    context = None  # the system's authorities are not read for subgraphs that speak plain HTTP
    try:
        if trust.certificate_authorities or identity:
            context = tls_context(trust.certificate_authorities, identity)
    except TlsError as error:
        place = f"subgraphs.{subgraph}" if subgraph in tls.subgraphs else "all"
        raise SettingsError(f"tls.subgraph.{place}.{error}") from error
    return Reaching(limits, context, own.compression == "gzip")


def subscribing(settings: Settings, subgraph: str) -> Way:
    """How one subgraph is subscribed at. Raises SettingsError."""
    subscription = settings.subscription
    passthrough = subscription.mode.passthrough
    chosen = passthrough.subgraphs.get(subgraph, passthrough.all)
    reached = reaching(settings, subgraph)
    shaping = settings.traffic_shaping
    limits = SourceLimits(
        open=shaping.subgraphs.get(subgraph, shaping.all).timeout,
        silence=subscription.silence_timeout,
        heartbeat=chosen.heartbeat_interval or None,
        event_bytes=reached.limits.answer_bytes,
    )
    return Way(chosen.protocol, chosen.path, limits, reached.tls)


def tell_of_proxies(environment: Mapping[str, str] = os.environ) -> None:
    """Say that the router goes to subgraphs directly, to whoever expects otherwise."""
    for name in PROXIES:
        for variable in (name, name.upper()):
            if environment.get(variable):
                reason = (
                    "the router connects to subgraphs directly; where that is impossible, put a "
                    "gateway's own address into override_subgraph_url"
                )
                log.warning("http_proxy_not_used", extra={"variable": variable, "reason": reason})
