"""Which headers of the client reach a subgraph, and which the router adds itself.

https://www.apollographql.com/docs/graphos/routing/header-propagation
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from msgspec import Struct

from router.execute.transport import Headers

# These speak of one connection or of one body, and never of the next one.
NEVER_FORWARDED = frozenset(
    {
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
        b"content-length",
        b"content-type",
        b"content-encoding",
        b"accept",
        b"accept-encoding",
        b"host",
        b"expect",
        b"sec-websocket-key",
        b"sec-websocket-version",
        b"sec-websocket-protocol",
        b"sec-websocket-extensions",
    }
)


class Propagate(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Send on a header: by name (renamed, or with a default) or every one that matches."""

    named: str | None = None
    matching: str | None = None
    rename: str | None = None
    default: str | None = None


class Insert(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Add a header with a fixed value."""

    name: str
    value: str


class Remove(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Take away what an earlier rule has sent on."""

    named: str | None = None
    matching: str | None = None


class HeaderRule(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One rule; exactly one of its keys is given."""

    propagate: Propagate | None = None
    insert: Insert | None = None
    remove: Remove | None = None

    def __post_init__(self) -> None:
        given = [key for key in (self.propagate, self.insert, self.remove) if key is not None]
        if len(given) != 1:
            raise ValueError("a rule has exactly one of `propagate`, `insert`, `remove`")
        for rule in (self.propagate, self.remove):
            if rule is not None and (rule.named is None) == (rule.matching is None):
                raise ValueError("give either `named` or `matching`")
            if rule is not None and rule.matching is not None:
                _pattern(rule.matching)


def _pattern(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text, re.IGNORECASE)
    except re.error as error:
        raise ValueError(f"`{text}` is not a regular expression: {error}") from error


@dataclass(frozen=True, slots=True)
class ForwardingRules:
    """The rules of all subgraphs, those of each subgraph after those of all."""

    common: tuple[HeaderRule, ...] = ()
    by_subgraph: Mapping[str, tuple[HeaderRule, ...]] | None = None

    def of(self, subgraph: str) -> tuple[HeaderRule, ...]:
        """The rules for one subgraph, in order."""
        return self.common + (self.by_subgraph or {}).get(subgraph, ())


def forwarded(rules: Iterable[HeaderRule], client: Headers) -> Headers:
    """The headers to send, given the client's (lower-case names); a header sent twice stays two."""
    sent: list[tuple[bytes, bytes]] = []
    for rule in rules:
        if rule.propagate is not None:
            sent += _propagated(rule.propagate, client)
        elif rule.insert is not None:
            name = rule.insert.name.lower().encode("latin-1")
            sent = [item for item in sent if item[0] != name]
            sent.append((name, rule.insert.value.encode("latin-1")))
        elif rule.remove is not None:
            removed = rule.remove
            sent = [
                item for item in sent if not _is_meant(removed.named, removed.matching, item[0])
            ]
    return tuple(sent)


def _propagated(rule: Propagate, client: Headers) -> Headers:
    found = [item for item in client if _is_meant(rule.named, rule.matching, item[0])]
    if not found and rule.named is not None and rule.default is not None:
        found = [(rule.named.lower().encode("latin-1"), rule.default.encode("latin-1"))]
    if rule.rename is not None:
        found = [(rule.rename.lower().encode("latin-1"), value) for _, value in found]
    return tuple(item for item in found if item[0] not in NEVER_FORWARDED)


def _is_meant(named: str | None, matching: str | None, name: bytes) -> bool:
    text = name.decode("latin-1")
    if named is not None:
        return text == named.lower()
    return matching is not None and _pattern(matching).search(text) is not None
