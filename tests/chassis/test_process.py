"""A service as a process: it starts, says how it is, and drains at SIGTERM."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import grpc
import httpx
from grpc_health.v1 import health_pb2, health_pb2_grpc

from local.ports import free_port
from subgraphs.chassis.migrate import ROOT
from tests.settings import SECRET


def environment(database_url: str, redis_url: str, http: int, rpc: int) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "DATABASE_URL_ACCOUNT": database_url,
        "REDIS_URL": redis_url,
        "JWKS_URL": f"http://127.0.0.1:{http}/.well-known/jwks.json",
        "SERVICE_TOKEN_SECRET": SECRET,
        "GRAPHQL_PORT": str(http),
        "GRPC_PORT": str(rpc),
    }


@asynccontextmanager
async def process(variables: dict[str, str]) -> AsyncIterator[asyncio.subprocess.Process]:
    started = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "subgraphs.account",
        cwd=ROOT,
        env=variables,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield started
    finally:
        if started.returncode is None:
            started.kill()
        await started.wait()


async def until_live(client: httpx.AsyncClient, started: asyncio.subprocess.Process) -> None:
    async with asyncio.timeout(40):
        while started.returncode is None:
            try:
                if (await client.get("/health/ready")).status_code == 200:
                    return
            except httpx.TransportError:
                await asyncio.sleep(0.1)
    raise AssertionError(f"ended with {started.returncode}")


async def test_a_service_starts_answers_and_drains(
    database_urls: dict[str, str], redis_url: str
) -> None:
    http, rpc = free_port(), free_port()
    variables = environment(database_urls["account"], redis_url, http, rpc)
    async with (
        process(variables) as started,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{http}") as client,
        grpc.aio.insecure_channel(f"127.0.0.1:{rpc}") as channel,
    ):
        await until_live(client, started)
        answer = await client.post("/graphql", json={"query": "{ __typename }"})
        assert answer.json() == {"data": {"__typename": "Query"}}
        keys = (await client.get("/.well-known/jwks.json")).json()["keys"]
        assert keys[0]["crv"] == "Ed25519"
        watch = health_pb2_grpc.HealthStub(channel).Watch(health_pb2.HealthCheckRequest())
        assert (await watch.read()).status == health_pb2.HealthCheckResponse.SERVING
        started.send_signal(signal.SIGTERM)
        assert (await watch.read()).status == health_pb2.HealthCheckResponse.NOT_SERVING
        watch.cancel()
        _, errors = await asyncio.wait_for(started.communicate(), 20)
    assert started.returncode == 0
    assert b"draining" in errors
    assert b"Traceback" not in errors


async def test_a_port_in_use_ends_the_process_with_one_line(
    database_urls: dict[str, str], redis_url: str
) -> None:
    http, rpc = free_port(), free_port()
    server = await asyncio.start_server(lambda _r, w: w.close(), "127.0.0.1", http)
    variables = environment(database_urls["account"], redis_url, http, rpc)
    async with server, process(variables) as run:
        _, errors = await asyncio.wait_for(run.communicate(), 40)
    assert run.returncode == 2
    last = errors.decode().splitlines()[-1]
    assert last == f"account: HTTP cannot listen on 127.0.0.1:{http}: address already in use"


async def test_a_wrong_password_of_the_database_ends_the_process_with_one_line(
    database_urls: dict[str, str], redis_url: str
) -> None:
    url = database_urls["account"].replace("account:", "account:wrong-")
    async with process(environment(url, redis_url, free_port(), free_port())) as run:
        _, errors = await asyncio.wait_for(run.communicate(), 40)
    assert run.returncode == 2
    last = errors.decode().splitlines()[-1]
    assert last.startswith("account: the database is unreachable: account on 127.0.0.1:")
    assert "wrong-" not in last
