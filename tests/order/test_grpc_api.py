"""Orders for peers and operations, over gRPC."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from proto.order.v1 import order_pb2, order_pb2_grpc
from subgraphs.chassis.grpc_peer import Peer
from subgraphs.chassis.grpc_server import GrpcServer
from subgraphs.chassis.refusal import Refusal
from subgraphs.chassis.service_tokens import ServiceTokens
from subgraphs.order.grpc_api import services
from tests.order.conftest import OrderShop
from tests.order.fakes import prd, var
from tests.settings import SECRET


@pytest.fixture
async def peer(order_shop: OrderShop) -> AsyncIterator[Peer]:
    offered = services(order_shop.resources, order_shop.sagas)
    server = GrpcServer("order", offered, ServiceTokens("order", SECRET))
    await server.start("127.0.0.1:0")
    peer = Peer("order", f"127.0.0.1:{server.port}", ServiceTokens("operations", SECRET))
    yield peer
    await peer.close()
    await server.stop(0.1)


async def test_a_peer_gets_an_order(order_shop: OrderShop, peer: Peer) -> None:
    created = await order_shop.order((1, 2), user="usr_1")
    stub = order_pb2_grpc.OrderServiceStub(peer.channel)
    order = await peer.call(stub.GetOrder, order_pb2.GetOrderRequest(id=created["id"]))
    assert (order.status, order.customer_id) == ("CONFIRMED", "usr_1")
    assert (order.total.minor_units, order.total.currency) == (2000, "EUR")
    assert [(line.product_id, line.variant_id, line.quantity) for line in order.lines] == [
        (prd(1), var(1), 2)
    ]


async def test_an_unknown_order_is_not_found(peer: Peer) -> None:
    stub = order_pb2_grpc.OrderServiceStub(peer.channel)
    with pytest.raises(Refusal) as refused:
        await peer.call(stub.GetOrder, order_pb2.GetOrderRequest(id="ord_none"))
    assert refused.value.code == "NOT_FOUND"
    with pytest.raises(Refusal, match="no checkout to resume"):
        await peer.call(stub.ReapplySaga, order_pb2.ReapplySagaRequest(order_id="ord_none"))


async def test_operations_resume_a_stuck_checkout(order_shop: OrderShop, peer: Peer) -> None:
    order_shop.shop.inventory.silent_before.add("reserve")
    created = await order_shop.order((1, 2))
    order_shop.shop.inventory.silent_before.clear()
    await order_shop.database.execute("update sagas set status = 'STUCK', attempts = 20")
    stub = order_pb2_grpc.OrderServiceStub(peer.channel)
    asked = order_pb2.ReapplySagaRequest(order_id=created["id"])
    assert (await peer.call(stub.ReapplySaga, asked)).status == "CONFIRMED"


async def test_only_operations_may_resume_a_checkout(order_shop: OrderShop, peer: Peer) -> None:
    payment = Peer("order", peer.address, ServiceTokens("payment", SECRET))
    stub = order_pb2_grpc.OrderServiceStub(payment.channel)
    with pytest.raises(Refusal) as refused:
        await payment.call(stub.ReapplySaga, order_pb2.ReapplySagaRequest(order_id="ord_none"))
    assert refused.value.code == "FORBIDDEN"
    await payment.close()
