"""Settings of subscriptions.

https://www.apollographql.com/docs/graphos/routing/operations/subscriptions/configuration
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from router.execute.json_values import JSON
from router.serve.settings.amounts import Duration, Heartbeat
from router.serve.settings.section import Section

Count = Annotated[int, Meta(ge=1)]


class Passthrough(Section, frozen=True):
    """How subgraphs are subscribed at. `path` takes the place of the one in the subgraph's URL.
    `graphql_ws` is the protocol of the library graphql-ws (graphql-transport-ws), `http` (ours) an
    answer in parts or server-sent events. `heartbeat_interval` is for WebSockets: `disabled` or a
    duration; `enabled` is 10s.
    """

    path: str | None = None
    protocol: Literal["graphql_ws", "http"] = "graphql_ws"
    heartbeat_interval: Heartbeat = Heartbeat(10.0)


class Passthroughs(Section, frozen=True):
    """What is said of a subgraph replaces what is said of all; the others speak HTTP (ours)."""

    all: Passthrough = Passthrough(protocol="http")
    subgraphs: dict[str, Passthrough] = {}


class SubscriptionMode(Section, frozen=True):
    """Only `passthrough`; `callback` is known in order to be refused with a reason."""

    passthrough: Passthroughs = Passthroughs()
    callback: JSON | None = None


class Subscription(Section, frozen=True):
    """Unlike Apollo Router's they are on, and a bounded number: what is above is refused. When
    `queue_capacity` events wait for a client that is slower, the oldest is dropped. Ours:
    `silence_timeout`, after which a subgraph that sends nothing at all, no heartbeat either, is
    given up (WebSockets without heartbeat, and HTTP).
    """

    enabled: bool = True
    mode: SubscriptionMode = SubscriptionMode()
    max_opened_subscriptions: Count = 10_000
    queue_capacity: Count = 128
    silence_timeout: Duration = Duration(300.0)
