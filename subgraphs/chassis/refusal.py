"""Refusal: a request that was understood and is turned down, told the same way on every wire."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

JSON = Any


class Refusal(Exception):  # noqa: N818 - an answer, not a fault
    """Raised by domain, handlers and adapters; answered as a GraphQL error or a gRPC status.

    `code` is an upper-case word of the contract ("NOT_FOUND", "OUT_OF_STOCK"). `details` are
    JSON values added to `extensions` in GraphQL and, as text, to ErrorInfo in gRPC.
    """

    def __init__(self, code: str, message: str, details: Mapping[str, JSON] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.details: Mapping[str, JSON] = details or {}


class PeerSilent(Exception):  # noqa: N818 - a state of knowledge, not a fault
    """A peer gave no definite answer: it may or may not have done what was asked."""
