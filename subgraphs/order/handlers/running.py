"""Sagas in this process, and the worker that resumes those a crash or a silent peer left."""

from __future__ import annotations

import asyncio

import structlog

from subgraphs.chassis.ids import uuid7_hex
from subgraphs.chassis.refusal import Refusal
from subgraphs.order.handlers import checkout
from subgraphs.order.handlers.checkout import Finished
from subgraphs.order.handlers.resources import Resources
from subgraphs.order.store import progress
from subgraphs.order.store.progress import Saga

MOST_RUNNING = 500
BATCH = 20
POLL_SECONDS = 1.0

log = structlog.get_logger(__name__)


class Sagas:
    """Runs sagas as tasks, a bounded number at a time."""

    def __init__(self, resources: Resources) -> None:
        self._resources = resources
        self._tasks: set[asyncio.Task[Finished | None]] = set()

    def admit(self) -> None:
        """Raises Refusal UNAVAILABLE when this process has all it can do."""
        if len(self._tasks) >= MOST_RUNNING:
            raise Refusal("UNAVAILABLE", "Too many checkouts at once; try again shortly.")

    async def start(self, saga: Saga, patience: float) -> Finished | None:
        """Run a saga; its end, or None when it takes longer than `patience` seconds or waits.

        It goes on by itself after that.
        """
        task = asyncio.create_task(checkout.run(self._resources, saga))
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        done, _ = await asyncio.wait({task}, timeout=patience)
        return task.result() if done else None

    async def resume(self) -> int:
        """Run the sagas nobody works on to their next stop; how many there were."""
        room = min(BATCH, MOST_RUNNING - len(self._tasks))
        if room <= 0:
            return 0
        found = await progress.lease(self._resources.database, uuid7_hex(), room)
        await asyncio.gather(*(self._resumed(saga) for saga in found))
        return len(found)

    async def work(self) -> None:
        """Resume for ever, looking once a second."""
        while True:
            if await self.resume() < BATCH:
                await asyncio.sleep(POLL_SECONDS)

    async def drain(self, seconds: float) -> None:
        """Let sagas under way reach their next stop; others will resume what is left."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        for task in self._tasks:
            task.cancel()

    async def _resumed(self, saga: Saga) -> None:
        try:
            await checkout.run(self._resources, saga)
        except Exception:
            log.exception("a resumed checkout failed; its lease will end", order=saga.order_id)

    def _ended(self, task: asyncio.Task[Finished | None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("a checkout failed; its lease will end", exc_info=task.exception())
