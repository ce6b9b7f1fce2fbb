"""How the responses of a subscription are written into one answer: two forms of the same events."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from router.execute.json_values import JSON, encode
from router.execute.transport import Headers
from router.serve.multipart import DELIMITER, END, part


@dataclass(frozen=True, slots=True)
class EventForm:
    """The bytes around events. `opening` comes at once, so that the client knows it is connected;
    `heartbeat` says that the connection is alive; `next` takes a GraphQL response; `closing` is
    last, or else `fatal` with the errors that end everything.
    """

    content_type: bytes
    opening: bytes
    heartbeat: bytes
    next: Callable[[bytes], bytes]
    fatal: Callable[[list[JSON]], bytes]
    closing: bytes

    @property
    def headers(self) -> Headers:
        """Those of the answer; without the last, some proxies keep events back."""
        return (
            (b"content-type", self.content_type),
            (b"cache-control", b"no-store"),
            (b"x-accel-buffering", b"no"),
        )

    def whole(self, body: bytes) -> bytes:
        """A single response, of an operation that is no subscription."""
        return b"%b%b%b" % (self.opening, self.next(body), self.closing)


# https://www.apollographql.com/docs/graphos/routing/operations/subscriptions/multipart-protocol
MULTIPART = EventForm(
    content_type=b'multipart/mixed;boundary="graphql";subscriptionSpec=1.0',
    opening=DELIMITER + part(b"{}"),
    heartbeat=part(b"{}"),
    next=lambda body: part(b'{"payload":%b}' % body),
    fatal=lambda errors: part(encode({"payload": None, "errors": errors})) + END,
    closing=END,
)


def _sse_next(body: bytes) -> bytes:
    return b"event: next\ndata: %b\n\n" % body


# "Distinct connections mode" of https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md;
# a browser's EventSource drops events that have no data line, so `complete` has an empty one.
SSE_COMPLETE = b"event: complete\ndata: \n\n"
SERVER_SENT_EVENTS = EventForm(
    content_type=b"text/event-stream",
    opening=b":\n\n",
    heartbeat=b":\n\n",
    next=_sse_next,
    fatal=lambda errors: _sse_next(encode({"errors": errors})) + SSE_COMPLETE,
    closing=SSE_COMPLETE,
)
