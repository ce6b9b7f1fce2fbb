"""`$context { selection }`, the value of @fromContext: which context, and what is taken from it.

https://www.apollographql.com/docs/graphos/reference/federation/directives#fromcontext
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from graphql import (
    FieldNode,
    InlineFragmentNode,
    ListTypeNode,
    NonNullTypeNode,
    SelectionSetNode,
    TypeNode,
)

from router.compose.field_sets import overlap
from router.compose.subgraph import Subgraph, TypeDefinition
from router.federation.field_set import FieldSetError, parse_field_set
from router.supergraph.type_names import innermost, nullable

REFERENCE = re.compile(r"^\s*\$\s*(\w+)\s*(.*?)\s*$", re.DOTALL)


class SelectionError(Exception):
    """The selection cannot be taken from the type; the message says why."""


@dataclass(frozen=True, slots=True)
class ContextValue:
    """The context's name and the text of the selection after it."""

    context: str
    selection: str


def read_context_value(text: str) -> ContextValue | None:
    """Take `$context selection` apart; None where there is no context or no selection."""
    found = REFERENCE.match(text)
    return ContextValue(found[1], found[2]) if found and found[2] else None


def selected_type(subgraph: Subgraph, place: TypeDefinition, selection: str) -> list[TypeNode]:
    """The types of what the selection takes where `place` sets the context.

    One for each type condition that may hold there. Raises SelectionError.
    """
    try:
        selections = parse_field_set(selection)
    except FieldSetError as error:
        raise SelectionError(str(error)) from error
    if place.is_interface_object:
        raise SelectionError(f'"{place.name}" is an @interfaceObject, whose real type is elsewhere')
    fragments = [node for node in selections.selections if isinstance(node, InlineFragmentNode)]
    if not fragments:
        return [_single(subgraph, place, selections)]
    if len(fragments) < len(selections.selections):
        raise SelectionError("it mixes fields with type conditions")
    return _conditional(subgraph, place, fragments)


def _conditional(
    subgraph: Subgraph, place: TypeDefinition, fragments: list[InlineFragmentNode]
) -> list[TypeNode]:
    names = [node.type_condition.name.value if node.type_condition else "" for node in fragments]
    if "" in names or len(set(names)) < len(names):
        raise SelectionError("each of its fragments needs a type condition of its own")
    found = []
    for name, node in zip(names, fragments, strict=True):
        if node.directives:
            raise SelectionError("it has a directive")
        type_ = subgraph.types.get(subgraph.renamed.get(name, name))
        if type_ is not None and overlap(subgraph, place, type_):
            found.append(_single(subgraph, type_, node.selection_set))
    if not found:
        raise SelectionError(f'none of its type conditions holds for "{place.name}"')
    return found


def _single(subgraph: Subgraph, type_: TypeDefinition, selections: SelectionSetNode) -> TypeNode:
    """The type of the one field selected, lists on the way kept."""
    if len(selections.selections) > 1:
        raise SelectionError("it selects more than one value")
    node = selections.selections[0]
    if node.directives:
        raise SelectionError("it has a directive")
    if not isinstance(node, FieldNode):
        raise SelectionError("it has a fragment below a field")
    if node.alias is not None:
        raise SelectionError(f'"{node.alias.value}: {node.name.value}" is an alias')
    field = type_.fields.get(node.name.value)
    if field is None:
        raise SelectionError(f'"{type_.name}" has no field "{node.name.value}"')
    own = nullable(field.type)
    inner = subgraph.types.get(innermost(own))
    is_composite = inner is not None and bool(inner.fields or inner.members)
    if node.selection_set is None or inner is None:
        if is_composite:
            raise SelectionError(f'"{type_.name}.{field.name}" needs a selection of its fields')
        return own
    below = _single(subgraph, inner, node.selection_set)
    return _inside(own, below)


def _inside(outer: TypeNode, inner: TypeNode) -> TypeNode:
    """`inner` in the lists of `outer`: the type of a field of each item."""
    if isinstance(outer, NonNullTypeNode):
        return _inside(outer.type, inner)
    if isinstance(outer, ListTypeNode):
        return ListTypeNode(type=_inside(outer.type, inner))
    return inner
