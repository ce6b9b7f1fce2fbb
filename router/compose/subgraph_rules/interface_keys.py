"""INTERFACE_KEY_NOT_ON_IMPLEMENTATION, INTERFACE_OBJECT_USAGE_ERROR: an interface is an entity
only where its implementations are, and an @interfaceObject only as an entity.

https://www.apollographql.com/docs/graphos/schema-design/federated-schemas/entities/interfaces
"""

from __future__ import annotations

from collections.abc import Iterator

from graphql import FieldNode, InlineFragmentNode, SelectionSetNode

from router.compose.field_sets import read_field_set
from router.compose.subgraph import Application, Subgraph, TypeDefinition
from router.diagnostics import Diagnostic
from router.federation.field_set import FieldSetError, parse_field_set
from router.supergraph.model import Kind

Shape = frozenset[object]


def interface_keys(subgraph: Subgraph) -> Iterator[Diagnostic]:
    """Every key of an interface is one of everything that implements it here."""
    for type_ in subgraph.types.values():
        if type_.kind is Kind.INTERFACE:
            for key in type_.all_applied("key"):
                yield from _implementations(subgraph, type_, key)
        if type_.is_interface_object and type_.applied("key") is None:
            yield subgraph.problem(
                "INTERFACE_OBJECT_USAGE_ERROR",
                type_.name,
                f'"{type_.name}" is an @interfaceObject without a @key, so nothing can reach it.',
                type_.node,
                hint="Give it a key of the interface.",
            )


def _implementations(
    subgraph: Subgraph, interface: TypeDefinition, key: Application
) -> Iterator[Diagnostic]:
    wanted = _shape(key)
    if read_field_set(subgraph, interface.name, key.text("fields"))[1]:
        return  # the rule for field sets tells what is wrong with it
    without: list[TypeDefinition] = []
    unresolvable: list[TypeDefinition] = []
    for type_ in subgraph.types.values():
        if type_.kind is not Kind.OBJECT or interface.name not in type_.interfaces:
            continue
        same = [one for one in type_.all_applied("key") if _shape(one) == wanted]
        if not same:
            without.append(type_)
        elif _is_resolvable(key) and not any(_is_resolvable(one) for one in same):
            unresolvable.append(type_)
    text = key.text("fields")
    for types, says, hint in (
        (without, "lacks", f'Add @key(fields: "{text}") there.'),
        (unresolvable, 'has with "resolvable: false"', "Make the key resolvable there too."),
    ):
        if types:
            names = ", ".join(type_.name for type_ in types)
            yield subgraph.problem(
                "INTERFACE_KEY_NOT_ON_IMPLEMENTATION",
                interface.name,
                f'Interface "{interface.name}" has the key "{text}", which {names} {says}.',
                key.node,
                *(type_.node for type_ in types),
                hint=hint,
            )


def _is_resolvable(key: Application) -> bool:
    return key.value("resolvable") is not False


def _shape(key: Application) -> Shape | None:
    """A key without the order of its fields."""
    try:
        return _selection_shape(parse_field_set(key.text("fields")))
    except FieldSetError:
        return None


def _selection_shape(selections: SelectionSetNode) -> Shape:
    shapes: set[object] = set()
    for node in selections.selections:
        if isinstance(node, FieldNode):
            inner = _selection_shape(node.selection_set) if node.selection_set else None
            shapes.add((node.name.value, inner))
        elif isinstance(node, InlineFragmentNode):
            condition = node.type_condition.name.value if node.type_condition else ""
            shapes.add((f"... on {condition}", _selection_shape(node.selection_set)))
    return frozenset(shapes)
