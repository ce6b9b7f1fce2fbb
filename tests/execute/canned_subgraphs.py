"""Subgraphs that have learned their answers by heart, and remember what they were asked."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import orjson

from router.execute.transport import Cancel, Done, Headers, SubgraphAnswer, failed

Answer = Any  # a JSON value, an HTTP answer, or a function of the request that gives one of them


@dataclass(frozen=True)
class Question:
    """One request a subgraph got."""

    subgraph: str
    query: str
    variables: dict[str, Any]
    headers: Headers
    deadline: float
    operation_name: str | None = None

    @property
    def representations(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.variables["representations"]
        return found


@dataclass
class CannedSubgraphs:
    """A transport. Each subgraph gives its answers one after the other, the last one for ever.

    An answer `{"data": ...}` goes out as it is; an `Entities` answers by the representations.
    """

    answers: dict[str, Answer | list[Answer]]
    asked: list[Question] = field(default_factory=list)
    cancelled: int = 0

    def send(
        self, subgraph: str, body: bytes, headers: Headers, deadline: float, done: Done
    ) -> Cancel:
        answer = self.answer(subgraph, body, headers, deadline)
        handle = asyncio.get_running_loop().call_soon(done, answer)

        def cancel() -> None:
            self.cancelled += not handle.cancelled()
            handle.cancel()

        return cancel

    def answer(
        self, subgraph: str, body: bytes, headers: Headers, deadline: float
    ) -> SubgraphAnswer:
        request = orjson.loads(body)
        question = Question(
            subgraph,
            request["query"],
            request.get("variables", {}),
            headers,
            deadline,
            request.get("operationName"),
        )
        self.asked.append(question)
        return self._next(question)

    def of(self, subgraph: str) -> list[Question]:
        return [question for question in self.asked if question.subgraph == subgraph]

    def _next(self, question: Question) -> SubgraphAnswer:
        known = self.answers.get(question.subgraph, failed("connect", "Nobody is there."))
        if isinstance(known, list):
            known = known.pop(0) if len(known) > 1 else known[0]
        if callable(known):
            known = known(question)
        return known if isinstance(known, SubgraphAnswer) else ok(known)


def ok(content: Any, status: int = 200) -> SubgraphAnswer:
    return SubgraphAnswer(status, content if isinstance(content, bytes) else orjson.dumps(content))


def entities(known: dict[str, Any]) -> Callable[[Question], Any]:
    """Answers each `_entities` of a request by the representations' ids."""

    def answer(question: Question) -> Any:
        found = {
            _alias(question.query, variable): [known.get(item.get("id")) for item in items]
            for variable, items in question.variables.items()
            if isinstance(items, list)
        }
        return {"data": found}

    return answer


def _alias(query: str, variable: str) -> str:
    pattern = rf"(?:(\w+)\s*:\s*)?_entities\(representations:\s*\${variable}\)"
    match = re.search(pattern, query)
    return (match and match[1]) or "_entities"
