"""gRPC between services: who may call, until when, and what a failure means to the caller."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from subgraphs.chassis.grpc_gate import GrpcService
from subgraphs.chassis.grpc_peer import Peer
from subgraphs.chassis.grpc_server import GrpcServer
from subgraphs.chassis.refusal import PeerSilent, Refusal
from subgraphs.chassis.service_tokens import ServiceTokens

SECRET = "s" * 32
NAME = "echo.v1.Echo"


class Echo:
    """Answers its request; some requests have a meaning."""

    def __init__(self) -> None:
        self.calls = 0

    async def answer(self, request: bytes, context: Any) -> bytes:
        self.calls += 1
        match request:
            case b"refuse":
                raise Refusal("OUT_OF_INK", "No ink.", {"color": "blue", "lines": [1, 2]})
            case b"crash":
                raise ZeroDivisionError("secret detail")
            case b"slow":
                await asyncio.sleep(30)
            case b"second try" if self.calls < 2:
                raise PeerSilent("not yet")
            case b"deadline":
                return str(context.time_remaining() is not None).encode()
        return request

    def register(self, _servicer: object, server: grpc.aio.Server) -> None:
        method: Any = grpc.unary_unary_rpc_method_handler(self.answer)
        handlers = {"Say": method, "Whisper": method}
        server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(NAME, handlers),))


@pytest.fixture
def echo() -> Echo:
    return Echo()


@pytest.fixture
async def server(echo: Echo, tmp_path: Path) -> AsyncIterator[GrpcServer]:
    service = GrpcService(NAME, echo.register, echo, callers={"Whisper": frozenset({"order"})})
    server = GrpcServer("echo", (service,), ServiceTokens("echo", SECRET))
    await server.start("127.0.0.1:0")
    yield server
    await server.stop(0.1)


async def peer_of(server: GrpcServer, name: str, secret: str = SECRET) -> Peer:
    return Peer("echo", f"127.0.0.1:{server.port}", ServiceTokens(name, secret))


@pytest.fixture
async def peer(server: GrpcServer) -> AsyncIterator[Peer]:
    peer = await peer_of(server, "order")
    yield peer
    await peer.close()


def say(peer: Peer, method: str = "Say") -> Any:
    return peer.channel.unary_unary(f"/{NAME}/{method}")


async def test_a_peer_is_answered(peer: Peer) -> None:
    assert await peer.call(say(peer), b"hello") == b"hello"
    assert await peer.call(say(peer, "Whisper"), b"hello") == b"hello"


async def test_only_listed_peers_may_call_a_method(server: GrpcServer) -> None:
    catalog = await peer_of(server, "catalog")
    assert await catalog.call(say(catalog), b"hello") == b"hello"
    with pytest.raises(Refusal, match="catalog may not call") as refused:
        await catalog.call(say(catalog, "Whisper"), b"hello")
    assert refused.value.code == "FORBIDDEN"
    await catalog.close()


async def test_a_peer_without_the_secret_is_refused(server: GrpcServer) -> None:
    stranger = await peer_of(server, "order", "x" * 32)
    with pytest.raises(Refusal) as refused:
        await stranger.call(say(stranger), b"hello")
    assert refused.value.code == "UNAUTHENTICATED"
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await say(stranger)(b"hello")
    assert error.value.code() is grpc.StatusCode.UNAUTHENTICATED
    await stranger.close()


async def test_a_refusal_arrives_with_its_code_and_details(peer: Peer) -> None:
    with pytest.raises(Refusal, match=r"No ink\.") as refused:
        await peer.call(say(peer), b"refuse")
    assert refused.value.code == "OUT_OF_INK"
    assert refused.value.details == {"color": "blue", "lines": [1, 2]}


async def test_a_fault_and_a_passed_deadline_are_no_answer_and_say_nothing_of_the_inside(
    peer: Peer,
) -> None:
    with pytest.raises(PeerSilent) as fault:
        await peer.call(say(peer), b"crash")
    assert "secret" not in str(fault.value)
    with pytest.raises(PeerSilent, match="DEADLINE_EXCEEDED"):
        await peer.call(say(peer), b"slow", seconds=0.1)


async def test_a_call_without_a_definite_answer_is_repeated_only_when_asked(
    peer: Peer, echo: Echo
) -> None:
    with pytest.raises(PeerSilent):
        await peer.call(say(peer), b"second try")
    echo.calls = 0
    assert await peer.call(say(peer), b"second try", tries=3) == b"second try"
    assert echo.calls == 2


async def test_a_server_that_is_not_there_is_silent(tmp_path: Path) -> None:
    nobody = Peer("echo", f"unix:{tmp_path}/nobody", ServiceTokens("order", SECRET))
    with pytest.raises(PeerSilent):
        await nobody.call(say(nobody), b"hello", seconds=0.5)
    await nobody.close()


async def test_health_is_open_and_turns_at_shutdown_before_the_port_closes(
    server: GrpcServer, peer: Peer
) -> None:
    health = health_pb2_grpc.HealthStub(peer.channel)
    for name in ("", NAME):
        answer = await health.Check(health_pb2.HealthCheckRequest(service=name))
        assert answer.status == health_pb2.HealthCheckResponse.SERVING
    watch = health.Watch(health_pb2.HealthCheckRequest(service=NAME))
    assert (await watch.read()).status == health_pb2.HealthCheckResponse.SERVING
    slow = asyncio.ensure_future(peer.call(say(peer), b"slow", seconds=0.3))
    await asyncio.sleep(0.1)
    stopping = asyncio.ensure_future(server.stop(1.0))
    assert (await watch.read()).status == health_pb2.HealthCheckResponse.NOT_SERVING
    watch.cancel()
    with pytest.raises(PeerSilent, match="DEADLINE_EXCEEDED"):
        await slow
    await stopping


async def test_reflection_lists_the_services(server: GrpcServer, peer: Peer) -> None:
    stub = reflection_pb2_grpc.ServerReflectionStub(peer.channel)
    asked = iter([reflection_pb2.ServerReflectionRequest(list_services="")])
    answers = [answer async for answer in stub.ServerReflectionInfo(asked)]
    names = {service.name for service in answers[0].list_services_response.service}
    assert {NAME, "grpc.health.v1.Health"} <= names
