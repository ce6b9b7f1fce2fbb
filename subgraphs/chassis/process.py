"""The life of a service's process: settings, resources, servers, workers, and a drain at the end.

A service's `__main__` is:

    @asynccontextmanager
    async def build(settings: Settings, foundation: Foundation) -> AsyncIterator[Service]:
        ...
        yield Service(endpoint=GraphqlEndpoint(...), grpc=(GrpcService(...),))

    if __name__ == "__main__":
        run(Settings, build)

`build` opens no port, so tests run the same service in their own process.
"""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, TypeVar

import structlog
import uvicorn
import uvloop

from subgraphs.chassis.database import UnreachableDatabaseError
from subgraphs.chassis.foundation import Foundation, open_foundation
from subgraphs.chassis.graphql_endpoint import ASGIApp
from subgraphs.chassis.grpc_gate import GrpcService
from subgraphs.chassis.grpc_server import GrpcServer
from subgraphs.chassis.health import Check, examine
from subgraphs.chassis.settings import ServiceSettings, load, stop
from subgraphs.chassis.telemetry import configure_logs

Worker = Callable[[], Coroutine[Any, Any, None]]
SettingsT = TypeVar("SettingsT", bound=ServiceSettings)
Build = Callable[[SettingsT, Foundation], AbstractAsyncContextManager["Service"]]

HEALTH_SECONDS = 2.0
FORGET_SECONDS = 3_600.0
# A worker that ended by an error starts again after this long.
RESTART_SECONDS = 1.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Service:
    """A service ready to be served: its ASGI application, gRPC services, workers and checks.

    `workers` run beside the servers until the process ends (the relay is added by `run`);
    `checks` decide what gRPC health says.
    """

    endpoint: ASGIApp
    grpc: tuple[GrpcService, ...] = ()
    workers: tuple[Worker, ...] = ()
    checks: tuple[Check, ...] = ()


def run(kind: type[SettingsT], build: Build[SettingsT]) -> None:
    """The whole life of the process; returns after SIGTERM or SIGINT has drained it."""
    settings = load(kind)
    configure_logs(settings.service, settings.log_format, settings.log_level)
    try:
        uvloop.run(_live(settings, build))
    except UnreachableDatabaseError as error:
        stop(f"{settings.service}: the database is unreachable: {error}")
    except OSError as error:
        stop(f"{settings.service}: {error}")


async def _live(settings: SettingsT, build: Build[SettingsT]) -> None:
    async with (
        open_foundation(settings) as foundation,
        build(settings, foundation) as service,
    ):
        await _serve(settings, foundation, service)


async def _serve(settings: ServiceSettings, foundation: Foundation, service: Service) -> None:
    ending = _ending()
    grpc_server = GrpcServer(settings.service, service.grpc, foundation.service_tokens)
    http_server = _http_server(settings, service.endpoint)
    listening = _listen(settings.host, settings.graphql_port)
    await grpc_server.start(f"{settings.host}:{settings.grpc_port}")
    serving = asyncio.create_task(http_server.serve([listening]), name="http")
    workers = [
        asyncio.create_task(_kept_alive(worker))
        for worker in (
            foundation.relay.run,
            lambda: _forget(foundation),
            lambda: _watch_health(grpc_server, service.checks),
            *service.workers,
        )
    ]
    waiting = asyncio.create_task(ending.wait())
    await asyncio.wait({waiting, serving}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    log.info("draining", seconds=settings.drain_seconds)
    http_server.should_exit = True
    await asyncio.gather(grpc_server.stop(settings.drain_seconds), serving)
    for worker in workers:
        worker.cancel()
    await asyncio.gather(*workers, return_exceptions=True)


def _listen(host: str, port: int) -> socket.socket:
    """A bound socket. Raises OSError that says where and why."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        reason = (error.strerror or str(error)).lower()
        raise OSError(f"HTTP cannot listen on {host}:{port}: {reason}") from error
    return bound


def _ending() -> asyncio.Event:
    ending = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ending.set)
    return ending


class _HttpServer(uvicorn.Server):
    """uvicorn, without its own signal handling: the process decides when to end."""

    def install_signal_handlers(self) -> None:
        """Nothing: see _ending."""

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve until should_exit, without capturing signals."""
        await self._serve(sockets)


def _http_server(settings: ServiceSettings, application: ASGIApp) -> uvicorn.Server:
    return _HttpServer(
        uvicorn.Config(
            application,
            host=settings.host,
            port=settings.graphql_port,
            http="httptools",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            proxy_headers=False,
            timeout_keep_alive=75,
            timeout_graceful_shutdown=int(settings.drain_seconds),
            backlog=1024,
        )
    )


async def _kept_alive(worker: Worker) -> None:
    while True:
        try:
            await worker()
        except Exception:
            log.exception("a worker failed and starts again")
            await asyncio.sleep(RESTART_SECONDS)
        else:
            return


async def _watch_health(server: GrpcServer, checks: tuple[Check, ...]) -> None:
    serving = True
    while True:
        await asyncio.sleep(HEALTH_SECONDS)
        health = await examine(checks)
        if health.ready != serving:
            serving = health.ready
            log.warning("health changed", ready=serving, **health.parts)
            await server.set_serving(serving=serving)


async def _forget(foundation: Foundation) -> None:
    while True:
        await asyncio.sleep(FORGET_SECONDS)
        await foundation.relay.forget()
