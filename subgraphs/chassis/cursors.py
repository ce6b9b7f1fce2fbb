"""Relay cursors: opaque text around the sort key of a row, for keyset paging."""

from __future__ import annotations

import base64
import binascii

import orjson

from subgraphs.chassis.refusal import Refusal

LARGEST_PAGE = 100


def to_cursor(*key: str | int) -> str:
    """Opaque text for the sort key of one row."""
    return base64.urlsafe_b64encode(orjson.dumps(key)).rstrip(b"=").decode()


def from_cursor(cursor: str, parts: int) -> tuple[str | int, ...]:
    """The sort key inside. Raises Refusal INVALID_INPUT when it is not one of ours."""
    try:
        padded = cursor.encode() + b"=" * (-len(cursor) % 4)
        key = orjson.loads(base64.urlsafe_b64decode(padded))
    except (binascii.Error, UnicodeEncodeError, orjson.JSONDecodeError):
        key = None
    if not isinstance(key, list) or len(key) != parts:
        raise Refusal("INVALID_INPUT", "after: this cursor was not handed out by this list.")
    if not all(isinstance(part, str | int) and not isinstance(part, bool) for part in key):
        raise Refusal("INVALID_INPUT", "after: this cursor was not handed out by this list.")
    return tuple(key)


def checked_page(size: int, field: str = "first", largest: int = LARGEST_PAGE) -> int:
    """`size` itself. Raises Refusal INVALID_INPUT when it is outside 1..largest."""
    if 1 <= size <= largest:
        return size
    raise Refusal("INVALID_INPUT", f"{field}: {size} is outside 1..{largest}.", {"field": field})
