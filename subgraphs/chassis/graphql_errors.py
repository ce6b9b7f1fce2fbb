"""Errors as GraphQL clients see them: refusals with their code, faults masked and logged."""

from __future__ import annotations

from typing import Any

import structlog
from graphql import GraphQLError

from subgraphs.chassis.refusal import PeerSilent, Refusal
from subgraphs.chassis.tracing import current_trace_id

log = structlog.get_logger(__name__)


def format_error(error: GraphQLError) -> dict[str, Any]:
    """One entry of `errors`."""
    original = error.original_error
    match original:
        case Refusal():
            return _entry(error, original.message, {"code": original.code, **original.details})
        case PeerSilent():
            log.warning("a peer gave no answer", path=error.path, reason=str(original))
            return _entry(
                error,
                "Another part of the shop did not answer; try again shortly.",
                {"code": "UNAVAILABLE"},
            )
        case None | GraphQLError():
            extensions = dict(error.extensions or {})
            extensions.setdefault("code", "BAD_USER_INPUT")
            return _entry(error, error.message, extensions)
        case _:
            log.error("a resolver failed", path=error.path, exc_info=original)
            return _entry(
                error,
                "Something went wrong on our side; quote the trace id when you report it.",
                {"code": "INTERNAL_SERVER_ERROR", "traceId": current_trace_id()},
            )


def refusal_entry(refusal: Refusal) -> dict[str, Any]:
    """A refusal of the whole request, as one entry of `errors`."""
    return {
        "message": refusal.message,
        "extensions": {"code": refusal.code, **refusal.details},
    }


def _entry(error: GraphQLError, message: str, extensions: dict[str, Any]) -> dict[str, Any]:
    entry: dict[str, Any] = {"message": message}
    if error.locations:
        entry["locations"] = [
            {"line": place.line, "column": place.column} for place in error.locations
        ]
    if error.path:
        entry["path"] = list(error.path)
    entry["extensions"] = extensions
    return entry
