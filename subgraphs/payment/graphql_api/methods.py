"""Stored payment methods: an entity interface, its kinds, and the users who have them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, assert_never

import strawberry
from strawberry.dataloader import DataLoader

from subgraphs.chassis.entities import key_values
from subgraphs.chassis.refusal import Refusal
from subgraphs.payment import domain
from subgraphs.payment.graphql_api.access import PaymentInfo, forbidden, may_see
from subgraphs.payment.graphql_api.list_sizes import assumed
from subgraphs.payment.store import methods as store


@strawberry.federation.interface(keys=["id"])
class PaymentMethod:
    """What somebody can pay with again."""

    id: strawberry.ID
    label: str
    created_at: datetime

    @classmethod
    async def resolve_references(
        cls, info: PaymentInfo, representations: Sequence[Mapping[str, Any]]
    ) -> list[PaymentMethod | Refusal | None]:
        """One statement for all methods of a request, asked for by interface or by kind."""
        wanted, by_item = key_values(representations, "id")
        async with info.context.app.database.session() as session:
            found = await store.methods(session, wanted)
        return [_visible(info, cls, found.get(key or "")) for key in by_item]


@strawberry.federation.type(keys=["id"])
class CardMethod(PaymentMethod):
    """A card."""

    brand: str
    last4: str
    exp_month: int
    exp_year: int


@strawberry.federation.type(keys=["id"])
class WalletMethod(PaymentMethod):
    """A wallet."""

    provider: str


@strawberry.federation.type(keys=["id"])
class User:
    """A user of the account service."""

    id: strawberry.ID

    @strawberry.federation.field(requires_scopes=[["payment:own"]], directives=[assumed(5)])
    async def payment_methods(self, info: PaymentInfo) -> list[PaymentMethod]:
        """One's own methods, oldest first."""
        if info.context.caller.user_id != self.id:
            raise forbidden()
        return [_method_type(item) for item in await _methods_of(info).load(self.id)]

    @classmethod
    async def resolve_references(
        cls, info: PaymentInfo, representations: Sequence[Mapping[str, Any]]
    ) -> list[User | None]:
        """Whoever account says there is."""
        del info
        _, by_item = key_values(representations, "id")
        return [None if key is None else cls(id=strawberry.ID(key)) for key in by_item]


def _visible(
    info: PaymentInfo, kind: type[PaymentMethod], method: domain.PaymentMethod | None
) -> PaymentMethod | Refusal | None:
    if method is None:
        return None
    if not may_see(info, method.user_id):
        return forbidden()
    shown = _method_type(method)
    return shown if isinstance(shown, kind) else None


def _method_type(method: domain.PaymentMethod) -> PaymentMethod:
    match method:
        case domain.CardMethod():
            return CardMethod(
                id=strawberry.ID(method.id),
                label=method.label,
                created_at=method.created_at,
                brand=method.brand,
                last4=method.last4,
                exp_month=method.exp_month,
                exp_year=method.exp_year,
            )
        case domain.WalletMethod():
            return WalletMethod(
                id=strawberry.ID(method.id),
                label=method.label,
                created_at=method.created_at,
                provider=method.provider,
            )
        case _:
            assert_never(method)


def _methods_of(info: PaymentInfo) -> DataLoader[str, list[domain.PaymentMethod]]:
    """Methods by user, gathered over the fields of one request."""
    database, loads = info.context.app.database, info.context.loads

    async def load(ids: Sequence[str]) -> list[list[domain.PaymentMethod]]:
        async with database.session() as session:
            found = await store.methods_of(session, ids)
        return [found[key] for key in ids]

    if "methods_of" not in loads:
        loads["methods_of"] = DataLoader[str, list[domain.PaymentMethod]](load_fn=load)
    loader: DataLoader[str, list[domain.PaymentMethod]] = loads["methods_of"]
    return loader
