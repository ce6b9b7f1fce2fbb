"""The lines of an order, and what they point at in catalog."""

from __future__ import annotations

import strawberry
from strawberry import Private

from subgraphs.chassis.directives import reference_key
from subgraphs.chassis.money import decimal_text
from subgraphs.chassis.scalars import DecimalText
from subgraphs.chassis.value_types import MoneyType, money_of
from subgraphs.order.domain import OrderLine


@strawberry.federation.type(name="Product", keys=[reference_key("id")])
class ProductReference:
    """A product of catalog."""

    id: strawberry.ID


@strawberry.federation.type(name="Variant", keys=[reference_key("id")])
class VariantReference:
    """A variant of catalog; its SKU never changes, so the copy here is right."""

    id: strawberry.ID
    sku: str = strawberry.federation.field(external=True)


@strawberry.type
class OrderItem:
    """A line of an order, as it was bought."""

    id: strawberry.ID
    product_id: strawberry.ID
    name: str
    quantity: int
    price: DecimalText
    fulfilled_quantity: int
    variant_id: Private[str]
    sku: Private[str]
    total_minor: Private[int]
    currency: Private[str]

    @strawberry.field
    def product(self) -> ProductReference | None:
        """As it is today, which may differ from what was bought."""
        return ProductReference(id=self.product_id)

    @strawberry.federation.field(provides=["sku"])
    def variant(self) -> VariantReference:
        """What exactly was bought."""
        return VariantReference(id=strawberry.ID(self.variant_id), sku=self.sku)

    @strawberry.field
    def line_total(self) -> MoneyType:
        """Unit price times quantity."""
        return money_of(self.total_minor, self.currency)


def item_type(item: OrderLine, currency: str) -> OrderItem:
    """A line as GraphQL shows it."""
    line = item.line
    return OrderItem(
        id=strawberry.ID(item.id),
        product_id=strawberry.ID(line.product_id),
        name=line.name,
        quantity=line.quantity,
        price=DecimalText(decimal_text(line.unit_minor, currency)),
        fulfilled_quantity=item.fulfilled,
        variant_id=line.variant_id,
        sku=line.sku,
        total_minor=line.total_minor,
        currency=currency,
    )
