"""Identifiers: a prefix that names the kind, and a UUIDv7 (RFC 9562, 5.7), so they sort by age."""

from __future__ import annotations

import re
import secrets
import time

from subgraphs.chassis.refusal import Refusal

_SUFFIX = re.compile(r"[0-9a-f]{32}")


def new_id(prefix: str) -> str:
    """A fresh id, as in "ord_0192f3c47d2e7b1c9a4e5d6f7a8b9c0d"."""
    return f"{prefix}_{uuid7_hex()}"


def uuid7_hex() -> str:
    """A UUIDv7 as 32 hexadecimal digits: 48 bits of milliseconds, then 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    random = secrets.randbits(74)
    value = (milliseconds << 80) | (0x7 << 76) | ((random >> 62) << 64)
    value |= (0b10 << 62) | (random & 0x3FFF_FFFF_FFFF_FFFF)
    return f"{value:032x}"


def is_id(text: str, prefix: str) -> bool:
    """Whether `text` has the shape `new_id(prefix)` gives."""
    return text.startswith(prefix + "_") and bool(_SUFFIX.fullmatch(text, len(prefix) + 1))


def checked_id(text: str, prefix: str, field: str) -> str:
    """`text` itself. Raises Refusal INVALID_INPUT naming `field` when it is no such id."""
    if is_id(text, prefix):
        return text
    shown = text if len(text) <= 60 else text[:57] + "..."
    raise Refusal(
        "INVALID_INPUT",
        f'{field}: "{shown}" is not an id of the form {prefix}_ and 32 hexadecimal digits.',
        {"field": field},
    )
