"""Settings of WebSocket connections of clients (ours; Apollo Router has none)."""

from __future__ import annotations

from router.serve.settings.amounts import Duration
from router.serve.settings.section import Section


class WebSocket(Section, frozen=True):
    """At the endpoint's own path. Browsers cannot choose a handshake's headers, so those named in
    `connection_init_headers` may also come as values of the first message's payload; keep out
    what a proxy in front of the router is trusted to set.
    """

    enabled: bool = True
    connection_init_timeout: Duration = Duration(10.0)
    connection_init_headers: tuple[str, ...] = ("authorization",)
