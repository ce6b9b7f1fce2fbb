"""Conversations over the network, in whichever protocol the subgraph speaks."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from router.execute.answers import Understood
from router.execute.subscriptions import over_http
from router.execute.subscriptions.source import SourceRequest


def open_source(request: SourceRequest) -> AsyncGenerator[Understood, None]:
    """See OpenSource. The WebSocket library is loaded by the first who needs it."""
    if request.protocol == "http":
        return over_http.events(request)
    from router.execute.subscriptions import over_websocket  # noqa: PLC0415 - see above

    return over_websocket.events(request)
