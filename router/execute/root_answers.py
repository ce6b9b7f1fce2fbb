"""The answer to a root fetch, put where it belongs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from graphql import FieldNode, InlineFragmentNode, OperationDefinitionNode, SelectionNode, parse

from router.execute.answers import Understood
from router.execute.errors import SubgraphError
from router.execute.json_values import JSON
from router.execute.merge import merge
from router.execute.places import nearest_parent, objects_at
from router.execute.requests import RootRequest
from router.execute.rewrites import apply_rewrites, client_path, renamed_keys
from router.execute.served_schema import ServedSchema


def take_root(
    request: RootRequest, answer: Understood, data: JSON, schema: ServedSchema
) -> Iterator[SubgraphError]:
    """Merge the answer at its path; yields the errors, in the client's terms."""
    places = objects_at(data, request.path, schema.conditions)
    if answer.data is not None:
        apply_rewrites(answer.data, request.rewrites, None, schema.conditions)
        for place in places:
            merge(place.value, answer.data, schema.conditions)
    parent = tuple(nearest_parent(places, request.path))
    names = renamed_keys(request.rewrites)
    for error in answer.errors:
        if error.path:
            yield error.at((*parent, *client_path(error.path, names)))
        elif answer.data is not None:
            yield error.at(parent)
        else:
            for key in failed_root_fields(request.operation):
                yield error.at((*parent, names.get(key, key)))


@lru_cache(maxsize=1024)
def failed_root_fields(operation: str) -> tuple[str, ...]:
    """The response keys that a fetch which failed as a whole leaves empty."""
    found: dict[str, None] = {}
    for definition in parse(operation, no_location=True).definitions:
        if isinstance(definition, OperationDefinitionNode):
            _collect(definition.selection_set.selections, found)
    return tuple(found)


def _collect(selections: tuple[SelectionNode, ...], found: dict[str, None]) -> None:
    for node in selections:
        match node:
            case FieldNode():
                found[node.alias.value if node.alias else node.name.value] = None
            case InlineFragmentNode():
                _collect(node.selection_set.selections, found)
