"""The tables of the order database as SQLModel classes; db/order holds their migrations."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, DateTime, LargeBinary, func
from sqlalchemy.dialects.postgresql import CHAR, JSONB
from sqlmodel import Field, SQLModel


def _moment(*, default: bool = True) -> Column[Any]:
    made = func.now() if default else None
    return Column(DateTime(timezone=True), nullable=not default, server_default=made)


def _amount() -> Column[Any]:
    return Column(BigInteger, nullable=False)


class OrderRow(SQLModel, table=True):
    """One order. Amounts in minor units; subtotal + shipping + tax - discount = total."""

    __tablename__ = "orders"
    id: str = Field(primary_key=True)
    number: str = Field(unique=True)
    customer_id: str | None = None
    contact_email: str
    status: str
    currency: str = Field(sa_column=Column(CHAR(3), nullable=False))
    subtotal: int = Field(sa_column=_amount())
    discount: int = Field(default=0, sa_column=_amount())
    shipping: int = Field(default=0, sa_column=_amount())
    tax: int = Field(default=0, sa_column=_amount())
    total: int = Field(sa_column=_amount())
    address: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB))
    guest_token_hash: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    failure_code: str | None = None
    failure_message: str | None = None
    failure_details: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB))
    version: int = 1
    placed_at: datetime | None = Field(default=None, sa_column=_moment())
    updated_at: datetime | None = Field(default=None, sa_column=_moment())


class OrderLineRow(SQLModel, table=True):
    """A line: name, SKU and price as they were when the order was placed."""

    __tablename__ = "order_lines"
    id: str = Field(primary_key=True)
    order_id: str = Field(foreign_key="orders.id", ondelete="CASCADE")
    product_id: str
    variant_id: str
    sku: str
    name: str
    unit_minor: int = Field(sa_column=_amount())
    quantity: int
    tax_minor: int = Field(default=0, sa_column=_amount())
    fulfilled: int = 0


class OrderEventRow(SQLModel, table=True):
    """One entry of an order's history."""

    __tablename__ = "order_events"
    id: int | None = Field(default=None, sa_column=Column(BigInteger, primary_key=True))
    order_id: str = Field(foreign_key="orders.id", ondelete="CASCADE")
    at: datetime | None = Field(default=None, sa_column=_moment())
    kind: str
    message: str
    actor: str


class SagaRow(SQLModel, table=True):
    """How far a checkout has come. Who holds the lease works on it."""

    __tablename__ = "sagas"
    order_id: str = Field(primary_key=True, foreign_key="orders.id", ondelete="CASCADE")
    step: str
    status: str
    attempts: int = 0
    next_at: datetime | None = Field(default=None, sa_column=_moment())
    lease_token: str | None = None
    lease_until: datetime | None = Field(default=None, sa_column=_moment(default=False))
    deadline: datetime | None = Field(default=None, sa_column=_moment())
    data: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
