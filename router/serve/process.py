"""The router as a process: reads its files, listens, reloads, and stops when told to."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import socket
import sys
from pathlib import Path

import uvicorn

from router.execute.subgraph_client.client import AddressError
from router.serve.app import Parts, assemble
from router.serve.fast_lane import fast_lane
from router.serve.logs import set_up_logs
from router.serve.memory import keep_little
from router.serve.reload import Reload
from router.serve.settings.model import Settings
from router.serve.settings.read import SettingsError, listen_address, read_settings
from router.serve.toward_subgraphs import tell_of_proxies
from router.supergraph.model import SupergraphError

log = logging.getLogger(__name__)
# Deep operations are refused by counting, not by Python's default of 1000 frames.
RECURSION_LIMIT = 10_000
DRAIN_SECONDS = 30


class StartError(Exception):
    """The router cannot start; the message is one line: what and where."""


def run(supergraph: Path, host: str | None, port: int | None, config: Path | None) -> int:
    """Serve until stopped. Returns the exit status: 0, or 2 with one line on standard error."""
    try:
        settings = read_settings(config)
        parts = _assembled(supergraph, settings)
        listen_host, listen_port = listen_address(settings.supergraph.listen)
        listening = _listening(host or listen_host, listen_port if port is None else port)
    except (SettingsError, StartError) as error:
        sys.stderr.write(f"router: {error}\n")
        return 2
    stdout = settings.telemetry.exporters.logging.stdout
    set_up_logs(stdout.format, stdout.level)
    tell_of_proxies()
    sys.setrecursionlimit(RECURSION_LIMIT)
    server = _Server(parts)
    warmed_up = settings.supergraph.query_planning.warmed_up_queries
    reload = Reload(supergraph, parts.app.endpoint, parts.generations, parts.app.metrics, warmed_up)
    with asyncio.Runner(loop_factory=_loop) as runner:
        runner.run(_serve(server, reload, listening))
    return 0


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise StartError(f"cannot listen on {host}:{port}: {error.strerror or error}") from error


def _loop() -> asyncio.AbstractEventLoop:
    import uvloop  # noqa: PLC0415 - not at hand on every platform that can read this module

    return uvloop.new_event_loop()


def _assembled(supergraph: Path, settings: Settings) -> Parts:
    try:
        return assemble(supergraph.read_text(), settings)
    except OSError as error:
        raise StartError(f"{supergraph}: cannot be read: {error.strerror}") from error
    except (SupergraphError, UnicodeDecodeError) as error:
        raise StartError(f"{supergraph}: {' '.join(str(error).split())}") from error
    except AddressError as error:
        raise StartError(str(error)) from error


class _Server(uvicorn.Server):
    """uvicorn, which tells the router first when it is to stop."""

    def __init__(self, parts: Parts) -> None:
        config = uvicorn.Config(
            parts.app,
            http=fast_lane(parts.app),
            ws="none",  # the lane knows
            ws_max_size=parts.app.endpoint.rules.max_body,
            ws_per_message_deflate=False,
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            lifespan="off",
            timeout_graceful_shutdown=DRAIN_SECONDS,
        )
        super().__init__(config)
        self.parts = parts

    def handle_exit(self, sig: int, frame: object) -> None:  # noqa: ARG002 - uvicorn's signature
        """Say no to readiness probes, then drain; a second Ctrl-C does not wait for that.

        Unlike uvicorn's, this does not end the drained process by the signal: its status is 0.
        """
        self.parts.app.health.is_draining = True
        self.force_exit = self.force_exit or (self.should_exit and sig == signal.SIGINT)
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End what would not end of itself, then let the rest be answered."""
        await self.parts.app.endpoint.subscriptions.stop()
        await super().shutdown(sockets)


async def _serve(server: _Server, reload: Reload, listening: socket.socket) -> None:
    keep_little()
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 50)
    gc.enable()
    host, port = listening.getsockname()[:2]
    url = f"http://{host}:{port}{server.parts.app.paths.graphql}"
    log.info("serving", extra={"url": url})
    watching = asyncio.create_task(reload.watch())
    try:
        await server.serve([listening])
    finally:
        watching.cancel()
