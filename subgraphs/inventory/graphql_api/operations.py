"""What can be asked of inventory and changed in it; the schema."""

from __future__ import annotations

from collections.abc import Awaitable

import strawberry

from subgraphs.chassis.federated_schema import build_schema
from subgraphs.inventory.domain import ErrorCode, Stock, StockProblem
from subgraphs.inventory.graphql_api.entities import Product, Variant
from subgraphs.inventory.graphql_api.list_sizes import PAGED
from subgraphs.inventory.graphql_api.loads import InventoryInfo
from subgraphs.inventory.graphql_api.stock import (
    StockLevel,
    StockLevelConnection,
    level_type,
    stock_levels,
)
from subgraphs.inventory.handlers.stock_levels import adjust_stock, set_safety_stock

strawberry.enum(ErrorCode, name="ErrorCode")


@strawberry.federation.type(shareable=True)
class UserError:
    """A rule the request broke."""

    code: ErrorCode
    message: str
    path: list[str] | None


@strawberry.type
class StockPayload:
    """The stock after a change, or why it was not changed."""

    stock: StockLevel | None
    user_errors: list[UserError]


@strawberry.input
class AdjustStockInput:
    """A correction of the units on hand."""

    variant_id: strawberry.ID
    delta: int
    reason: str
    idempotency_key: str


@strawberry.type
class Query:
    """What can be asked."""

    @strawberry.federation.field(
        requires_scopes=[["inventory:read"]], tags=["admin"], directives=[PAGED]
    )
    async def stock_levels(
        self,
        info: InventoryInfo,
        first: int = 50,
        after: str | None = None,
        below_safety_stock: bool | None = None,
    ) -> StockLevelConnection:
        """All stock by SKU, or what is low."""
        return await stock_levels(info, first, after, below_safety=bool(below_safety_stock))


@strawberry.type
class Mutation:
    """What staff can change."""

    @strawberry.federation.field(requires_scopes=[["inventory:write"]], tags=["admin"])
    async def adjust_stock(self, info: InventoryInfo, input: AdjustStockInput) -> StockPayload:
        """Correct the units on hand."""
        return await _payload(
            adjust_stock(
                info.context.app,
                input.variant_id,
                input.delta,
                reason=input.reason,
                key=input.idempotency_key,
                actor=info.context.caller.name,
            )
        )

    @strawberry.federation.field(requires_scopes=[["inventory:write"]], tags=["admin"])
    async def set_safety_stock(
        self, info: InventoryInfo, variant_id: strawberry.ID, quantity: int
    ) -> StockPayload:
        """Say from how many units on a variant is low."""
        return await _payload(set_safety_stock(info.context.app, variant_id, quantity))


async def _payload(change: Awaitable[Stock]) -> StockPayload:
    try:
        stock = await change
    except StockProblem as problem:
        path = list(problem.path) or None
        error = UserError(code=ErrorCode(problem.code), message=problem.message, path=path)
        return StockPayload(stock=None, user_errors=[error])
    return StockPayload(stock=level_type(stock), user_errors=[])


schema = build_schema(Query, Mutation, types=[Product, Variant])
