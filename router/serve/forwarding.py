"""The headers that go along with each request to a subgraph: the client's by rule, and the trace's.

https://www.w3.org/TR/trace-context/#traceparent-header
"""

from __future__ import annotations

import re
import secrets
from random import Random

from router.edge.header_rules import ForwardingRules, forwarded
from router.execute.transport import Headers

# Ids need to differ, not to be secret: this costs no system call a request.
RANDOM = Random(secrets.randbits(256))  # noqa: S311 - see above
TRACEPARENT = re.compile(rb"00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")


class Forwarding:
    """Headers by subgraph, worked out once a request and rule set; all of one trace."""

    __slots__ = ("_by_subgraph", "_client", "_rules", "_trace")

    def __init__(self, rules: ForwardingRules, client: Headers) -> None:
        self._rules = rules
        self._client = client
        self._trace = trace_headers(client)
        self._by_subgraph: dict[str, Headers] = {}

    @property
    def trace_id(self) -> str:
        """The id of the trace, 32 hex digits."""
        return self._trace[0][1][3:35].decode()

    def __call__(self, subgraph: str) -> Headers:
        """The headers to send to this subgraph."""
        found = self._by_subgraph.get(subgraph)
        if found is None:
            rules = self._rules.of(subgraph)
            found = (forwarded(rules, self._client) if rules else ()) + self._trace
            self._by_subgraph[subgraph] = found
        return found


def trace_headers(client: Headers) -> Headers:
    """The client's trace carried on with a span of ours, or a new trace."""
    trace, flags, state = "", "00", b""
    for name, value in client:
        if name == b"traceparent" and (match := TRACEPARENT.fullmatch(value)):
            trace, flags = match[1].decode(), match[3].decode()
        elif name == b"tracestate":
            state = value
    fresh = f"{RANDOM.getrandbits(192):048x}"
    parent = f"00-{trace or fresh[:32]}-{fresh[32:]}-{flags}"
    own: Headers = ((b"traceparent", parent.encode()),)
    return (*own, (b"tracestate", state)) if trace and state else own
