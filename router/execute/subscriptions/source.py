"""What a subgraph is asked to tell from now on, and the ways in which it may fail to."""

from __future__ import annotations

import ssl
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Literal, Protocol

from router.execute.answers import HTTP_FAILED, TIMED_OUT, Understood, malformed
from router.execute.errors import SubgraphError
from router.execute.transport import Headers

SourceProtocol = Literal["http", "graphql_ws"]


@dataclass(frozen=True, slots=True)
class SourceLimits:
    """Seconds until the subgraph must have accepted (`open`), seconds for which it may send nothing
    at all (`silence`), seconds between pings (`heartbeat`, WebSocket only; None for no pings),
    bytes of one event.
    """

    open: float = 30.0
    silence: float = 300.0
    heartbeat: float | None = 10.0
    event_bytes: int = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class SourceRequest:
    """One subscription at one subgraph. `url` is http(s) or ws(s) as the protocol has it; `body` is
    a GraphQL over HTTP POST body; `tls` is needed for https and wss.
    """

    subgraph: str
    url: str
    protocol: SourceProtocol
    body: bytes
    headers: Headers = ()
    limits: SourceLimits = field(default_factory=SourceLimits)
    tls: ssl.SSLContext | None = None


class SourceFailed(Exception):  # noqa: N818 - a fact of the conversation
    """The subgraph's part of the subscription is over, and not as it should be."""

    def __init__(self, *errors: SubgraphError) -> None:
        super().__init__(errors[0].message if errors else "")
        self.errors = errors


class OpenSource(Protocol):
    """Opens a conversation with a subgraph."""

    def __call__(self, request: SourceRequest) -> AsyncGenerator[Understood, None]:
        """Each event as a GraphQL result, in order; ends when the subgraph says it is complete.

        Raises SourceFailed. Closing the generator ends the conversation.
        """
        ...


def broken(subgraph: str, reason: str) -> SourceFailed:
    """The connection could not be made, or is lost."""
    message = f'The subscription at subgraph "{subgraph}" ended: {reason}.'
    extensions = {"code": HTTP_FAILED}
    return SourceFailed(SubgraphError(subgraph, message, (), extensions, is_own=True))


def too_late(subgraph: str, reason: str) -> SourceFailed:
    """The subgraph did not say anything in time."""
    message = f'The subscription at subgraph "{subgraph}" ended: {reason}.'
    extensions = {"code": TIMED_OUT}
    return SourceFailed(SubgraphError(subgraph, message, (), extensions, is_own=True))


def unreadable(subgraph: str, reason: str) -> SourceFailed:
    """The subgraph said something that the protocol does not allow."""
    message = f'The subscription at subgraph "{subgraph}" ended: {reason}.'
    return SourceFailed(malformed(subgraph, message))
