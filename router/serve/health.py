"""Whether the router and each subgraph is well, for people and for whoever starts containers."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from functools import partial

from router.execute.json_values import JSON
from router.execute.transport import SubgraphAnswer
from router.serve.http_messages import HttpResponse, json_response
from router.serve.served import Served

PROBE = b'{"query":"{__typename}"}'
# Probes of many who ask at once are one; a state is not older than this.
FRESH_SECONDS = 1.0
NO_STORE = ((b"cache-control", b"no-store"),)


@dataclass(slots=True)
class Health:
    """The state of the router; `is_draining` once it has been told to stop."""

    probe_timeout: float = 2.0
    is_draining: bool = False
    _checked_at: float = float("-inf")
    _checks: JSON = field(default_factory=dict)
    _probing: asyncio.Task[JSON] | None = None

    def live(self) -> HttpResponse:
        """The process answers."""
        return json_response(200, {"status": "UP"}, headers=NO_STORE)

    def ready(self, served: Served | None) -> HttpResponse:
        """A supergraph is loaded, and the router is not about to stop."""
        is_ready = served is not None and not self.is_draining
        status = "UP" if is_ready else "DOWN"
        return json_response(200 if is_ready else 503, {"status": status}, headers=NO_STORE)

    async def all(self, served: Served | None) -> HttpResponse:
        """The state of each part: 200 as long as the router can answer something at all.

        A subgraph that is down is shown and makes the whole DEGRADED, not DOWN.
        """
        checks: JSON = {"router": {"status": "DOWN" if self.is_draining else "UP"}}
        if served is None:
            checks["router"] = {"status": "DOWN", "message": "no supergraph is loaded"}
        else:
            checks |= await self._subgraphs(served)
        states = {name: check["status"] for name, check in checks.items()}
        is_up = states["router"] == "UP"
        status = "DOWN" if not is_up else "DEGRADED" if "DOWN" in states.values() else "UP"
        return json_response(
            200 if is_up else 503, {"status": status, "checks": checks}, headers=NO_STORE
        )

    async def _subgraphs(self, served: Served) -> JSON:
        now = asyncio.get_running_loop().time()
        if now - self._checked_at < FRESH_SECONDS:
            return self._checks
        if self._probing is None:
            self._probing = asyncio.create_task(probe(served, self.probe_timeout))
        try:
            self._checks = await asyncio.shield(self._probing)
        finally:
            self._probing = None
        self._checked_at = now
        return self._checks


async def probe(served: Served, timeout: float) -> JSON:  # noqa: ASYNC109 - the transport's
    """Ask every subgraph for its `__typename`, all at once; states by name."""
    loop = asyncio.get_running_loop()
    futures: dict[str, asyncio.Future[tuple[SubgraphAnswer, float]]] = {}
    begun = loop.time()
    for name in served.addresses:
        futures[name] = loop.create_future()
        served.transport.send(
            name, PROBE, (), begun + timeout, partial(_answered, futures[name], begun)
        )
    return {name: state(*await future) for name, future in futures.items()}


def _answered(
    future: asyncio.Future[tuple[SubgraphAnswer, float]], begun: float, answer: SubgraphAnswer
) -> None:
    if not future.done():
        future.set_result((answer, future.get_loop().time() - begun))


def state(answer: SubgraphAnswer, seconds: float) -> JSON:
    """UP when it answered GraphQL; a refusal of the probe by its own rules counts as an answer."""
    if answer.failure is not None:
        return {"status": "DOWN", "message": answer.failure.message}
    if answer.status >= 500:
        return {"status": "DOWN", "message": f"HTTP status {answer.status}"}
    return {"status": "UP", "milliseconds": round(seconds * 1000, 1)}
