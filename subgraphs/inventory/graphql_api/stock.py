"""Stock levels and their ledger, as staff see them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry import Private

from subgraphs.chassis.cursors import checked_page, from_cursor, to_cursor
from subgraphs.chassis.refusal import Refusal
from subgraphs.chassis.value_types import PageInfo
from subgraphs.inventory.domain import MovementKind, Stock
from subgraphs.inventory.graphql_api.list_sizes import PAGED
from subgraphs.inventory.graphql_api.loads import InventoryInfo
from subgraphs.inventory.store.stock import LedgerEntry, count_stock, ledger_page, stock_page

if TYPE_CHECKING:
    from subgraphs.inventory.graphql_api.entities import Variant

strawberry.enum(MovementKind, name="StockMovementKind")


@strawberry.type
class StockMovement:
    """A line of the ledger."""

    id: strawberry.ID
    kind: MovementKind
    quantity: int
    reference: str | None
    actor_id: strawberry.ID | None
    at: datetime


@strawberry.type
class StockMovementEdge:
    """A line of the ledger and its place."""

    cursor: str
    node: StockMovement


@strawberry.type
class StockMovementConnection:
    """A page of the ledger."""

    edges: list[StockMovementEdge]
    page_info: PageInfo


@strawberry.type
class StockLevel:
    """Units of one variant."""

    on_hand: int
    reserved: int
    allocated: int
    available: int
    safety_stock: int
    stock: Private[Stock]

    @strawberry.federation.field(provides=["sku"])
    def variant(
        self,
    ) -> Annotated[Variant, strawberry.lazy("subgraphs.inventory.graphql_api.entities")]:
        """What is in stock."""
        from subgraphs.inventory.graphql_api.entities import Variant  # noqa: PLC0415 - a cycle

        return Variant.of(self.stock.variant_id, self.stock, None)

    @strawberry.federation.field(directives=[PAGED])
    async def movements(
        self, info: InventoryInfo, first: int = 20, after: str | None = None
    ) -> StockMovementConnection:
        """The ledger, newest first."""
        checked_page(first)
        before = _entry_id(after)
        found = await ledger_page(
            info.context.app.database, self.stock.variant_id, before=before, size=first + 1
        )
        edges = [_movement_edge(entry) for entry in found[:first]]
        return StockMovementConnection(
            edges=edges,
            page_info=_page_info(
                [edge.cursor for edge in edges], more=len(found) > first, after=after
            ),
        )


@strawberry.type
class StockLevelEdge:
    """A stock level and its place."""

    cursor: str
    node: StockLevel


@strawberry.type
class StockLevelConnection:
    """A page of stock levels."""

    edges: list[StockLevelEdge]
    page_info: PageInfo
    below_safety: Private[bool]

    @strawberry.field
    async def total_count(self, info: InventoryInfo) -> int:
        """How many there are."""
        return await count_stock(info.context.app.database, below_safety=self.below_safety)


def level_type(stock: Stock) -> StockLevel:
    """Stock as staff see it."""
    return StockLevel(
        on_hand=stock.on_hand,
        reserved=stock.reserved,
        allocated=stock.allocated,
        available=stock.available,
        safety_stock=stock.safety,
        stock=stock,
    )


async def stock_levels(
    info: InventoryInfo, first: int, after: str | None, *, below_safety: bool
) -> StockLevelConnection:
    """A page of stock levels by SKU."""
    checked_page(first)
    after_sku = "" if after is None else str(from_cursor(after, 1)[0])
    found = await stock_page(
        info.context.app.database, after_sku=after_sku, size=first + 1, below_safety=below_safety
    )
    edges = [
        StockLevelEdge(cursor=to_cursor(stock.sku), node=level_type(stock))
        for stock in found[:first]
    ]
    return StockLevelConnection(
        edges=edges,
        page_info=_page_info([edge.cursor for edge in edges], more=len(found) > first, after=after),
        below_safety=below_safety,
    )


def _entry_id(after: str | None) -> int | None:
    if after is None:
        return None
    (entry_id,) = from_cursor(after, 1)
    if not isinstance(entry_id, int):
        raise Refusal("INVALID_INPUT", "after: this cursor was not handed out by this list.")
    return entry_id


def _movement_edge(entry: LedgerEntry) -> StockMovementEdge:
    movement = StockMovement(
        id=strawberry.ID(str(entry.id)),
        kind=entry.kind,
        quantity=entry.quantity,
        reference=entry.reference,
        actor_id=strawberry.ID(entry.actor),
        at=entry.at,
    )
    return StockMovementEdge(cursor=to_cursor(entry.id), node=movement)


def _page_info(cursors: list[str], *, more: bool, after: str | None) -> PageInfo:
    return PageInfo(
        has_next_page=more,
        has_previous_page=after is not None,
        start_cursor=cursors[0] if cursors else None,
        end_cursor=cursors[-1] if cursors else None,
    )
