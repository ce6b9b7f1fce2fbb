"""Which fields a subgraph has only as others' (@external), and which of those it has a use for.

https://www.apollographql.com/docs/graphos/reference/federation/directives#external
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from router.compose.context_selections import read_context_value
from router.compose.field_sets import Selected, read_field_set
from router.compose.subgraph import FieldDefinition, Subgraph, TypeDefinition
from router.supergraph.model import Kind
from router.supergraph.type_names import innermost

Coordinate = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Externals:
    """Pairs (type, field). `marked` carry @external; `own_keys` of them are resolved here all the
    same, being key fields of a type extension; `used` are needed by a field set or an interface.
    """

    marked: frozenset[Coordinate]
    own_keys: frozenset[Coordinate]
    used: frozenset[Coordinate]

    def is_external(self, type_name: str, field_name: str) -> bool:
        """Whether another subgraph must resolve the field."""
        at = (type_name, field_name)
        return at in self.marked and at not in self.own_keys


@lru_cache(maxsize=2)
def externals_of(subgraph: Subgraph) -> Externals:
    """All of one subgraph."""
    return Externals(
        marked=frozenset(_marked(subgraph)),
        own_keys=frozenset(_own_keys(subgraph)),
        used=frozenset((*_used(subgraph), *_provided(subgraph))),
    )


def resolved_fields(subgraph: Subgraph) -> frozenset[Coordinate]:
    """All fields that the subgraph does not leave to others, or not everywhere (@provides)."""
    externals = externals_of(subgraph)
    own = (
        (type_.name, name)
        for type_ in subgraph.types.values()
        for name in type_.fields
        if not externals.is_external(type_.name, name)
    )
    return frozenset((*own, *_provided(subgraph)))


def is_marked(type_: TypeDefinition, field: FieldDefinition) -> bool:
    """Whether @external stands on the field, or on its type, whichever part of that."""
    return field.applied("external") is not None or type_.applied("external") is not None


def _marked(subgraph: Subgraph) -> Iterator[Coordinate]:
    for type_ in subgraph.types.values():
        for field in type_.fields.values():
            if is_marked(type_, field):
                yield type_.name, field.name


def _own_keys(subgraph: Subgraph) -> Iterator[Coordinate]:
    for type_ in subgraph.types.values():
        for key in type_.all_applied("key"):
            if type_.extends_with(key):
                yield from _coordinates(subgraph, type_.name, key.text("fields"))


def _used(subgraph: Subgraph) -> Iterator[Coordinate]:
    for type_ in subgraph.types.values():
        for key in type_.all_applied("key"):
            yield from _coordinates(subgraph, type_.name, key.text("fields"))
        for interface in type_.interfaces:
            declared = subgraph.types.get(interface)
            for name in declared.fields if declared else ():
                yield type_.name, name
        for field in type_.fields.values():
            for requires in field.all_applied("requires"):
                yield from _coordinates(subgraph, type_.name, requires.text("fields"))
            for argument in field.arguments.values():
                for source in argument.all_applied("fromContext"):
                    yield from context_coordinates(subgraph, source.text("field"))


def _provided(subgraph: Subgraph) -> Iterator[Coordinate]:
    for type_ in subgraph.types.values():
        for field in type_.fields.values():
            for provides in field.all_applied("provides"):
                yield from _coordinates(subgraph, innermost(field.type), provides.text("fields"))


def context_coordinates(subgraph: Subgraph, text: str) -> Iterator[Coordinate]:
    """What a contextual argument selects of every type that sets its context."""
    value = read_context_value(text)
    for type_ in subgraph.types.values() if value else ():
        if value and any(one.text("name") == value.context for one in type_.all_applied("context")):
            yield from _coordinates(subgraph, type_.name, value.selection)


def _coordinates(subgraph: Subgraph, type_name: str, text: str) -> Iterator[Coordinate]:
    """What a field set selects; a field of an interface is selected of what implements it too."""
    for selected in read_field_set(subgraph, type_name, text)[0]:
        yield from selected_coordinates(subgraph, selected)


def selected_coordinates(subgraph: Subgraph, selected: Selected) -> Iterator[Coordinate]:
    """The field itself, and for one of an interface that of every implementation."""
    name = selected.field.name
    yield selected.type.name, name
    if selected.type.kind is Kind.INTERFACE:
        for other in subgraph.types.values():
            if selected.type.name in other.interfaces and name in other.fields:
                yield other.name, name
