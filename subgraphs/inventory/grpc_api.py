"""Inventory for peers: protobuf ↔ handlers. Problems become refusals with the same code."""

from __future__ import annotations

from collections.abc import Awaitable, Iterable
from typing import Any, TypeVar

from google.protobuf.timestamp_pb2 import Timestamp

from proto.inventory.v1 import inventory_pb2, inventory_pb2_grpc
from subgraphs.chassis.grpc_gate import GrpcService
from subgraphs.chassis.refusal import Refusal
from subgraphs.inventory.domain import Reservation, ReservationStatus, Stock, StockProblem
from subgraphs.inventory.handlers import reservations
from subgraphs.inventory.handlers.resources import Resources
from subgraphs.inventory.handlers.stock_levels import adjust_stock
from subgraphs.inventory.store.reservations import reservation
from subgraphs.inventory.store.stock import stocks

LARGEST_BATCH = 500
Answer = TypeVar("Answer")

_STATUS = {
    status: inventory_pb2.ReservationStatus.Value(status.value) for status in ReservationStatus
}


class InventoryServicer(inventory_pb2_grpc.InventoryServiceServicer):
    """inventory.v1.InventoryService."""

    def __init__(self, resources: Resources) -> None:
        self._resources = resources

    async def Reserve(  # noqa: N802 - named by the contract
        self, request: inventory_pb2.ReserveRequest, context: Any
    ) -> inventory_pb2.ReserveResponse:
        """Hold every line or none."""
        del context
        found = await _answer(
            reservations.reserve(
                self._resources, request.reservation_id, _lines(request.lines), request.ttl_seconds
            )
        )
        if isinstance(found, Reservation):
            return inventory_pb2.ReserveResponse(reservation=_message(found))
        shortages = [
            inventory_pb2.Shortage(
                variant_id=item.variant_id, requested=item.requested, available=item.available
            )
            for item in found
        ]
        return inventory_pb2.ReserveResponse(shortages=shortages)

    async def Extend(  # noqa: N802 - named by the contract
        self, request: inventory_pb2.ExtendRequest, context: Any
    ) -> inventory_pb2.Reservation:
        """Move the expiry."""
        del context
        work = reservations.extend(self._resources, request.reservation_id, request.ttl_seconds)
        return _message(await _answer(work))

    async def Commit(  # noqa: N802 - named by the contract
        self, request: inventory_pb2.CommitRequest, context: Any
    ) -> inventory_pb2.Reservation:
        """Make the units the order's."""
        del context
        return _message(await _answer(reservations.commit(self._resources, request.reservation_id)))

    async def Release(  # noqa: N802 - named by the contract
        self, request: inventory_pb2.ReleaseRequest, context: Any
    ) -> inventory_pb2.Reservation:
        """Give the units back."""
        del context
        return _message(
            await _answer(reservations.release(self._resources, request.reservation_id))
        )

    async def Ship(  # noqa: N802 - named by the contract
        self, request: inventory_pb2.ShipRequest, context: Any
    ) -> inventory_pb2.Reservation:
        """Take shipped units out of stock."""
        del context
        work = reservations.ship(
            self._resources, request.reservation_id, request.idempotency_key, _lines(request.lines)
        )
        return _message(await _answer(work))

    async def GetReservation(  # noqa: N802 - named by the contract
        self, request: inventory_pb2.GetReservationRequest, context: Any
    ) -> inventory_pb2.Reservation:
        """One reservation."""
        del context
        found = await reservation(self._resources.database, request.reservation_id)
        if found is None:
            raise Refusal("NOT_FOUND", f'There is no "{request.reservation_id[:60]}".')
        return _message(found)

    async def GetAvailability(  # noqa: N802 - named by the contract
        self, request: inventory_pb2.GetAvailabilityRequest, context: Any
    ) -> inventory_pb2.GetAvailabilityResponse:
        """How many units of each variant can be ordered."""
        del context
        if len(request.variant_ids) > LARGEST_BATCH:
            raise Refusal("INVALID_INPUT", f"variant_ids: at most {LARGEST_BATCH} at once.")
        found = await stocks(self._resources.database, request.variant_ids)
        return inventory_pb2.GetAvailabilityResponse(
            variants=[
                inventory_pb2.Availability(variant_id=key, available=found[key].available)
                for key in dict.fromkeys(request.variant_ids)
                if key in found
            ]
        )

    async def AdjustStock(  # noqa: N802 - named by the contract
        self, request: inventory_pb2.AdjustStockRequest, context: Any
    ) -> inventory_pb2.StockLevel:
        """Correct the units on hand."""
        del context
        work = adjust_stock(
            self._resources,
            request.variant_id,
            request.delta,
            reason=request.reason,
            key=request.idempotency_key,
            actor=request.actor or "system",
        )
        return _level(await _answer(work))


def services(resources: Resources) -> tuple[GrpcService, ...]:
    """What inventory offers its peers: only order moves units."""
    only_order = frozenset({"order"})
    commands = ("Reserve", "Extend", "Commit", "Release", "Ship", "AdjustStock", "GetReservation")
    return (
        GrpcService(
            "inventory.v1.InventoryService",
            inventory_pb2_grpc.add_InventoryServiceServicer_to_server,
            InventoryServicer(resources),
            callers=dict.fromkeys(commands, only_order),
        ),
    )


async def _answer(work: Awaitable[Answer]) -> Answer:
    try:
        return await work
    except StockProblem as problem:
        named = problem.variant_ids
        details = {"variant_ids": list(named)} if named else {}
        raise Refusal(problem.code, problem.message, details) from None


def _lines(lines: Iterable[inventory_pb2.Line]) -> list[tuple[str, int]]:
    return [(line.variant_id, line.quantity) for line in lines]


def _message(found: Reservation) -> inventory_pb2.Reservation:
    expires = Timestamp()
    expires.FromDatetime(found.expires_at)
    return inventory_pb2.Reservation(
        id=found.id,
        status=_STATUS[found.status],
        lines=[
            inventory_pb2.Line(variant_id=line.variant_id, quantity=line.quantity)
            for line in found.lines
        ],
        expires_at=expires,
    )


def _level(stock: Stock) -> inventory_pb2.StockLevel:
    return inventory_pb2.StockLevel(
        variant_id=stock.variant_id,
        on_hand=stock.on_hand,
        reserved=stock.reserved,
        allocated=stock.allocated,
        safety_stock=stock.safety,
        available=stock.available,
    )
