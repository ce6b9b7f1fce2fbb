"""W3C Trace Context: the traceparent of the work under way, taken over or begun here.

https://www.w3.org/TR/trace-context/#traceparent-header
"""

from __future__ import annotations

import re
import secrets
from contextvars import ContextVar

_TRACEPARENT = re.compile(
    r"(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}"
)
_current: ContextVar[str] = ContextVar("traceparent", default="")


def enter_trace(incoming: str | None) -> str:
    """Make the caller's trace the current one, or begin a new one; the traceparent now current."""
    if incoming and _TRACEPARENT.fullmatch(incoming):
        ours = f"{incoming[:36]}{secrets.token_hex(8)}{incoming[52:]}"
    else:
        ours = f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"
    _current.set(ours)
    return ours


def current_traceparent() -> str:
    """The traceparent of the work under way; empty outside any."""
    return _current.get()


def current_trace_id() -> str:
    """The 32 digits that name the trace; empty outside any."""
    return _current.get()[3:35]
