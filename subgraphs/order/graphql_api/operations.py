"""Query and Mutation of order, and the schema."""

from __future__ import annotations

import strawberry
from strawberry.federation.schema_directives import Cost

from subgraphs.chassis.federated_schema import build_schema
from subgraphs.chassis.refusal import Refusal
from subgraphs.order.domain import OrderProblem
from subgraphs.order.graphql_api.inputs import CreateOrderInput, request_of
from subgraphs.order.graphql_api.types import OrderInfo, OrderType, User, order_type
from subgraphs.order.handlers.placing import create_order
from subgraphs.order.handlers.reading import order_for


@strawberry.type
class Query:
    """What can be asked."""

    @strawberry.field
    async def order(
        self, info: OrderInfo, id: strawberry.ID, access_token: str | None = None
    ) -> OrderType | None:
        """One order: the caller's own, or a guest's with its secret."""
        app = info.context.app
        order = await order_for(app.resources, info.context.caller, id, access_token)
        return order_type(order) if order else None


@strawberry.type
class Mutation:
    """What can be changed."""

    @strawberry.federation.field(directives=[Cost(weight=100)])
    async def create_order(self, info: OrderInfo, input: CreateOrderInput) -> OrderType | None:
        """Buy now, without a cart."""
        app = info.context.app
        try:
            placed = await create_order(
                app.resources, app.sagas, info.context.caller, request_of(input)
            )
        except OrderProblem as problem:
            raise Refusal(problem.code.value, problem.message, problem.details) from problem
        return order_type(placed.order, placed.guest_token)


schema = build_schema(Query, Mutation, types=[User])
