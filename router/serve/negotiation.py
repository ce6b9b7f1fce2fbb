"""In which form the client takes the answer.

https://graphql.github.io/graphql-over-http/draft/#sec-Accept
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from router.serve.http_messages import GRAPHQL_TYPE, JSON_TYPE

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
            kept.append((key.strip(), value.strip().strip(b'"')))
    return MediaRange(name.lower(), quality, tuple(kept))


@lru_cache(maxsize=256)
def response_type(accept: bytes | None) -> bytes | None:
    """The media type to answer with; None when the client takes none that we have.

    Who asks for nothing in particular gets application/json, as clients of old expect.
    """
    if accept is None or not accept.strip():
        return JSON_TYPE
    for item in media_ranges(accept):
        if item.type == GRAPHQL_TYPE:
            return GRAPHQL_TYPE
        if item.type in {JSON_TYPE, b"application/*", b"*/*"}:
            return JSON_TYPE
    return None


def wants_page(accept: bytes | None) -> bool:
    """Whether a browser is at the door: it names text/html before any JSON."""
    for item in media_ranges(accept or b""):
        if item.type == HTML_TYPE:
            return True
        if item.type in {JSON_TYPE, GRAPHQL_TYPE}:
            return False
    return False
