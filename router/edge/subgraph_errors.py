"""What clients see of the errors that subgraphs give; the router's own log has them all.

https://www.apollographql.com/docs/graphos/routing/observability/subgraph-error-inclusion
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from msgspec import Struct

from router.execute.errors import SubgraphError, in_full
from router.execute.json_values import JSON

REDACTED = "Subgraph errors redacted"


class ErrorExposure(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Show the errors in part: with or without message, with some of the extensions."""

    redact_message: bool = False
    allow_extensions_keys: list[str] | None = None
    deny_extensions_keys: list[str] | None = None

    def __post_init__(self) -> None:
        if self.allow_extensions_keys is not None and self.deny_extensions_keys is not None:
            raise ValueError("give either `allow_extensions_keys` or `deny_extensions_keys`")


@dataclass(frozen=True, slots=True)
class ErrorPolicy:
    """`True` shows everything, `False` nothing but the place."""

    default: bool | ErrorExposure = False
    by_subgraph: Mapping[str, bool | ErrorExposure] = field(default_factory=dict)

    def expose(self, error: SubgraphError) -> JSON:
        """The client's copy of an error."""
        shown = in_full(error)
        match self.by_subgraph.get(error.subgraph, self.default):
            case True:
                return shown
            case False:
                return shown if error.is_own else _hidden(shown)
            case ErrorExposure() as exposure:
                return shown if error.is_own else _in_part(shown, exposure)


def _hidden(shown: JSON) -> JSON:
    hidden: JSON = {"message": REDACTED}
    if "path" in shown:
        hidden["path"] = shown["path"]
    return hidden


def _in_part(shown: JSON, exposure: ErrorExposure) -> JSON:
    allowed, denied = exposure.allow_extensions_keys, exposure.deny_extensions_keys
    part = dict(shown)
    if exposure.redact_message:
        part["message"] = REDACTED
    part["extensions"] = {
        key: value
        for key, value in shown["extensions"].items()
        if (allowed is None or key in allowed) and (denied is None or key not in denied)
    }
    return part
