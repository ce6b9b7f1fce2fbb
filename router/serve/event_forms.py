"""How the responses of a subscription are written into one answer: two forms of the same events."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from router.execute.json_values import JSON, encode
from router.serve.multipart import DELIMITER, END, part


@dataclass(frozen=True, slots=True)
class EventForm:
    """The bytes around events. `opening` comes at once, so that the client knows it is connected;
    `heartbeat` says that the connection is alive; `next` takes a GraphQL response, `fatal` the
    errors that end everything; `closing` is last.
    """

    content_type: bytes
    opening: bytes
    heartbeat: bytes
    next: Callable[[bytes], bytes]
    fatal: Callable[[list[JSON]], bytes]
    closing: bytes

    def whole(self, body: bytes) -> bytes:
        """A single response, of an operation that is no subscription."""
        return b"%b%b%b" % (self.opening, self.next(body), self.closing)


# https://www.apollographql.com/docs/graphos/routing/operations/subscriptions/multipart-protocol
MULTIPART = EventForm(
    content_type=b'multipart/mixed;boundary="graphql";subscriptionSpec=1.0',
    opening=DELIMITER + part(b"{}"),
    heartbeat=part(b"{}"),
    next=lambda body: part(b'{"payload":%b}' % body),
    fatal=lambda errors: part(encode({"payload": None, "errors": errors})),
    closing=END,
)


def _sse_next(body: bytes) -> bytes:
    return b"event: next\ndata: %b\n\n" % body


# "Distinct connections mode" of https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md;
# a browser's EventSource drops events that have no data line, so `complete` has an empty one.
SERVER_SENT_EVENTS = EventForm(
    content_type=b"text/event-stream",
    opening=b":\n\n",
    heartbeat=b":\n\n",
    next=_sse_next,
    fatal=lambda errors: _sse_next(encode({"errors": errors})),
    closing=b"event: complete\ndata: \n\n",
)
