"""How a request reaches a subgraph: one callback interface, failures as values.

The executor knows nothing of sockets. It hands a finished request body to a `SubgraphTransport`
and is called back exactly once, on the event loop's thread, with a `SubgraphAnswer`. An HTTP pool,
an in-process ASGI application, a recorded conversation and a canned fake are all transports.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from msgspec import Struct

# The clock of deadlines, in seconds: that of the event loops, asyncio's and uvloop's alike. To ask
# one of them is to ask first which is running, and Python 3.11 makes a system call of that.
now = time.monotonic

Headers = tuple[tuple[bytes, bytes], ...]
FailureKind = Literal[
    "timeout",  # the deadline passed
    "connect",  # no connection could be made (refused, DNS, TLS)
    "closed",  # the connection ended before the answer was complete
    "malformed",  # what arrived is not HTTP, or not what was announced
    "too_large",  # the answer is larger than allowed
    "overloaded",  # the pool or its queue is full, or a limit refused the request
    "unknown_subgraph",  # no address is known for this name
    "shutdown",  # the router is stopping
]


@dataclass(frozen=True, slots=True)
class SubgraphFailure:
    """Why no HTTP answer came. `message` is a whole sentence that names no secrets."""

    kind: FailureKind
    message: str


class SubgraphAnswer(Struct, frozen=True, gc=False):
    """What a subgraph answered, or why it did not.

    `status` is the HTTP status (0 with a `failure`), `body` the decoded (not compressed) bytes,
    `headers` the response headers with lower-case names.
    """

    status: int
    body: bytes
    headers: Headers = ()
    failure: SubgraphFailure | None = None


Done = Callable[[SubgraphAnswer], None]


class Cancel(Protocol):
    """Gives a request up. Calling it again, or after the answer came, does nothing."""

    def __call__(self) -> None:
        """Give up; `done` will not be called any more."""
        ...


class SubgraphTransport(Protocol):
    """Sends GraphQL requests to subgraphs by name."""

    def send(
        self,
        subgraph: str,
        body: bytes,
        headers: Headers,
        deadline: float,
        done: Done,
    ) -> Cancel:
        """Send `body` (a GraphQL over HTTP POST body, JSON) and call `done` once with the answer.

        `deadline` is in event-loop seconds (`loop.time()`); past it the answer is a failure of
        kind `timeout`. `headers` are those to add (lower-case names); `content-type`, `accept`,
        `content-length` and `host` are the transport's business. Never raises, and never calls
        `done` before `send` has returned.
        """
        ...


def failed(kind: FailureKind, message: str) -> SubgraphAnswer:
    """An answer that is a failure."""
    return SubgraphAnswer(0, b"", (), SubgraphFailure(kind, message))


# How the planner's operations begin in a body; whatever begins otherwise is taken for a change.
QUERY = (b'{"query":"query', b'{"query":"{')


def is_query(body: bytes) -> bool:
    """Whether a request body only asks: it may be sent again, and its answer be shared."""
    return body.startswith(QUERY)


def never_mind() -> None:
    """The `Cancel` of a request that cannot be given up any more."""
