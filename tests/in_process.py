"""The whole platform in this process: five subgraphs and the router over ASGI, no ports.

PostgreSQL and Redis are real; services call each other by gRPC over Unix sockets.
"""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from asyncpg.connection import LoggedQuery

from router.compose import Source, compose
from router.execute.transport import Cancel, Done, Headers, SubgraphAnswer, failed
from router.serve.app import create_app
from router.serve.settings.read import read_settings
from subgraphs.chassis.foundation import Foundation, open_foundation
from subgraphs.chassis.graphql_endpoint import ASGIApp
from subgraphs.chassis.grpc_server import GrpcServer
from subgraphs.chassis.migrate import ROOT
from subgraphs.chassis.process import Service
from tests.databases import SERVICES
from tests.graphql_client import GraphqlClient
from tests.settings import settings_of

SANDBOX_TOKEN = "tok_sandbox_ok"
# What the services' workers look at all the time.
WORKED_ON = ("outbox", "sagas", "reservations", "payment_operations", "signing_keys")
_JSON = (b"content-type", b"application/json")


@dataclass
class AsgiTransport:
    """The router's way to subgraphs in the same process. Those in `down` refuse connections."""

    applications: Mapping[str, ASGIApp]
    down: set[str] = field(default_factory=set)
    asked: list[tuple[str, bytes]] = field(default_factory=list)

    def send(
        self, subgraph: str, body: bytes, headers: Headers, deadline: float, done: Done
    ) -> Cancel:
        self.asked.append((subgraph, body))
        loop = asyncio.get_running_loop()
        if subgraph in self.down:
            refused = failed("connect", f'Subgraph "{subgraph}" refused the connection.')
            return loop.call_soon(done, refused).cancel
        task = loop.create_task(self._answer(subgraph, body, headers, deadline))

        def ended(answered: asyncio.Task[SubgraphAnswer]) -> None:
            if not answered.cancelled():
                done(answered.result())

        task.add_done_callback(ended)

        def give_up() -> None:
            task.cancel()

        return give_up

    async def _answer(
        self, subgraph: str, body: bytes, headers: Headers, deadline: float
    ) -> SubgraphAnswer:
        try:
            async with asyncio.timeout_at(deadline):
                return await _post(self.applications[subgraph], body, headers)
        except TimeoutError:
            return failed("timeout", f'Subgraph "{subgraph}" did not answer in time.')


async def _post(application: ASGIApp, body: bytes, headers: Headers) -> SubgraphAnswer:
    status, answered, chunks = 0, (), []
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/graphql",
        "headers": [_JSON, *headers],
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        nonlocal status, answered
        if message["type"] == "http.response.start":
            status, answered = message["status"], tuple(message["headers"])
        else:
            chunks.append(message["body"])

    await application(scope, receive, send)
    return SubgraphAnswer(status, b"".join(chunks), answered)


@dataclass
class Platform:
    """What runs: the router's client, and each service with what it stands on."""

    client: GraphqlClient
    transport: AsgiTransport
    services: dict[str, Service]
    foundations: dict[str, Foundation]

    @contextmanager
    def counted_sql(self) -> Iterator[list[str]]:
        """The SQL statements of requests (workers' aside) while the block runs."""
        statements: list[str] = []

        def note(record: LoggedQuery) -> None:
            if not any(table in record.query for table in WORKED_ON):
                statements.append(record.query)

        with ExitStack() as stack:
            for foundation in self.foundations.values():
                pool: Any = foundation.database.pool
                for holder in pool._holders:
                    if holder._con is not None and not holder._con.is_closed():
                        stack.enter_context(holder._con.query_logger(note))
            yield statements

    def fetches(self) -> list[str]:
        """The subgraphs asked since the last look, in order."""
        names = [name for name, _ in self.transport.asked]
        self.transport.asked.clear()
        return names


def composed() -> str:
    """The supergraph of the five contracts."""
    sources = [
        Source(name, f"http://{name}/graphql", (folder / "schema.graphql").read_text())
        for name, folder in ((name, ROOT / "subgraphs" / name) for name in SERVICES)
    ]
    composition = compose(sources)
    assert composition.supergraph_sdl, [error.message for error in composition.errors]
    return composition.supergraph_sdl


@asynccontextmanager
async def open_platform(
    database_urls: dict[str, str], redis_url: str, folder: Path
) -> AsyncIterator[Platform]:
    """Start everything; the databases are as they are."""
    sockets = {name: f"unix:{folder / name}.sock" for name in SERVICES}
    services: dict[str, Service] = {}
    foundations: dict[str, Foundation] = {}
    async with AsyncExitStack() as stack:
        issuer: dict[str, Callable[[], Awaitable[bytes]]] = {}

        async def keys() -> bytes:
            return await issuer["keys"]()

        for name in SERVICES:
            module = importlib.import_module(f"subgraphs.{name}.__main__")
            addresses = {f"{peer}_grpc_url": sockets[peer] for peer in SERVICES}
            more = {"sandbox_payment_token": SANDBOX_TOKEN, **addresses}
            service_settings = settings_of(module.Settings, database_urls, redis_url, **more)
            foundation = await stack.enter_async_context(
                open_foundation(service_settings, fetch_keys=keys)
            )
            service = await stack.enter_async_context(module.build(service_settings, foundation))
            await _serve(stack, name, foundation, service, sockets[name])
            services[name], foundations[name] = service, foundation
        account = GraphqlClient(services["account"].endpoint)
        stack.push_async_callback(account.close)

        async def jwks() -> bytes:
            return (await account.http.get("/.well-known/jwks.json")).content

        issuer["keys"] = jwks
        transport = AsgiTransport({name: service.endpoint for name, service in services.items()})
        client = GraphqlClient(
            create_app(composed(), read_settings(ROOT / "router" / "router.yaml"), transport)
        )
        stack.push_async_callback(client.close)
        yield Platform(client, transport, services, foundations)


async def _serve(
    stack: AsyncExitStack, name: str, foundation: Foundation, service: Service, address: str
) -> None:
    """gRPC and the workers of a service, as its process would run them."""
    server = GrpcServer(name, service.grpc, foundation.service_tokens)
    await server.start(address)
    stack.push_async_callback(server.stop, 0.5)
    workers = [asyncio.create_task(work()) for work in (foundation.relay.run, *service.workers)]

    async def stop() -> None:
        for worker in workers:
            worker.cancel()
        for worker in workers:
            with suppress(asyncio.CancelledError):
                await worker

    stack.push_async_callback(stop)
