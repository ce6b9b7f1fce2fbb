"""Query._entities: representations grouped by type, one load per type, one error per bad item.

https://www.apollographql.com/docs/graphos/schema-design/federated-schemas/reference/subgraph-spec
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from graphql import GraphQLResolveInfo
from strawberry.types.info import Info

from subgraphs.chassis.refusal import Refusal

Representation = Mapping[str, Any]
Loader = Callable[[Info[Any, Any], Sequence[Representation]], Awaitable[Sequence[Any]]]

LARGEST_BATCH = 5_000


def entities_resolver(loaders: Mapping[str, Loader]) -> Callable[..., Awaitable[list[Any]]]:
    """The resolver of Query._entities over the loaders of a schema's entity types."""

    async def resolve(
        _source: object, info: GraphQLResolveInfo[Any], representations: list[Any]
    ) -> list[Any]:
        if len(representations) > LARGEST_BATCH:
            raise Refusal(
                "INVALID_INPUT", f"_entities takes at most {LARGEST_BATCH} representations."
            )
        answers: list[Any] = [None] * len(representations)
        places: dict[str, list[int]] = {}
        for place, item in enumerate(representations):
            name = item.get("__typename") if isinstance(item, dict) else None
            if isinstance(name, str) and name in loaders:
                places.setdefault(name, []).append(place)
            else:
                answers[place] = _not_an_entity(name)
        field = info.parent_type.fields[info.field_name].extensions["strawberry-definition"]
        shown: Info[Any, Any] = Info(_raw_info=info, _field=field)
        loads = [
            _load(loaders[name], shown, where, representations, answers)
            for name, where in places.items()
        ]
        if len(loads) == 1:
            await loads[0]
        else:
            await asyncio.gather(*loads)
        return answers

    return resolve


async def _load(
    loader: Loader,
    info: Info[Any, Any],
    places: list[int],
    representations: list[Any],
    answers: list[Any],
) -> None:
    """Fill `answers` at `places`; what the loader raises is the error of each of them."""
    try:
        loaded = await loader(info, [representations[place] for place in places])
    except Exception as error:  # noqa: BLE001 - becomes the items' error, masked further out
        loaded = [error] * len(places)
    if len(loaded) != len(places):
        wrong = TypeError(f"resolve_references answered {len(loaded)} of {len(places)} items")
        loaded = [wrong] * len(places)
    for place, entity in zip(places, loaded, strict=True):
        answers[place] = entity


def _not_an_entity(name: object) -> Refusal:
    if not isinstance(name, str):
        return Refusal("INVALID_INPUT", "A representation is an object with a __typename.")
    return Refusal("INVALID_INPUT", f'"{name[:80]}" is not an entity of this subgraph.')


def key_values(
    representations: Sequence[Representation], field: str
) -> tuple[list[str], list[str | None]]:
    """The distinct values of a key field, and its value (or None) for each representation.

    For loaders: `wanted, by_item = key_values(representations, "id")`, then one query for
    `wanted` and a look-up per item.
    """
    by_item = [
        value if isinstance(value := item.get(field), str) else None for item in representations
    ]
    return list(dict.fromkeys(value for value in by_item if value is not None)), by_item
