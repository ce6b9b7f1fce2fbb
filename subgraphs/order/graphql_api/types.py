"""What clients see of orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, TypeAlias

import strawberry
from strawberry import Private
from strawberry.types.info import Info

from subgraphs.chassis.cursors import checked_page, from_cursor, to_cursor
from subgraphs.chassis.directives import assumed_size, sliced_by
from subgraphs.chassis.entities import key_values
from subgraphs.chassis.money import decimal_text
from subgraphs.chassis.refusal import Refusal
from subgraphs.chassis.resolver_context import Context
from subgraphs.chassis.scalars import CountryCode, DecimalText
from subgraphs.chassis.value_types import MoneyType, PageInfo, money_of
from subgraphs.order.domain import (
    RETRYABLE,
    ErrorCode,
    Failure,
    Order,
    OrderStatus,
)
from subgraphs.order.graphql_api.inputs import OrderFilter, filter_of
from subgraphs.order.graphql_api.lines import OrderItem, item_type
from subgraphs.order.handlers.reading import check_customer, orders_for
from subgraphs.order.handlers.resources import Resources
from subgraphs.order.handlers.running import Sagas
from subgraphs.order.store import reading
from subgraphs.order.store.reading import Filter

strawberry.enum(OrderStatus, name="OrderStatus")
strawberry.enum(ErrorCode, name="ErrorCode")


class App:
    """What resolvers are given."""

    def __init__(self, resources: Resources, sagas: Sagas) -> None:
        self.resources = resources
        self.sagas = sagas


OrderInfo: TypeAlias = Info[Context[App], None]


@strawberry.federation.type(shareable=True)
class PostalAddress:
    """Where it is sent."""

    name: str
    line1: str
    line2: str | None
    city: str
    region: str | None
    postal_code: str
    country: CountryCode


@strawberry.type
class OrderFailure:
    """Why an order came to nothing."""

    code: ErrorCode
    message: str
    retryable: bool


@strawberry.federation.type(keys=["id", "number"], name="Order")
class OrderType:
    """An order."""

    id: strawberry.ID
    number: str
    status: OrderStatus
    total_amount: DecimalText
    currency: str
    items: list[OrderItem] = strawberry.federation.field(directives=[assumed_size(20)])
    placed_at: datetime
    updated_at: datetime
    version: int
    guest_access_token: str | None
    order: Private[Order]

    @strawberry.field
    def total(self) -> MoneyType:
        """What is paid."""
        return money_of(self.order.total, self.order.currency)

    @strawberry.field
    def customer(self) -> Annotated[User, strawberry.lazy(__name__)] | None:
        """Who ordered; null for guests."""
        customer_id = self.order.customer_id
        return User(id=strawberry.ID(customer_id)) if customer_id else None

    @strawberry.federation.field(requires_scopes=[["order:read_own"], ["order:read_all"]])
    def contact_email(self, info: OrderInfo) -> str:
        """Where news of the order is sent."""
        check_customer(info.context.caller, self.order.customer_id or "")
        return self.order.contact_email

    @strawberry.field
    def shipping_address(self) -> PostalAddress | None:
        """Where it is sent."""
        return PostalAddress(**self.order.address) if self.order.address else None

    @strawberry.field
    def failure(self) -> OrderFailure | None:
        """Why it was rejected."""
        return failure_type(self.order.failure)

    @classmethod
    async def resolve_references(
        cls, info: OrderInfo, representations: Sequence[Mapping[str, Any]]
    ) -> list[OrderType | None]:
        """Orders the caller may see, by id or number; others are as if there were none."""
        ids, by_id = key_values(representations, "id")
        numbers, by_number = key_values(representations, "number")
        found = await orders_for(
            info.context.app.resources, info.context.caller, ids=ids, numbers=numbers
        )
        types = {key: order_type(order) for key, order in found.items()}
        return [
            types.get(key or number or "") for key, number in zip(by_id, by_number, strict=True)
        ]


@strawberry.type
class OrderEdge:
    """An order and its place in the list."""

    cursor: str
    node: OrderType


@strawberry.type
class OrderConnection:
    """A page of a customer's orders."""

    edges: list[OrderEdge]
    page_info: PageInfo
    customer_id: Private[str]
    wanted: Private[Filter]

    @strawberry.field
    async def total_count(self, info: OrderInfo) -> int:
        """How many there are in all; counted only when asked."""
        database = info.context.app.resources.database
        return await reading.count_of(database, self.customer_id, self.wanted)


@strawberry.federation.type(keys=["id"], name="User")
class User:
    """A customer, with their orders."""

    id: strawberry.ID

    @strawberry.federation.field(
        requires_scopes=[["order:read_own"], ["order:read_all"]],
        directives=[sliced_by("first", sized=["edges"])],
    )
    async def orders(
        self,
        info: OrderInfo,
        first: int = 20,
        after: str | None = None,
        filter: OrderFilter | None = None,
    ) -> OrderConnection:
        """Newest first."""
        check_customer(info.context.caller, self.id)
        size = checked_page(first)
        wanted = filter_of(filter)
        database = info.context.app.resources.database
        orders = await reading.orders_of(database, self.id, wanted, _position(after), size + 1)
        return _connection(self.id, wanted, orders, size, is_first=after is None)

    @classmethod
    async def resolve_references(
        cls, info: OrderInfo, representations: Sequence[Mapping[str, Any]]
    ) -> list[User | None]:
        """Any id: whether there is such a user is account's to say."""
        del info
        _, by_item = key_values(representations, "id")
        return [cls(id=strawberry.ID(key)) if key else None for key in by_item]


def order_type(order: Order, guest_token: str | None = None) -> OrderType:
    """An order as GraphQL shows it."""
    return OrderType(
        id=strawberry.ID(order.id),
        number=order.number,
        status=order.status,
        total_amount=DecimalText(decimal_text(order.total, order.currency)),
        currency=order.currency,
        items=[item_type(item, order.currency) for item in order.lines],
        placed_at=order.placed_at,
        updated_at=order.updated_at,
        version=order.version,
        guest_access_token=guest_token,
        order=order,
    )


def failure_type(failure: Failure | None) -> OrderFailure | None:
    """A failure as GraphQL shows it."""
    if failure is None:
        return None
    return OrderFailure(
        code=failure.code, message=failure.message, retryable=failure.code in RETRYABLE
    )


def _connection(
    customer_id: str, wanted: Filter, orders: list[Order], size: int, *, is_first: bool
) -> OrderConnection:
    shown = orders[:size]
    edges = [
        OrderEdge(cursor=to_cursor(order.placed_at.isoformat(), order.id), node=order_type(order))
        for order in shown
    ]
    return OrderConnection(
        edges=edges,
        page_info=PageInfo(
            has_next_page=len(orders) > size,
            has_previous_page=not is_first,
            start_cursor=edges[0].cursor if edges else None,
            end_cursor=edges[-1].cursor if edges else None,
        ),
        customer_id=customer_id,
        wanted=wanted,
    )


def _position(after: str | None) -> tuple[datetime, str] | None:
    if after is None:
        return None
    moment, order_id = from_cursor(after, 2)
    try:
        return datetime.fromisoformat(str(moment)), str(order_id)
    except ValueError:
        raise Refusal(
            "INVALID_INPUT", "after: this cursor was not handed out by this list."
        ) from None
