"""Amounts as people write them in settings: `30s`, `500ms`, `2h`."""

from __future__ import annotations

import re

UNITS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


class Duration(float):
    """A length of time in seconds."""

    __slots__ = ()


class Heartbeat(float):
    """Seconds between two heartbeats; 0 for none."""

    __slots__ = ()


def heartbeat(text: object) -> Heartbeat:
    """Read `disabled`, `enabled` (10s) or a duration. Raises ValueError."""
    named = {"disabled": 0.0, "enabled": 10.0}.get(str(text))
    return Heartbeat(duration(text) if named is None else named)


def duration(text: object) -> Duration:
    """Read `1h30m`, `500ms` or a number of seconds. Raises ValueError."""
    if isinstance(text, int | float) and not isinstance(text, bool) and text >= 0:
        return Duration(text)
    parts = re.findall(r"(\d+(?:\.\d+)?)\s*([a-z]+)", str(text))
    is_whole = re.fullmatch(r"(\s*\d+(?:\.\d+)?\s*[a-z]+\s*)+", str(text)) is not None
    if not is_whole or any(unit not in UNITS for _, unit in parts):
        raise ValueError(f"`{text}` is not a duration (write 500ms, 30s, 5m, 2h)")
    return Duration(sum(float(number) * UNITS[unit] for number, unit in parts))
