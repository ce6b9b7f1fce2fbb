"""What is being served right now: a schema, its plans and the way to its subgraphs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass

from router.execute.served_schema import ServedSchema, served_schema
from router.execute.transport import SubgraphTransport
from router.serve.plan_cache import CacheLimits, PlanCache

OpenTransport = Callable[[Mapping[str, str]], SubgraphTransport]


@dataclass(frozen=True, slots=True, eq=False)
class Served:
    """One generation; a reload makes the next and leaves this one to the requests that have it."""

    schema: ServedSchema
    plans: PlanCache
    transport: SubgraphTransport
    addresses: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Generations:
    """How a generation is made from SDL.

    `overrides` are subgraph URLs that replace the supergraph's own; `pool` prepares operations;
    `can_defer` says whether clients may use @defer.
    """

    open_transport: OpenTransport
    overrides: Mapping[str, str]
    limits: CacheLimits
    pool: Executor
    can_defer: bool = True

    def make(self, sdl: str) -> Served:
        """Read a supergraph and make everything for it. Raises SupergraphError, AddressError."""
        schema = served_schema(sdl, can_defer=self.can_defer)
        addresses = schema.urls() | {
            name: url for name, url in self.overrides.items() if name in schema.urls()
        }
        plans = PlanCache(schema, self.pool, self.limits)
        return Served(schema, plans, self.open_transport(addresses), addresses)

    def warm(self, new: Served, old: Served, count: int) -> None:
        """Prepare the operations most used so far, before the new generation takes traffic."""
        for key in old.plans.most_used(count):
            new.plans.put(key, new.plans.make(key))


def planning_pool() -> Executor:
    """One thread: planning is Python, so that more would only take turns."""
    return ThreadPoolExecutor(1, thread_name_prefix="planning")
