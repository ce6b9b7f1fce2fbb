"""Answers that are already here, given again: the interpreter takes over without asking twice."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from router.execute.transport import Cancel, Done, Headers, SubgraphAnswer, SubgraphTransport

Conversation = dict[tuple[str, bytes], SubgraphAnswer]


@dataclass(slots=True)
class Replay:
    """A transport that answers from `known` (by subgraph and request body), else from `onward`.

    Only queries may be replayed: a mutation whose body were not found would be sent again.
    """

    known: Conversation
    onward: SubgraphTransport
    asked_onward: int = field(default=0)

    def send(
        self, subgraph: str, body: bytes, headers: Headers, deadline: float, done: Done
    ) -> Cancel:
        """Give the known answer on the loop's next turn, or ask."""
        answer = self.known.get((subgraph, body))
        if answer is not None:
            return asyncio.get_running_loop().call_soon(done, answer).cancel
        self.asked_onward += 1
        return self.onward.send(subgraph, body, headers, deadline, done)
