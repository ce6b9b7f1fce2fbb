"""What is @external in a Federation 1 subgraph, as Federation 2 understands the word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from graphql import FieldNode

from router.compose.externals import Coordinate, Externals, externals_of
from router.compose.subgraph import Subgraph
from router.federation.field_set import FieldSetError, parse_field_set


@dataclass(frozen=True, slots=True)
class FirstExternals:
    """What is external in a subgraph, as Federation 1 means it.

    `elsewhere` are the fields that other subgraphs resolve.
    """

    subgraph: Subgraph
    found: Externals
    tags: set[tuple[str, str, str]]
    implied: frozenset[Coordinate]
    elsewhere: frozenset[Coordinate]

    def is_external(self, type_name: str, field_name: str) -> bool:
        """Whether another subgraph resolves the field, and none of the reasons to ignore that."""
        at = (type_name, field_name)
        return at in self.found.marked and not self._is_own_key(at)

    def is_unused(self, type_name: str, field_name: str) -> bool:
        """Whether nothing in the subgraph asks for the external field."""
        at = (type_name, field_name)
        return self.is_external(*at) and at not in self.found.used

    def _is_own_key(self, at: Coordinate) -> bool:
        """Key fields of an extension, though not what is nested in them."""
        type_ = self.subgraph.types[at[0]]
        refers = type_.is_extension or any(map(type_.extends_with, type_.all_applied("key")))
        return at in self.implied or (refers and at in self.found.own_keys)


def first_externals(
    subgraph: Subgraph, subgraphs: Sequence[Subgraph], resolved: Mapping[str, frozenset[Coordinate]]
) -> FirstExternals:
    """Those of one subgraph, knowing all of them; `resolved` are the fields that each resolves."""
    elsewhere = (found for name, found in resolved.items() if name != subgraph.name)
    return FirstExternals(
        subgraph,
        externals_of(subgraph),
        _tags_elsewhere(subgraph, subgraphs),
        frozenset(_implied_keys(subgraph, subgraphs)),
        frozenset().union(*elsewhere),
    )


def _tags_elsewhere(subgraph: Subgraph, subgraphs: Sequence[Subgraph]) -> set[tuple[str, str, str]]:
    """(type, field, tag) of every other subgraph's tagged fields."""
    return {
        (type_.name, field.name, tag.text("name"))
        for other in subgraphs
        if other.name != subgraph.name
        for type_ in other.types.values()
        for field in type_.fields.values()
        for tag in field.all_applied("tag")
    }


def _implied_keys(subgraph: Subgraph, subgraphs: Sequence[Subgraph]) -> Iterator[Coordinate]:
    """The fields by which extensions without a key refer to entities of others, all the same."""
    for type_ in subgraph.types.values():
        if not type_.is_extension or type_.applied("key"):
            continue
        others = (other.types.get(type_.name) for other in subgraphs if other.name != subgraph.name)
        for key in (key for other in others if other for key in other.all_applied("key")):
            try:
                selections = parse_field_set(key.text("fields")).selections
            except FieldSetError:
                continue
            for node in selections:
                if isinstance(node, FieldNode):
                    yield type_.name, node.name.value
