"""Inventory for peers: the life of a reservation over the wire, and who may live it."""

from __future__ import annotations

import pytest

from proto.inventory.v1 import inventory_pb2 as messages
from proto.inventory.v1 import inventory_pb2_grpc
from subgraphs.chassis.grpc_peer import Peer
from subgraphs.chassis.grpc_server import GrpcServer
from subgraphs.chassis.refusal import Refusal
from subgraphs.chassis.service_tokens import ServiceTokens
from tests.inventory.warehouse import Warehouse
from tests.settings import SECRET


@pytest.fixture
def stub(peer: Peer) -> inventory_pb2_grpc.InventoryServiceStub:
    return inventory_pb2_grpc.InventoryServiceStub(peer.channel)


def wish(key: str, **lines: int) -> messages.ReserveRequest:
    return messages.ReserveRequest(
        reservation_id=key,
        lines=[messages.Line(variant_id=name, quantity=units) for name, units in lines.items()],
    )


async def test_a_reservation_lives_from_hold_to_shipment(
    peer: Peer, stub: inventory_pb2_grpc.InventoryServiceStub, warehouse: Warehouse
) -> None:
    await warehouse.receive("var_a", 5)
    held = (await peer.call(stub.Reserve, wish("ord_1", var_a=2))).reservation
    assert held.status == messages.HELD
    seconds = held.expires_at.seconds
    request = messages.ExtendRequest(reservation_id="ord_1", ttl_seconds=1800)
    assert (await peer.call(stub.Extend, request)).expires_at.seconds > seconds
    await peer.call(stub.Commit, messages.CommitRequest(reservation_id="ord_1"))
    request = messages.ShipRequest(reservation_id="ord_1", idempotency_key="ful_1")
    assert (await peer.call(stub.Ship, request)).status == messages.SHIPPED
    known = messages.GetReservationRequest(reservation_id="ord_1")
    found = await peer.call(stub.GetReservation, known)
    assert (found.status, found.lines[0].quantity) == (messages.SHIPPED, 2)
    asked = messages.GetAvailabilityRequest(variant_ids=["var_a", "var_x"])
    answer = await peer.call(stub.GetAvailability, asked)
    assert [(item.variant_id, item.available) for item in answer.variants] == [("var_a", 3)]


async def test_shortages_are_an_answer_and_unknown_variants_a_refusal_that_names_them(
    peer: Peer, stub: inventory_pb2_grpc.InventoryServiceStub, warehouse: Warehouse
) -> None:
    await warehouse.receive("var_a", 1)
    answer = await peer.call(stub.Reserve, wish("ord_1", var_a=2))
    assert not answer.HasField("reservation")
    assert [(item.requested, item.available) for item in answer.shortages] == [(2, 1)]
    with pytest.raises(Refusal) as refused:
        await peer.call(stub.Reserve, wish("ord_2", var_x=1))
    assert refused.value.code == "NOT_FOUND"
    assert refused.value.details == {"variant_ids": ["var_x"]}


async def test_release_is_final(
    peer: Peer, stub: inventory_pb2_grpc.InventoryServiceStub, warehouse: Warehouse
) -> None:
    await warehouse.receive("var_a", 5)
    await peer.call(stub.Reserve, wish("ord_1", var_a=2))
    request = messages.ReleaseRequest(reservation_id="ord_1")
    assert (await peer.call(stub.Release, request)).status == messages.RELEASED
    with pytest.raises(Refusal) as refused:
        await peer.call(stub.Commit, messages.CommitRequest(reservation_id="ord_1"))
    assert refused.value.code == "WRONG_RESERVATION_STATE"
    with pytest.raises(Refusal) as unknown:
        await peer.call(stub.GetReservation, messages.GetReservationRequest(reservation_id="x"))
    assert unknown.value.code == "NOT_FOUND"


async def test_stock_is_corrected_over_the_wire_too(
    peer: Peer, stub: inventory_pb2_grpc.InventoryServiceStub, warehouse: Warehouse
) -> None:
    await warehouse.receive("var_a", 5)
    request = messages.AdjustStockRequest(
        variant_id="var_a", delta=-2, reason="broken", idempotency_key="k", actor="usr_1"
    )
    assert (await peer.call(stub.AdjustStock, request)).on_hand == 3
    actor = await warehouse.database.fetchval(
        "select actor from stock_movements where kind = 'ADJUST'"
    )
    assert actor == "usr_1"


async def test_only_order_moves_units(server: GrpcServer, warehouse: Warehouse) -> None:
    catalog = Peer("inventory", f"127.0.0.1:{server.port}", ServiceTokens("catalog", SECRET))
    stub = inventory_pb2_grpc.InventoryServiceStub(catalog.channel)
    with pytest.raises(Refusal) as refused:
        await catalog.call(stub.Reserve, wish("ord_1", var_a=1))
    assert refused.value.code == "FORBIDDEN"
    await catalog.call(stub.GetAvailability, messages.GetAvailabilityRequest())
    await catalog.close()
