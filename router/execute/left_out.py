"""Fields that a subgraph was asked for and left out, which no GraphQL response may do.

https://spec.graphql.org/October2021/#sec-Value-Completion: a field without a value is null, and is
there. Who leaves it out is told; the client gets null in its place. This is looked into only where
something that the client selected is in no answer at all, so that it costs good answers nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from graphql import (
    FieldNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    get_named_type,
    is_object_type,
    parse,
)

from router.execute.answers import Understood, malformed
from router.execute.batches import Asked, repathed
from router.execute.errors import ErrorPath, SubgraphError
from router.execute.json_values import JSON, Value
from router.execute.places import nearest_parent, objects_at
from router.execute.prepared import PreparedOperation
from router.execute.requests import EntityRequest, RootRequest
from router.execute.rewrites import apply_rewrites, renamed_keys
from router.execute.served_schema import ServedSchema
from router.execute.shape import Selections, Shape, ShapeField

# What one answer lacks at thousands of places is told at the first ones.
MAX_PER_ANSWER = 100
Read = Callable[[], Understood]


@dataclass(frozen=True, slots=True)
class Taken:
    """An answer that has been merged, and what it answers: entities, or else something at a path.

    `read` reads it once more: what is read takes several times the memory of what was sent, and is
    seldom needed.
    """

    request: RootRequest | EntityRequest
    asked: Asked | None
    read: Read


def left_out(
    operation: PreparedOperation,
    taken: Taken,
    variables: JSON,
    data: JSON,
    errors: list[SubgraphError],
) -> list[SubgraphError]:
    """An error for each field that an answer lacks, in the client's terms.

    None for what one of `errors` by the same subgraph explains: at the place, or above it.
    """
    names = operation.boolean_names
    booleans = {name: variables.get(name) is True for name in names}
    selections = Selections(operation.schema.api, {}, booleans)
    lacks = _lacking_entities if taken.asked else _lacking
    subgraph = taken.request.subgraph
    known = {error.path for error in errors if error.subgraph == subgraph}
    found: list[SubgraphError] = []
    for error in lacks(operation.schema, taken, selections, data):
        if not any(error.path[:length] in known for length in range(len(error.path) + 1)):
            found.append(error)
            if len(found) >= MAX_PER_ANSWER:
                break
    return found


def _lacking(
    schema: ServedSchema, taken: Taken, selections: Selections, data: JSON
) -> Iterator[SubgraphError]:
    request, answer = taken.request, taken.read().data
    if answer is None or not isinstance(request, RootRequest):
        return
    apply_rewrites(answer, request.rewrites, None, schema.conditions)
    node = _definition(request.operation)
    root = schema.api.get_root_type(node.operation)
    shape = Shape(selections, (node.selection_set,))
    parent = nearest_parent(objects_at(data, request.path, schema.conditions), request.path)
    search = _Search(schema, request.subgraph, renamed_keys(request.rewrites))
    for error in search.in_object(shape, root.name if root else "", answer, ()):
        yield error.at((*parent, *error.path))


def _lacking_entities(
    schema: ServedSchema, taken: Taken, selections: Selections, _data: JSON
) -> Iterator[SubgraphError]:
    request, asked, answer = taken.request, taken.asked, taken.read().data
    if answer is None or asked is None:
        return
    sets = _by_alias(request.operation)
    for group, batch in asked.batches:
        entities = answer.get(group.alias)
        if batch is None or not isinstance(entities, list):
            continue
        shape = Shape(selections, (sets[group.alias],))
        search = _Search(schema, request.subgraph, renamed_keys(group.output_rewrites))
        for index, (wanted, entity) in enumerate(
            zip(batch.representations, entities, strict=False)
        ):
            if isinstance(entity, dict):
                typename = wanted["__typename"]
                apply_rewrites(entity, group.output_rewrites, typename, schema.conditions)
                typename = search.truer(typename, entity)
                for error in search.in_object(shape, typename, entity, (group.alias, index)):
                    yield from repathed(error, asked)


@dataclass(frozen=True, slots=True)
class _Search:
    """`names` are the client's keys of those that the plan calls something else."""

    schema: ServedSchema
    subgraph: str
    names: Mapping[str, str] = field(default_factory=dict)

    def in_object(
        self, shape: Shape, typename: str, raw: JSON, path: ErrorPath
    ) -> Iterator[SubgraphError]:
        """What an object of the type lacks, and the objects in it."""
        for entry in shape.fields(typename):
            key = self.names.get(entry.key, entry.key)
            if entry.name == "__typename":
                continue
            if key not in raw:
                yield self._error(entry, path, key)
            elif entry.shape is not None:
                yield from self._in_value(entry, entry.shape, raw[key], (*path, key))

    def _in_value(
        self, entry: ShapeField, shape: Shape, value: Value, path: ErrorPath
    ) -> Iterator[SubgraphError]:
        if isinstance(value, list):
            for index, item in enumerate(value):
                yield from self._in_value(entry, shape, item, (*path, index))
        elif isinstance(value, dict) and entry.type is not None:
            kind = get_named_type(entry.type)
            typename = kind.name if is_object_type(kind) else self.truer(kind.name, value)
            yield from self.in_object(shape, typename, value, path)

    def truer(self, typename: str, value: JSON) -> str:
        """The type that an object says it has, where it may be of that type."""
        said = value.get("__typename")
        is_of_type = isinstance(said, str) and self.schema.conditions.holds(said, typename)
        return str(said) if is_of_type else typename

    def _error(self, entry: ShapeField, path: ErrorPath, key: str) -> SubgraphError:
        """What clients cannot see has no name, and no place of its own."""
        if entry.type is None:
            message = f'Subgraph "{self.subgraph}" left out a field that it was asked for.'
            return malformed(self.subgraph, message, path)
        message = f'Subgraph "{self.subgraph}" was asked for {entry.coordinate} and left it out.'
        return malformed(self.subgraph, message, (*path, key))


@lru_cache(maxsize=1024)
def _definition(operation: str) -> OperationDefinitionNode:
    for definition in parse(operation, no_location=True).definitions:
        if isinstance(definition, OperationDefinitionNode):
            return definition
    raise AssertionError("a request without an operation")


def _by_alias(operation: str) -> dict[str, SelectionSetNode]:
    """What is selected of the entities of each group."""
    found: dict[str, SelectionSetNode] = {}
    _collect(_definition(operation).selection_set.selections, found)
    return found


def _collect(selections: tuple[SelectionNode, ...], found: dict[str, SelectionSetNode]) -> None:
    for node in selections:
        if isinstance(node, FieldNode) and node.selection_set is not None:
            found[node.alias.value if node.alias else node.name.value] = node.selection_set
        elif isinstance(node, InlineFragmentNode):
            _collect(node.selection_set.selections, found)
