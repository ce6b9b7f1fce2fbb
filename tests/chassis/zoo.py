"""A small schema with every kind of type, to run queries against."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from enum import Enum
from typing import Annotated, Any

import strawberry
from strawberry.types.info import Info

from subgraphs.chassis.federated_schema import build_schema, core_schema
from subgraphs.chassis.refusal import Refusal
from subgraphs.chassis.resolver_context import Context
from subgraphs.chassis.scalars import DecimalText, Long


@strawberry.enum
class Mood(Enum):
    """How a zoo is."""

    CALM = "calm"
    WILD = "wild"


@strawberry.interface
class Animal:
    """Lives in a zoo."""

    name: str
    age: int | None

    @strawberry.field
    def shout(self, times: int = 1) -> str:
        """Its name, loudly."""
        return self.name.upper() * times


@strawberry.type
class Cat(Animal):
    """Purrs."""

    price: DecimalText
    friends: list[Annotated[Animal, strawberry.lazy(__name__)]]


@strawberry.type
class Dog(Animal):
    """Barks."""

    born: datetime
    mood: Mood

    @strawberry.field
    async def owner(self, info: Info[Context[None], None]) -> str | None:
        """Asked of somebody."""
        await asyncio.sleep(0)
        return info.context.caller.user_id


Pet = Annotated[Cat | Dog, strawberry.union("Pet")]

TOM = Cat(name="Tom", age=3, price=DecimalText("1.50"), friends=[])
REX = Dog(name="Rex", age=None, born=datetime(2020, 1, 2, tzinfo=UTC), mood=Mood.WILD)
TOM.friends.append(REX)


@strawberry.federation.type(keys=["id"])
class Zoo:
    """Has animals."""

    id: strawberry.ID
    mood: Mood
    visitors: Long
    animals: list[Animal | None]
    grid: list[list[int]] | None

    secret: str | None = strawberry.federation.field(
        requires_scopes=[["zoo:read"]], default="behind the lions"
    )

    @strawberry.field
    async def star(self) -> Pet | None:
        """The one on the poster."""
        return TOM if self.id == "1" else None

    @strawberry.field
    def broken(self) -> str | None:
        """Fails in one zoo."""
        if self.id == "2":
            raise Refusal("BROKEN", "It is broken here.")
        return "fine"

    @classmethod
    async def resolve_references(
        cls, info: Info[Context[None], None], representations: Sequence[Mapping[str, Any]]
    ) -> list[Any]:
        del info
        return [zoo_of(item.get("id", "")) for item in representations]


def zoo_of(key: str) -> Any:
    if key == "refused":
        return Refusal("CLOSED", "Closed today.")
    if key not in {"1", "2"}:
        return None
    grid = [[1, 2], [3]] if key == "1" else None
    return Zoo(
        id=strawberry.ID(key),
        mood=Mood.CALM,
        visitors=Long(2**40),
        animals=[TOM, None, REX],
        grid=grid,
    )


@strawberry.type
class Query:
    """Read."""

    @strawberry.field
    async def zoos(self, first: int = 2) -> list[Zoo]:
        """All of them."""
        await asyncio.sleep(0)
        return [zoo_of(key) for key in ("1", "2")[:first]]

    @strawberry.field
    def zoo(self, key: strawberry.ID) -> Zoo | None:
        """One."""
        zoo: Zoo | None = zoo_of(key)
        return zoo

    @strawberry.field
    def pets(self) -> list[Pet]:
        """Of all zoos."""
        return [TOM, REX, TOM]

    @strawberry.field
    async def meet(self) -> int:
        """Waits for another to come."""
        async with asyncio.timeout(1):
            return await MEETING.wait()

    @strawberry.field
    def impossible(self) -> int:
        """Breaks its promise."""
        return None  # type: ignore[return-value]


MEETING = asyncio.Barrier(2)
SCHEMA = core_schema(build_schema(Query, types=[Zoo, Cat, Dog]))
