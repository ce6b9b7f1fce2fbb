"""Calling a peer over gRPC: one channel, a deadline on every call, errors as values of ours.

    peer = Peer("inventory", settings.inventory_grpc_url, tokens)
    stub = InventoryServiceStub(peer.channel)
    answer = await peer.call(stub.Reserve, ReserveRequest(...), seconds=3.0, tries=5)

`tries` above 1 is for calls that are safe to repeat (reads, or with an idempotency key): it
repeats what got no definite answer, with full jitter.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from typing import Any, TypeVar

import grpc

from subgraphs.chassis.grpc_errors import from_rpc_error
from subgraphs.chassis.grpc_server import LARGEST_MESSAGE
from subgraphs.chassis.refusal import PeerSilent
from subgraphs.chassis.service_tokens import ServiceTokens
from subgraphs.chassis.tracing import current_traceparent

DEFAULT_SECONDS = 3.0
_FIRST_WAIT = 0.05
_LONGEST_WAIT = 1.0

Request = TypeVar("Request")


class Peer:
    """A channel to one peer; connects on first use and again when it breaks."""

    def __init__(self, name: str, address: str, tokens: ServiceTokens) -> None:
        self.name = name
        self.address = address
        self.channel = grpc.aio.insecure_channel(
            address,
            options=[
                ("grpc.max_receive_message_length", LARGEST_MESSAGE),
                ("grpc.max_send_message_length", LARGEST_MESSAGE),
                ("grpc.initial_reconnect_backoff_ms", 100),
                ("grpc.max_reconnect_backoff_ms", 2_000),
                ("grpc.enable_retries", 0),
                ("grpc.keepalive_time_ms", 30_000),
                ("grpc.keepalive_timeout_ms", 5_000),
            ],
        )
        self._tokens = tokens

    async def call(
        self,
        method: Callable[..., Any],
        request: Request,
        *,
        seconds: float = DEFAULT_SECONDS,
        tries: int = 1,
    ) -> Any:
        """The peer's answer. Raises Refusal when it refused and PeerSilent when nobody knows.

        `seconds` is the deadline of each try.
        """
        for attempt in range(1, tries + 1):
            try:
                return await method(request, timeout=seconds, metadata=self._metadata())
            except grpc.aio.AioRpcError as error:
                meaning = from_rpc_error(error, self.name)
                if not isinstance(meaning, PeerSilent) or attempt == tries:
                    raise meaning from None
            await asyncio.sleep(
                random.uniform(0, min(_LONGEST_WAIT, _FIRST_WAIT * 2**attempt))  # noqa: S311 - jitter
            )
        raise AssertionError("tries is at least 1")

    async def close(self) -> None:
        """Calls under way get half a second."""
        await self.channel.close(grace=0.5)

    def _metadata(self) -> tuple[tuple[str, str], ...]:
        return (
            ("authorization", f"Bearer {self._tokens.own()}"),
            ("traceparent", current_traceparent()),
        )
