"""The gate in front of every gRPC method: who calls, until when, and what a failure is called.

    GrpcService("catalog.v1.CatalogService", add_CatalogServiceServicer_to_server, servicer,
                callers={"QuotePrices": {"order"}})

A servicer's method reads as `async def QuotePrices(self, request, context) -> Reply` and raises
Refusal; the gate authenticates the peer, applies the allow-list, gives calls without a deadline
one, and turns refusals and faults into statuses.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Set
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import grpc
import structlog
from prometheus_client import Histogram

from subgraphs.chassis.grpc_errors import bare_status, to_status
from subgraphs.chassis.refusal import PeerSilent, Refusal
from subgraphs.chassis.service_tokens import ServiceTokens
from subgraphs.chassis.tracing import current_trace_id, enter_trace

DEFAULT_DEADLINE = 10.0
LONGEST_DEADLINE = 60.0
ANY_PEER = frozenset({"*"})
# Anyone may ask how we are and what we offer.
_OPEN = ("/grpc.health.v1.Health/", "/grpc.reflection.")
AnyHandler: TypeAlias = "grpc.RpcMethodHandler[Any, Any]"

log = structlog.get_logger(__name__)
_seconds = Histogram(
    "grpc_server_seconds",
    "Time to answer a gRPC call",
    ["method", "code"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


@dataclass(frozen=True, slots=True)
class GrpcService:
    """A servicer, how it is registered, and which peers may call which method.

    `callers` maps a method's name to service names; a method not listed takes `default_callers`.
    """

    name: str
    register: Callable[[Any, Any], None]
    servicer: Any
    callers: Mapping[str, Set[str]] = field(default_factory=dict)
    default_callers: Set[str] = ANY_PEER


class Gate(grpc.aio.ServerInterceptor):
    """Wraps every unary method once; who may call is known before its body runs."""

    def __init__(
        self, service: str, services: Mapping[str, GrpcService], tokens: ServiceTokens
    ) -> None:
        self._service = service
        self._services = services
        self._tokens = tokens
        self._wrapped: dict[str, AnyHandler] = {}

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[AnyHandler | None]],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> Any:
        """The method's handler behind the gate; health and reflection stay open."""
        method: str = handler_call_details.method
        known = self._wrapped.get(method)
        if known is not None:
            return known
        handler = await continuation(handler_call_details)
        if handler is None or method.startswith(_OPEN) or handler.unary_unary is None:
            return handler
        wrapped = grpc.unary_unary_rpc_method_handler(
            self._guarded(method, handler.unary_unary),
            request_deserializer=handler.request_deserializer,
            response_serializer=handler.response_serializer,
        )
        self._wrapped[method] = wrapped
        return wrapped

    def _guarded(
        self, method: str, inner: Callable[[Any, Any], Awaitable[Any]]
    ) -> Callable[[Any, Any], Awaitable[Any]]:
        name = method.rpartition("/")[2]
        service = self._services[method[1:].rpartition("/")[0]]
        allowed = service.callers.get(name, service.default_callers)
        succeeded = _seconds.labels(method, "OK")

        async def guarded(request: Any, context: grpc.aio.ServicerContext[Any, Any]) -> Any:
            started = asyncio.get_running_loop().time()
            try:
                self._admit(method, allowed, context)
                async with asyncio.timeout(_deadline(context)):
                    answer = await inner(request, context)
            except Refusal as refusal:
                status = to_status(refusal, self._service)
            except TimeoutError:
                status = bare_status(grpc.StatusCode.DEADLINE_EXCEEDED, "The deadline passed.")
            except PeerSilent as silent:
                status = bare_status(grpc.StatusCode.UNAVAILABLE, str(silent))
            except (asyncio.CancelledError, grpc.aio.AbortError):
                raise
            except Exception:
                log.exception("a gRPC method failed", method=method)
                status = bare_status(grpc.StatusCode.INTERNAL, f"See trace {current_trace_id()}.")
            else:
                succeeded.observe(asyncio.get_running_loop().time() - started)
                return answer
            elapsed = asyncio.get_running_loop().time() - started
            _seconds.labels(method, status.code.name).observe(elapsed)
            return await context.abort_with_status(status)

        return guarded

    def _admit(
        self, method: str, allowed: Set[str], context: grpc.aio.ServicerContext[Any, Any]
    ) -> None:
        metadata = dict(context.invocation_metadata() or ())
        enter_trace(str(metadata.get("traceparent", "")))
        scheme, _, token = str(metadata.get("authorization", "")).partition(" ")
        if scheme.lower() != "bearer":
            raise Refusal("UNAUTHENTICATED", "A service token is needed.")
        peer = self._tokens.peer(token)
        if peer not in allowed and "*" not in allowed:
            raise Refusal("FORBIDDEN", f"{peer} may not call {method}.")


def _deadline(context: grpc.aio.ServicerContext[Any, Any]) -> float:
    remaining = context.time_remaining()
    return DEFAULT_DEADLINE if remaining is None else min(remaining, LONGEST_DEADLINE)
