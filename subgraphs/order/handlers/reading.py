"""Who may see which order: its customer, who holds a guest's secret, or who may see all."""

from __future__ import annotations

import hmac
from collections.abc import Sequence

from subgraphs.chassis.caller import Caller
from subgraphs.chassis.refusal import Refusal
from subgraphs.order.domain import Order
from subgraphs.order.handlers.placing import token_hash
from subgraphs.order.handlers.resources import Resources
from subgraphs.order.store import reading

ALL_ORDERS = "order:read_all"
OWN_ORDERS = "order:read_own"


async def order_for(
    resources: Resources, caller: Caller, order_id: str, access_token: str | None
) -> Order | None:
    """The order, or None when there is none this caller may see."""
    order = (await reading.orders_by_id(resources.database, [order_id])).get(order_id)
    if order is None or may_see(caller, order):
        return order
    if access_token is None or order.customer_id is not None:
        return None
    digest = await reading.guest_token_hash(resources.database, order_id)
    matches = digest is not None and hmac.compare_digest(digest, token_hash(access_token))
    return order if matches else None


async def orders_for(
    resources: Resources, caller: Caller, *, ids: Sequence[str] = (), numbers: Sequence[str] = ()
) -> dict[str, Order]:
    """Those of the orders this caller may see, by id or number."""
    found: dict[str, Order] = {}
    if ids:
        found |= await reading.orders_by_id(resources.database, ids)
    if numbers:
        found |= await reading.orders_by_number(resources.database, numbers)
    return {key: order for key, order in found.items() if may_see(caller, order)}


def may_see(caller: Caller, order: Order) -> bool:
    """Its customer, with the scope for own orders, or who may see all."""
    if caller.has(ALL_ORDERS):
        return True
    is_own = caller.user_id is not None and caller.user_id == order.customer_id
    return is_own and caller.has(OWN_ORDERS)


def check_customer(caller: Caller, customer_id: str) -> None:
    """Raises Refusal FORBIDDEN unless the caller is this customer or may see all orders."""
    if caller.user_id != customer_id and not caller.has(ALL_ORDERS):
        raise Refusal("FORBIDDEN", "These are another customer's orders.")
