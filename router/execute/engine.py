"""The seam between HTTP and execution: what an engine is given, and what it gives back.

There are two engines. `router.execute.interpreter.Interpreter` is the reference: it runs any plan.
The compiled one runs hot plans and, on any surprise, hands the same request to the interpreter
together with the answers it already has (`router.execute.replay.Replay`), so that nothing is asked
twice and the interpreter alone decides what the client sees.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import msgspec
from msgspec import Struct

from router.execute.json_values import JSON, encode
from router.execute.prepared import PreparedOperation
from router.execute.transport import Cancel, Headers, SubgraphTransport


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long one request to a subgraph may take, in seconds."""

    default: float = 30.0
    by_subgraph: Mapping[str, float] = field(default_factory=dict)

    def of(self, subgraph: str) -> float:
        """The limit for this subgraph."""
        return self.by_subgraph.get(subgraph, self.default)


def no_headers(_subgraph: str) -> Headers:
    """Propagate nothing."""
    return ()


class ExecutionRequest(Struct, frozen=True):
    """One request of a client for an operation that is already prepared.

    `variables` are as the client sent them (coercible, defaults filled in: `router.execute.
    variables`). `headers` gives the headers to send to a subgraph, by its name. `deadline` is in
    event-loop seconds; no request to a subgraph outlives it. `trace_id` goes into the log.
    """

    variables: JSON = msgspec.field(default_factory=dict)
    headers: Callable[[str], Headers] = no_headers
    deadline: float = float("inf")
    timeouts: Timeouts = Timeouts()
    trace_id: str = ""


class Response(Struct, frozen=True, gc=False):
    """What the client gets: `body` is the whole JSON object, without `extensions`. The HTTP
    `status` is not 200 where nothing was tried.

    `has_next` says that it is not all: an operation that was prepared for delivery in parts
    (@defer) has several responses, the first of them with `data`.
    """

    body: bytes
    has_data: bool
    has_errors: bool
    status: int = 200
    has_next: bool = False


class Engine(Protocol):
    """Executes prepared operations."""

    def start(
        self,
        operation: PreparedOperation,
        request: ExecutionRequest,
        transport: SubgraphTransport,
        done: Callable[[Response], None],
    ) -> Cancel:
        """Begin; `done` is called once, on the event loop's thread, perhaps before this returns; of
        an operation in parts, once for each response, the last one without `has_next`.

        Never raises: whatever goes wrong is a response with errors. The returned `Cancel` gives
        up what is still under way; after it `done` is not called.
        """
        ...


def response(data: JSON | None, errors: list[JSON]) -> Response:
    """The response of an executed operation; errors first, as people read them first.

    https://spec.graphql.org/October2021/#sec-Response-Format
    """
    body = {"errors": errors, "data": data} if errors else {"data": data}
    return Response(encode(body), data is not None, bool(errors))


def with_extensions(body: bytes, extensions: JSON) -> bytes:
    """A response body with `extensions` added; it must not have any yet."""
    return body[:-1] + b',"extensions":' + encode(extensions) + b"}"
