"""Subgraphs whose answers go out when the test says so, in the order it says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import orjson

from router.execute.engine import ExecutionRequest, Response
from router.execute.interpreter import Interpreter
from router.execute.prepared import parsed, prepare
from router.execute.transport import Cancel, Done, Headers
from router.execute.variables import checked_variables
from tests.execute.canned_subgraphs import CannedSubgraphs
from tests.execute.shop import shop


@dataclass
class HeldSubgraphs(CannedSubgraphs):
    """Requests wait, in order, under the name of their subgraph."""

    held: list[tuple[str, Callable[[], None]]] = field(default_factory=list)

    def send(
        self, subgraph: str, body: bytes, headers: Headers, deadline: float, done: Done
    ) -> Cancel:
        entry = (subgraph, partial(done, self.answer(subgraph, body, headers, deadline)))
        self.held.append(entry)

        def cancel() -> None:
            if entry in self.held:
                self.held.remove(entry)
                self.cancelled += 1

        return cancel

    def waiting(self) -> list[str]:
        return [name for name, _ in self.held]

    def let(self, *subgraphs: str) -> None:
        """Let the oldest request to each of these subgraphs be answered."""
        for subgraph in subgraphs:
            entry = next(item for item in self.held if item[0] == subgraph)
            self.held.remove(entry)
            entry[1]()


@dataclass
class Client:
    """Has sent one operation, and keeps every response."""

    subgraphs: HeldSubgraphs
    in_parts: bool = True
    responses: list[Response] = field(default_factory=list)
    cancel: Cancel | None = None

    def ask(self, text: str, variables: dict[str, Any] | None = None) -> Client:
        operation = prepare(shop(), parsed(text), in_parts=self.in_parts)
        request = ExecutionRequest(checked_variables(operation, variables or {}))
        self.cancel = Interpreter().start(operation, request, self.subgraphs, self.responses.append)
        return self

    def got(self) -> list[dict[str, Any]]:
        """The responses since this was asked last."""
        found = [orjson.loads(response.body) for response in self.responses]
        self.responses.clear()
        return found
