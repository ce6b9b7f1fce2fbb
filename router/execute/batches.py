"""From batches of representations to requests, and from the answers back to every place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from router.execute.answers import Understood, malformed
from router.execute.errors import SubgraphError
from router.execute.json_values import JSON, Value
from router.execute.merge import merge
from router.execute.places import Place, nearest_parent, objects_at
from router.execute.representations import Batch, gather
from router.execute.requests import EntityRequest
from router.execute.rewrites import apply_rewrites
from router.execute.served_schema import ServedSchema
from router.plan.nodes import EntityGroup, KeyRenamer

# A fetch may fail at thousands of places; a client reads the first ones.
MAX_PLACES_PER_ERROR = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """What one request asks for: for each group its batch, if it has any."""

    batches: tuple[tuple[EntityGroup, Batch | None], ...]
    variables: JSON

    def places(self) -> list[Place]:
        """Everywhere the answer goes to."""
        return [
            place
            for _, batch in self.batches
            if batch
            for target in batch.targets
            for place in target
        ]


def requests_for(request: EntityRequest, data: JSON, schema: ServedSchema) -> list[Asked]:
    """The requests to send: none when no group has representations, mostly one, and one more for
    each further set of context values.
    """
    gathered = [_gathered(group, request.subgraph, data, schema) for group in request.groups]
    return [
        Asked(
            tuple(zip(request.groups, batches, strict=True)),
            _variables(request.groups, batches, gathered),
        )
        for batches in zip_longest(*gathered)
    ]


def _gathered(group: EntityGroup, subgraph: str, data: JSON, schema: ServedSchema) -> list[Batch]:
    places = (place for path in group.paths for place in objects_at(data, path, schema.conditions))
    return gather(group, places, subgraph, schema.conditions, schema.keys)


def _variables(
    groups: tuple[EntityGroup, ...],
    batches: tuple[Batch | None, ...],
    gathered: list[list[Batch]],
) -> JSON:
    variables: JSON = {}
    for group, batch, all_batches in zip(groups, batches, gathered, strict=True):
        known = batch or (all_batches[0] if all_batches else None)
        variables |= known.context if known else {}
        variables[group.variable] = batch.representations if batch else []
    return variables


def take_entities(
    request: EntityRequest, asked: Asked, answer: Understood, schema: ServedSchema
) -> Iterator[SubgraphError]:
    """Merge the entities into their places; yields the errors, in the client's terms."""
    if answer.data is not None:
        for group, batch in asked.batches:
            if batch is not None:
                found = answer.data.get(group.alias)
                yield from _take_group(request, group, batch, found, answer, schema)
    for error in answer.errors:
        yield from _repathed(error, asked)


def _take_group(
    request: EntityRequest,
    group: EntityGroup,
    batch: Batch,
    entities: Value,
    answer: Understood,
    schema: ServedSchema,
) -> Iterator[SubgraphError]:
    if entities is None and answer.errors:
        return
    if not isinstance(entities, list) or len(entities) != len(batch.representations):
        said = f"{len(entities)}" if isinstance(entities, list) else "none"
        message = (
            f'Subgraph "{request.subgraph}" was asked for {len(batch.representations)} entities'
            f" and sent {said}."
        )
        yield malformed(request.subgraph, message, _parent(group, batch))
        return
    for wanted, entity, target in zip(batch.representations, entities, batch.targets, strict=True):
        if isinstance(entity, dict):
            typename = wanted["__typename"]
            apply_rewrites(entity, group.output_rewrites, typename, schema.conditions)
            for place in target:
                merge(place.value, entity, schema.conditions)
        elif entity is not None:
            message = f'Subgraph "{request.subgraph}" sent an entity that is not an object.'
            yield malformed(request.subgraph, message, tuple(target[0].path()))


def _parent(group: EntityGroup, batch: Batch) -> tuple[str | int, ...]:
    places = [place for target in batch.targets for place in target]
    return tuple(nearest_parent(places, group.paths[0]))


def _repathed(error: SubgraphError, asked: Asked) -> Iterator[SubgraphError]:
    """The error at each place of the entity it is about; else at the nearest common parent."""
    for group, batch in asked.batches:
        if batch is None or (error.path and error.path[0] != group.alias):
            continue
        index = error.path[1] if len(error.path) > 1 else None
        if isinstance(index, int) and 0 <= index < len(batch.targets):
            rest = renamed(error.path[2:], group)
            for place in batch.targets[index][:MAX_PLACES_PER_ERROR]:
                yield error.at((*place.path(), *rest))
        else:
            yield error.at(_parent(group, batch))
        return
    yield error.at(())


def renamed(path: tuple[str | int, ...], group: EntityGroup) -> tuple[str | int, ...]:
    """A path in the answer with the plan's own aliases undone."""
    names = {
        rewrite.path[-1]: rewrite.name
        for rewrite in group.output_rewrites
        if isinstance(rewrite, KeyRenamer)
    }
    return tuple(names.get(key, key) if isinstance(key, str) else key for key in path)
