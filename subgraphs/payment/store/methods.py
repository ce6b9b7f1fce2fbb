"""Stored payment methods, through SQLModel."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Column, DateTime
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from subgraphs.payment.domain import CardMethod, PaymentMethod, WalletMethod


class PaymentMethodRow(SQLModel, table=True):
    """A card or wallet; `provider_token` is what the provider charges, never shown to anybody."""

    __tablename__ = "payment_methods"
    id: str = Field(primary_key=True)
    user_id: str
    kind: str
    provider_token: str
    label: str
    brand: str | None = None
    last4: str | None = None
    exp_month: int | None = None
    exp_year: int | None = None
    wallet: str | None = None
    created_at: datetime = Field(
        default_factory=lambda: datetime.now(UTC),
        sa_column=Column(DateTime(timezone=True), nullable=False),
    )


async def methods(session: AsyncSession, ids: Sequence[str]) -> dict[str, PaymentMethod]:
    """The methods with these ids, by id."""
    rows = await session.exec(select(PaymentMethodRow).where(col(PaymentMethodRow.id).in_(ids)))
    return {row.id: _method(row) for row in rows}


async def methods_of(
    session: AsyncSession, user_ids: Sequence[str]
) -> dict[str, list[PaymentMethod]]:
    """Each user's methods, oldest first."""
    found: dict[str, list[PaymentMethod]] = {key: [] for key in user_ids}
    statement = (
        select(PaymentMethodRow)
        .where(col(PaymentMethodRow.user_id).in_(user_ids))
        .order_by(col(PaymentMethodRow.created_at), col(PaymentMethodRow.id))
    )
    for row in await session.exec(statement):
        found[row.user_id].append(_method(row))
    return found


async def provider_token(session: AsyncSession, method_id: str, user_id: str) -> str | None:
    """What the provider charges for this user's method; None when they have no such method."""
    row = await session.get(PaymentMethodRow, method_id)
    return row.provider_token if row is not None and row.user_id == user_id else None


def _method(row: PaymentMethodRow) -> PaymentMethod:
    if row.kind == "CARD":
        return CardMethod(
            id=row.id,
            user_id=row.user_id,
            label=row.label,
            created_at=row.created_at,
            brand=row.brand or "",
            last4=row.last4 or "",
            exp_month=row.exp_month or 0,
            exp_year=row.exp_year or 0,
        )
    return WalletMethod(row.id, row.user_id, row.label, row.created_at, row.wallet or "")
