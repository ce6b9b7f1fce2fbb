"""From batches of representations to requests, and from the answers back to every place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from router.execute.answers import Understood, malformed
from router.execute.errors import ErrorPath, SubgraphError
from router.execute.json_values import JSON, Value
from router.execute.merge import merge
from router.execute.places import Place, nearest_parent, objects_at
from router.execute.representations import Batch, gather
from router.execute.requests import EntityRequest
from router.execute.rewrites import apply_rewrites, client_path, renamed_keys
from router.execute.served_schema import ServedSchema
from router.execute.static_types import StaticTypes
from router.plan.nodes import EntityGroup

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


def requests_for(request: EntityRequest, data: JSON, static_types: StaticTypes) -> list[Asked]:
    """The requests to send: none when no group has representations, mostly one, and one more for
    each further set of context values.
    """
    gathered = [_gathered(group, request.subgraph, data, static_types) for group in request.groups]
    return [
        Asked(
            tuple(zip(request.groups, batches, strict=True)),
            _variables(request.groups, batches, gathered),
        )
        for batches in zip_longest(*gathered)
    ]


def _gathered(
    group: EntityGroup, subgraph: str, data: JSON, static_types: StaticTypes
) -> list[Batch]:
    conditions = static_types.operation.schema.conditions
    places = (place for path in group.paths for place in objects_at(data, path, conditions))
    return gather(group, places, subgraph, static_types)


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
                for error in _take_group(request, group, batch, found, answer, schema):
                    yield from repathed(error, asked)
    for error in answer.errors:
        yield from repathed(error, asked)


def _take_group(
    request: EntityRequest,
    group: EntityGroup,
    batch: Batch,
    entities: Value,
    answer: Understood,
    schema: ServedSchema,
) -> Iterator[SubgraphError]:
    """Merge the entities of a group; yields errors in the subgraph's terms.

    An answer is told from others by its place in the list alone, so that what calls itself by the
    name of another type is not joined: it may be the answer to another question.
    """
    if entities is None and answer.errors:
        return
    if not isinstance(entities, list) or len(entities) != len(batch.representations):
        said = f"{len(entities)}" if isinstance(entities, list) else "none"
        message = (
            f'Subgraph "{request.subgraph}" was asked for {len(batch.representations)} entities'
            f" and sent {said}."
        )
        yield malformed(request.subgraph, message, (group.alias,))
        return
    for index, (wanted, entity) in enumerate(zip(batch.representations, entities, strict=True)):
        typename = wanted["__typename"]
        if entity is None:
            continue
        if not isinstance(entity, dict):
            message = f'Subgraph "{request.subgraph}" sent an entity that is not an object.'
        elif not schema.conditions.may_call_itself(entity.get("__typename"), typename):
            message = f'Subgraph "{request.subgraph}" {_other_type(entity, typename, schema)}.'
        else:
            apply_rewrites(entity, group.output_rewrites, typename, schema.conditions)
            for place in batch.targets[index]:
                merge(place.value, entity, schema.conditions)
            continue
        yield malformed(request.subgraph, message, (group.alias, index))


def _other_type(entity: JSON, wanted: str, schema: ServedSchema) -> str:
    """What went wrong, without the names of types that clients cannot see."""
    said, api = entity["__typename"], schema.api
    if api.get_type(wanted) and isinstance(said, str) and api.get_type(said):
        return f"was asked for an entity of type {wanted} and sent one of type {said}"
    return "sent an entity of another type than it was asked for"


def _parent(group: EntityGroup, batch: Batch) -> ErrorPath:
    places = [place for target in batch.targets for place in target]
    return tuple(nearest_parent(places, group.paths[0]))


def repathed(error: SubgraphError, asked: Asked) -> Iterator[SubgraphError]:
    """The error at each place of the entity it is about; else at the nearest common parent."""
    for group, batch in asked.batches:
        if batch is None or (error.path and error.path[0] != group.alias):
            continue
        index = error.path[1] if len(error.path) > 1 else None
        if isinstance(index, int) and 0 <= index < len(batch.targets):
            rest = client_path(error.path[2:], renamed_keys(group.output_rewrites))
            for place in batch.targets[index][:MAX_PLACES_PER_ERROR]:
                yield error.at((*place.path(), *rest))
        else:
            yield error.at(_parent(group, batch))
        return
    yield error.at(())
