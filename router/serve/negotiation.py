"""In which form the client takes the answer.

https://graphql.github.io/graphql-over-http/draft/#sec-Accept
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from router.serve.event_forms import MULTIPART, SERVER_SENT_EVENTS, EventForm
from router.serve.http_messages import GRAPHQL_TYPE, JSON_TYPE, HttpResponse
from router.serve.multipart import DEFER_TYPE, multipart

HTML_TYPE = b"text/html"


@dataclass(frozen=True, slots=True)
class MediaRange:
    """One entry of an Accept header; `parameters` without `q`."""

    type: bytes
    quality: float
    parameters: tuple[tuple[bytes, bytes], ...]


@lru_cache(maxsize=256)
def media_ranges(accept: bytes) -> tuple[MediaRange, ...]:
    """The entries, most wanted first; those of quality 0 are left out."""
    found = [_media_range(part) for part in accept.split(b",") if part.strip()]
    ranked = sorted(found, key=lambda item: -item.quality)
    return tuple(item for item in ranked if item.quality > 0)


def _media_range(part: bytes) -> MediaRange:
    name, *parameters = (item.strip() for item in part.split(b";"))
    quality = 1.0
    kept: list[tuple[bytes, bytes]] = []
    for parameter in parameters:
        key, _, value = parameter.partition(b"=")
        if key.strip().lower() == b"q":
            try:
                quality = float(value)
            except ValueError:
                quality = 0.0
        else:
            kept.append((key.strip().lower(), value.strip().strip(b'"')))
    return MediaRange(name.lower(), quality, tuple(kept))


@dataclass(frozen=True, slots=True)
class Accepted:
    """What a client takes: `whole` is the media type of an answer that comes at once (None when it
    takes only parts), `is_deferrable` whether parts may come later, `events` how a subscription's.
    """

    whole: bytes | None = JSON_TYPE
    is_deferrable: bool = False
    events: EventForm | None = None


ANYTHING = Accepted()


@lru_cache(maxsize=256)
def accepted(accept: bytes | None) -> Accepted | None:
    """Read an Accept header; None when the client takes nothing that we have.

    Who asks for nothing in particular gets application/json, as clients of old expect. Answers in
    parts must be asked for by name and version: no wildcard means them.
    """
    if accept is None or not accept.strip():
        return ANYTHING
    whole: bytes | None = None
    is_deferrable = False
    events: EventForm | None = None
    for item in media_ranges(accept):
        if item.type == GRAPHQL_TYPE:
            whole = whole or GRAPHQL_TYPE
        elif item.type in {JSON_TYPE, b"application/*", b"*/*"}:
            whole = whole or JSON_TYPE
        elif item.type == b"text/event-stream":
            events = events or SERVER_SENT_EVENTS
        elif item.type == b"multipart/mixed":
            is_deferrable |= (b"deferspec", b"20220824") in item.parameters
            if (b"subscriptionspec", b"1.0") in item.parameters:
                events = events or MULTIPART
    if whole or is_deferrable or events:
        return Accepted(whole, is_deferrable, events)
    return None


def at_once(body: bytes, form: Accepted, status: int = 200) -> HttpResponse:
    """A response that is complete, in a form the client takes; `body` is a JSON object.

    Parts have no status of their own: a client that takes nothing else gets 200 and the errors.
    """
    if form.whole is not None:
        return HttpResponse(status, ((b"content-type", form.whole),), body)
    if form.events is not None:
        return HttpResponse(200, form.events.headers, form.events.whole(body))
    sole = multipart([body[:-1] + b',"hasNext":false}'])
    return HttpResponse(200, ((b"content-type", DEFER_TYPE),), sole)


def wants_page(accept: bytes | None) -> bool:
    """Whether a browser is at the door: it names text/html before any JSON."""
    for item in media_ranges(accept or b""):
        if item.type == HTML_TYPE:
            return True
        if item.type in {JSON_TYPE, GRAPHQL_TYPE}:
            return False
    return False
