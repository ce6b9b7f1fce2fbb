"""Errors as clients see them: the message, the place in *their* response, whose error it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from router.execute.json_values import JSON

ErrorPath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class SubgraphError:
    """An error by or about a subgraph. `path` is in the subgraph's terms until it is re-pathed.

    `is_own` tells the router's words, which say nothing of the subgraph's inside, from its own.
    """

    subgraph: str
    message: str
    path: ErrorPath
    extensions: JSON
    is_own: bool = False

    def at(self, path: Iterable[str | int]) -> SubgraphError:
        """The same error at another place."""
        return replace(self, path=tuple(path))


Expose = Callable[[SubgraphError], JSON]


def in_full(error: SubgraphError) -> JSON:
    """Everything the subgraph said, with its name as `extensions.service`."""
    shown: JSON = {"message": error.message}
    if error.path:
        shown["path"] = list(error.path)
    shown["extensions"] = {**error.extensions, "service": error.subgraph}
    return shown


def request_error(message: str, code: str, path: ErrorPath = ()) -> JSON:
    """An error of the router's own."""
    shown: JSON = {"message": message}
    if path:
        shown["path"] = list(path)
    shown["extensions"] = {"code": code}
    return shown
