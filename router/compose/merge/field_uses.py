"""Which fields of a subgraph are used by its keys, @requires, @provides and interfaces."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import FieldNode, InlineFragmentNode, NamedTypeNode, SelectionSetNode, TypeNode

from router.compose.subgraph import Subgraph
from router.federation.field_set import FieldSetError, parse_field_set
from router.supergraph.model import Kind

Coordinate = tuple[str, str]


def named(node: TypeNode) -> str:
    """The innermost name of a type."""
    while not isinstance(node, NamedTypeNode):
        node = node.type  # type: ignore[attr-defined] # lists and non-nulls have one
    return node.name.value


def selected(subgraph: Subgraph, type_name: str, text: str) -> Iterator[Coordinate]:
    """Every field that a field set selects; nothing for one that cannot be read."""
    try:
        selections = parse_field_set(text)
    except FieldSetError:
        return
    yield from _walk(subgraph, type_name, selections)


def _walk(subgraph: Subgraph, type_name: str, selections: SelectionSetNode) -> Iterator[Coordinate]:
    type_ = subgraph.types.get(type_name)
    for node in selections.selections:
        if isinstance(node, InlineFragmentNode):
            condition = node.type_condition.name.value if node.type_condition else type_name
            yield from _walk(subgraph, condition, node.selection_set)
        elif isinstance(node, FieldNode) and type_ is not None:
            found = type_.fields.get(node.name.value)
            if found is None:
                continue
            yield type_name, found.name
            if type_.kind is Kind.INTERFACE:
                for other in subgraph.types.values():
                    if type_name in other.interfaces:
                        yield other.name, found.name
            if node.selection_set is not None:
                yield from _walk(subgraph, named(found.type), node.selection_set)


def key_fields(subgraph: Subgraph) -> set[Coordinate]:
    """Fields that some @key of the subgraph selects."""
    return {
        coordinate
        for type_ in subgraph.types.values()
        for key in type_.all_applied("key")
        for coordinate in selected(subgraph, type_.name, key.text("fields"))
    }


def used_fields(subgraph: Subgraph) -> set[Coordinate]:
    """Fields that a @key, @requires or @provides selects, or that an interface demands."""
    used = key_fields(subgraph)
    for type_ in subgraph.types.values():
        for interface in type_.interfaces:
            declared = subgraph.types.get(interface)
            used |= {(type_.name, name) for name in (declared.fields if declared else ())}
        for field in type_.fields.values():
            for requires in field.all_applied("requires"):
                used |= set(selected(subgraph, type_.name, requires.text("fields")))
            for provides in field.all_applied("provides"):
                used |= set(selected(subgraph, named(field.type), provides.text("fields")))
    return used
