"""By which fields each subgraph knows an entity, and whether a representation holds such a key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graphql import FieldNode, InlineFragmentNode, NonNullTypeNode, SelectionSetNode

from router.execute.json_values import JSON, Value
from router.federation.field_set import parse_field_set
from router.supergraph.model import Supergraph, Type
from router.supergraph.type_names import innermost

Leaf = tuple[tuple[str, ...], bool]  # the way to a key's leaf, and whether it may be null
Key = tuple[Leaf, ...]


@dataclass(frozen=True, slots=True)
class EntityKeys:
    """The keys of each entity type, by (subgraph name, type name)."""

    by_subgraph_and_type: Mapping[tuple[str, str], tuple[Key, ...]]

    def identify(self, subgraph: str, representation: JSON) -> bool:
        """Whether the representation has at least one key of its type in the subgraph.

        A key whose every value is null, or with a null where the schema promises a value,
        identifies nothing. Where no key is known the representation is taken as it is.
        """
        keys = self.by_subgraph_and_type.get((subgraph, representation.get("__typename", "")), ())
        return not keys or any(_holds(representation, key) for key in keys)


def _holds(representation: JSON, key: Key) -> bool:
    has_value = False
    for path, may_be_null in key:
        is_there, value = _at(representation, path)
        if not is_there or (value is None and not may_be_null):
            return False
        has_value = has_value or value is not None
    return has_value


def _at(value: Value, path: tuple[str, ...]) -> tuple[bool, Value]:
    for element in path:
        if isinstance(value, list):
            return True, value
        if value is None:
            return True, None
        if not isinstance(value, dict) or element not in value:
            return False, None
        value = value[element]
    return True, value


def entity_keys(supergraph: Supergraph) -> EntityKeys:
    """Read the keys from the supergraph's `@join__type(key:)`."""
    found: dict[tuple[str, str], dict[Key, None]] = {}
    for owner in supergraph.types.values():
        for join in owner.joins:
            if join.key is not None:
                name = supergraph.subgraphs[join.graph].name
                key = tuple(_leaves(parse_field_set(join.key), owner, supergraph))
                found.setdefault((name, owner.name), {})[key] = None
    return EntityKeys({place: tuple(keys) for place, keys in found.items()})


def _leaves(
    selections: SelectionSetNode, owner: Type | None, supergraph: Supergraph
) -> Iterator[Leaf]:
    for node in selections.selections:
        if isinstance(node, InlineFragmentNode):
            yield from _leaves(node.selection_set, owner, supergraph)
        elif isinstance(node, FieldNode) and node.name.value != "__typename":
            name = node.name.value
            field = owner.fields.get(name) if owner else None
            may_be_null = field is None or not isinstance(field.type, NonNullTypeNode)
            if node.selection_set is None:
                yield (name,), may_be_null
                continue
            inner = supergraph.types.get(innermost(field.type)) if field else None
            for path, inner_may_be_null in _leaves(node.selection_set, inner, supergraph):
                yield (name, *path), may_be_null or inner_may_be_null
