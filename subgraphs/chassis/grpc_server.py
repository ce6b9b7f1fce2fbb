"""The gRPC server every service runs: health, reflection, draining, behind the gate."""

from __future__ import annotations

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_health.v1.health import aio as health_aio
from grpc_reflection.v1alpha import reflection

from subgraphs.chassis.grpc_gate import Gate, GrpcService
from subgraphs.chassis.service_tokens import ServiceTokens

LARGEST_MESSAGE = 8 << 20


class GrpcServer:
    """Started and stopped by the process; `port` is the bound port after `start`."""

    def __init__(
        self, service: str, services: tuple[GrpcService, ...], tokens: ServiceTokens
    ) -> None:
        self._names = tuple(item.name for item in services)
        self._health = health_aio.HealthServicer()
        allowed = {item.name: item for item in services}
        self._server = grpc.aio.server(
            interceptors=[Gate(service, allowed, tokens)],
            options=[
                ("grpc.max_receive_message_length", LARGEST_MESSAGE),
                ("grpc.max_send_message_length", LARGEST_MESSAGE),
                ("grpc.so_reuseport", 0),
                ("grpc.keepalive_permit_without_calls", 1),
                ("grpc.http2.min_ping_interval_without_data_ms", 10_000),
            ],
            maximum_concurrent_rpcs=1_000,
        )
        for item in services:
            item.register(item.servicer, self._server)
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)
        shown = (*self._names, health_pb2.DESCRIPTOR.services_by_name["Health"].full_name)
        reflection.enable_server_reflection((*shown, reflection.SERVICE_NAME), self._server)
        self.port = 0

    async def start(self, address: str) -> None:
        """Listen on `address` ("127.0.0.1:5001", "unix:/tmp/x") and say SERVING. Raises OSError."""
        try:
            self.port = self._server.add_insecure_port(address)
        except RuntimeError as error:
            raise OSError(f"gRPC cannot listen on {address}: {error}") from error
        await self._server.start()
        await self.set_serving(serving=True)

    async def set_serving(self, *, serving: bool) -> None:
        """What health Check and Watch answer, for every service and for ""."""
        states = health_pb2.HealthCheckResponse
        state = states.SERVING if serving else states.NOT_SERVING
        for name in ("", *self._names):
            await self._health.set(name, state)

    async def stop(self, grace: float) -> None:
        """NOT_SERVING, then no new calls, then up to `grace` seconds for those under way."""
        await self._health.enter_graceful_shutdown()
        await self._server.stop(grace)
