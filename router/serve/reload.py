"""A changed supergraph file is taken up without stopping: made, warmed, then switched to."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from dataclasses import dataclass
from pathlib import Path

from router.execute.subgraph_client.client import AddressError
from router.serve.endpoint import Endpoint
from router.serve.metrics import Metrics
from router.serve.served import Generations, Served
from router.serve.settings.read import SettingsError
from router.serve.subscriptions import RELOADED
from router.supergraph.model import SupergraphError

log = logging.getLogger(__name__)
POLL_SECONDS = 0.5
# What a new supergraph can be refused for: itself, its files, and settings that it is first to use.
UNUSABLE = (SupergraphError, AddressError, SettingsError, OSError, UnicodeDecodeError)


@dataclass(slots=True)
class Reload:
    """Watches one file. A ConfigMap's is a link whose target changes, so the content decides."""

    path: Path
    endpoint: Endpoint
    generations: Generations
    metrics: Metrics
    warmed_up: int = 100
    poll_seconds: float = POLL_SECONDS
    _seen: tuple[int, int, int] | None = None

    async def watch(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(self.poll_seconds)

    async def look(self) -> None:
        """Take the file up if it has changed since the last look; the first one only remembers."""
        before, self._seen = self._seen, self._stamp()
        if before is None or self._seen is None or self._seen == before:
            self._seen = self._seen or before
            return
        await asyncio.sleep(self.poll_seconds / 5)  # let the writer finish
        self._seen = self._stamp() or self._seen
        await self.take_up()

    def _stamp(self) -> tuple[int, int, int] | None:
        try:
            stat = self.path.stat()
        except OSError:
            return None
        return stat.st_mtime_ns, stat.st_size, stat.st_ino

    async def take_up(self) -> None:
        """Switch to what the file says now; what does not load leaves everything as it is."""
        loop = asyncio.get_running_loop()
        old = self.endpoint.served
        try:
            sdl = self.path.read_text()
            if hashlib.sha256(sdl.encode()).hexdigest() == old.schema.hash:
                return
            new = await loop.run_in_executor(self.generations.pool, self._made, sdl, old)
        except Exception as error:
            # A fault of ours is told with its traceback, and must not end the watching either.
            fault = None if isinstance(error, UNUSABLE) else error
            told = {"file": self.path, "reason": error}
            log.error("supergraph_not_reloaded", extra=told, exc_info=fault)  # noqa: TRY400
            self.metrics.reloads["failure"] += 1
            return
        self.endpoint.served = new
        self.endpoint.subscriptions.end_all(RELOADED)
        self.metrics.reloads["success"] += 1
        log.info("supergraph_reloaded", extra={"file": self.path, "hash": new.schema.hash[:12]})

    def _made(self, sdl: str, old: Served) -> Served:
        new = self.generations.make(sdl)
        self.generations.warm(new, old, self.warmed_up)
        return new
