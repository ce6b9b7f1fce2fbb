"""Orders for peers: protobuf ↔ store."""

from __future__ import annotations

from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp

from proto.common.v1 import common_pb2
from proto.order.v1 import order_pb2, order_pb2_grpc
from subgraphs.chassis.grpc_gate import GrpcService
from subgraphs.chassis.refusal import Refusal
from subgraphs.order.domain import Order, OrderLine
from subgraphs.order.handlers.resources import Resources
from subgraphs.order.handlers.running import Sagas
from subgraphs.order.store import progress, reading

OPERATIONS = frozenset({"operations"})


class OrderServicer(order_pb2_grpc.OrderServiceServicer):
    """order.v1.OrderService."""

    def __init__(self, resources: Resources, sagas: Sagas) -> None:
        self._database = resources.database
        self._sagas = sagas

    async def GetOrder(  # noqa: N802 - named by the contract
        self, request: order_pb2.GetOrderRequest, context: Any
    ) -> order_pb2.Order:
        """One order."""
        del context
        return _message(await self._order(request.id))

    async def ReapplySaga(  # noqa: N802 - named by the contract
        self, request: order_pb2.ReapplySagaRequest, context: Any
    ) -> order_pb2.ReapplySagaResponse:
        """Resume a stuck checkout now."""
        del context
        if not await progress.reapply(self._database, request.order_id):
            raise Refusal("NOT_FOUND", f'"{request.order_id[:60]}" has no checkout to resume.')
        await self._sagas.resume()
        order = await self._order(request.order_id)
        return order_pb2.ReapplySagaResponse(status=order.status.value)

    async def _order(self, order_id: str) -> Order:
        found = await reading.orders_by_id(self._database, [order_id])
        if order_id not in found:
            raise Refusal("NOT_FOUND", f'There is no order "{order_id[:60]}".')
        return found[order_id]


def services(resources: Resources, sagas: Sagas) -> tuple[GrpcService, ...]:
    """What order offers its peers."""
    return (
        GrpcService(
            "order.v1.OrderService",
            order_pb2_grpc.add_OrderServiceServicer_to_server,
            OrderServicer(resources, sagas),
            callers={"ReapplySaga": OPERATIONS},
            default_callers=frozenset({"account", "payment", "operations"}),
        ),
    )


def _message(order: Order) -> order_pb2.Order:
    placed = Timestamp()
    placed.FromDatetime(order.placed_at)
    return order_pb2.Order(
        id=order.id,
        number=order.number,
        status=order.status.value,
        customer_id=order.customer_id or "",
        total=common_pb2.Money(minor_units=order.total, currency=order.currency),
        lines=[_line(item, order.currency) for item in order.lines],
        version=order.version,
        placed_at=placed,
    )


def _line(item: OrderLine, currency: str) -> order_pb2.OrderLine:
    line = item.line
    return order_pb2.OrderLine(
        id=item.id,
        product_id=line.product_id,
        variant_id=line.variant_id,
        sku=line.sku,
        name=line.name,
        quantity=line.quantity,
        unit_price=common_pb2.Money(minor_units=line.unit_minor, currency=currency),
    )
