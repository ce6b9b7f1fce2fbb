"""The peers of order over gRPC: catalog prices, inventory holds, payment authorises.

Each client answers in words of the domain. Raises PeerSilent when nobody knows what happened.
"""

from __future__ import annotations

from collections.abc import Sequence

from proto.account.v1 import account_pb2, account_pb2_grpc
from proto.catalog.v1 import catalog_pb2, catalog_pb2_grpc
from proto.common.v1 import common_pb2
from proto.inventory.v1 import inventory_pb2, inventory_pb2_grpc
from proto.payment.v1 import payment_pb2, payment_pb2_grpc
from subgraphs.chassis.grpc_peer import Peer
from subgraphs.chassis.refusal import PeerSilent, Refusal
from subgraphs.order.domain import (
    ActionRequired,
    Authorisation,
    Authorised,
    Declined,
    ErrorCode,
    Held,
    HoldEnded,
    OrderProblem,
    OutcomeUnknown,
    PricedLine,
    Reservation,
    Short,
    Wish,
)

QUOTE_SECONDS = 2.0
STOCK_SECONDS = 3.0
AUTHORISE_SECONDS = 10.0
LOOKUP_SECONDS = 3.0
HOLD_SECONDS = 15 * 60
TRIES = 2


class Accounts:
    """account.v1.AccountService."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer
        self._stub = account_pb2_grpc.AccountServiceStub(peer.channel)

    async def email(self, user_id: str) -> str:
        """The user's e-mail address. Raises Refusal NOT_FOUND."""
        request = account_pb2.GetAccountRequest(id=user_id)
        account: account_pb2.Account = await self._peer.call(
            self._stub.GetAccount, request, seconds=LOOKUP_SECONDS, tries=TRIES
        )
        return account.email


class Catalog:
    """catalog.v1.CatalogService."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer
        self._stub = catalog_pb2_grpc.CatalogServiceStub(peer.channel)

    async def quote(
        self, wishes: Sequence[Wish], currency: str | None
    ) -> tuple[str, list[PricedLine]]:
        """The currency, and a priced line for each wish. Raises OrderProblem naming the lines."""
        request = catalog_pb2.QuotePricesRequest(
            lines=[
                catalog_pb2.QuoteLine(product_id=wish.product_id, variant_id=wish.variant_id or "")
                for wish in wishes
            ],
            currency=currency or "",
        )
        answer: catalog_pb2.QuotePricesResponse = await self._peer.call(
            self._stub.QuotePrices, request, seconds=QUOTE_SECONDS, tries=TRIES
        )
        if answer.problems:
            raise _quote_problem(answer.problems)
        if len(answer.lines) != len(wishes):
            raise PeerSilent("catalog: the quote has other lines than were asked")
        return answer.currency, [
            PricedLine(
                product_id=line.product_id,
                variant_id=line.variant_id,
                sku=line.sku,
                name=line.name,
                unit_minor=line.unit_price.minor_units,
                quantity=wish.quantity,
            )
            for wish, line in zip(wishes, answer.lines, strict=True)
        ]


class Inventory:
    """inventory.v1.InventoryService; a reservation has its order's id."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer
        self._stub = inventory_pb2_grpc.InventoryServiceStub(peer.channel)

    async def reserve(self, order_id: str, lines: Sequence[tuple[str, int]]) -> Reservation:
        """Hold every (variant, quantity) for 15 minutes, or none."""
        request = inventory_pb2.ReserveRequest(
            reservation_id=order_id,
            lines=[
                inventory_pb2.Line(variant_id=variant, quantity=quantity)
                for variant, quantity in lines
            ],
            ttl_seconds=HOLD_SECONDS,
        )
        answer: inventory_pb2.ReserveResponse = await self._peer.call(
            self._stub.Reserve, request, seconds=STOCK_SECONDS, tries=TRIES
        )
        if answer.shortages:
            return Short(
                tuple(
                    (item.variant_id, item.requested, item.available) for item in answer.shortages
                )
            )
        return _reservation(answer.reservation)

    async def commit(self, order_id: str) -> Reservation:
        """Make the hold last until it is shipped."""
        request = inventory_pb2.CommitRequest(reservation_id=order_id)
        try:
            answer: inventory_pb2.Reservation = await self._peer.call(
                self._stub.Commit, request, seconds=STOCK_SECONDS, tries=TRIES
            )
        except Refusal as refusal:
            if refusal.code == "RESERVATION_EXPIRED":
                return HoldEnded(released=False)
            if refusal.code in {"WRONG_RESERVATION_STATE", "NOT_FOUND"}:
                return HoldEnded(released=True)
            raise
        return _reservation(answer)

    async def release(self, order_id: str) -> None:
        """Give everything back."""
        request = inventory_pb2.ReleaseRequest(reservation_id=order_id)
        await self._peer.call(self._stub.Release, request, seconds=STOCK_SECONDS, tries=TRIES)


class Payments:
    """payment.v1.PaymentService; keys are the order's id and the operation."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer
        self._stub = payment_pb2_grpc.PaymentServiceStub(peer.channel)

    async def authorise(
        self,
        order_id: str,
        amount: tuple[int, str],
        *,
        token: str | None,
        method_id: str | None,
        customer_id: str | None,
    ) -> Authorisation:
        """Promise of the amount (minor units, currency), under one key for ever."""
        request = payment_pb2.AuthoriseRequest(
            order_id=order_id,
            amount=common_pb2.Money(minor_units=amount[0], currency=amount[1]),
            idempotency_key=_authorise_key(order_id),
            payment_token=token or "",
            payment_method_id=method_id or "",
            customer_id=customer_id or "",
        )
        answer: payment_pb2.OperationResult = await self._peer.call(
            self._stub.Authorise, request, seconds=AUTHORISE_SECONDS
        )
        return _authorisation(answer)

    async def authorisation(self, order_id: str) -> Authorisation | None:
        """What became of it; None when payment never heard of it, so nothing was charged."""
        request = payment_pb2.GetPaymentByKeyRequest(idempotency_key=_authorise_key(order_id))
        try:
            answer: payment_pb2.OperationResult = await self._peer.call(
                self._stub.GetPaymentByKey, request, seconds=LOOKUP_SECONDS, tries=TRIES
            )
        except Refusal as refusal:
            if refusal.code == "NOT_FOUND":
                return None
            raise
        return _authorisation(answer)

    async def void(self, order_id: str) -> None:
        """Give the promise back, also one that is still on its way."""
        request = payment_pb2.VoidRequest(order_id=order_id, idempotency_key=f"{order_id}:void:1")
        await self._peer.call(self._stub.Void, request, seconds=AUTHORISE_SECONDS)


def _authorise_key(order_id: str) -> str:
    return f"{order_id}:auth:1"


def _quote_problem(problems: Sequence[catalog_pb2.QuoteProblem]) -> OrderProblem:
    first = problems[0]
    code = ErrorCode(first.code) if first.code in set(ErrorCode) else ErrorCode.INVALID_INPUT
    details = [
        {
            "productId": problem.product_id or None,
            "variantId": problem.variant_id or None,
            "code": problem.code,
        }
        for problem in problems
    ]
    message = " ".join(problem.message for problem in problems)
    return OrderProblem(code, message, {"items": details})


def _reservation(answer: inventory_pb2.Reservation) -> Reservation:
    match answer.status:
        case inventory_pb2.HELD | inventory_pb2.COMMITTED | inventory_pb2.SHIPPED:
            return Held()
        case inventory_pb2.EXPIRED:
            return HoldEnded(released=False)
        case _:
            return HoldEnded(released=True)


def _authorisation(answer: payment_pb2.OperationResult) -> Authorisation:
    match answer.operation.status:
        case payment_pb2.SUCCEEDED if answer.payment.status == payment_pb2.VOIDED:
            return Declined("voided")
        case payment_pb2.SUCCEEDED:
            return Authorised()
        case payment_pb2.FAILED:
            return Declined(answer.operation.decline_code or "declined")
        case _ if answer.payment.status == payment_pb2.REQUIRES_ACTION:
            return ActionRequired()
        case _:
            return OutcomeUnknown()
