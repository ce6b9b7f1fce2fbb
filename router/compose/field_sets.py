"""The field sets of @key, @requires and @provides, read against a subgraph's own schema.

https://www.apollographql.com/docs/graphos/reference/federation/directives#fieldset
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    NamedTypeNode,
    NameNode,
    NonNullTypeNode,
    SelectionSetNode,
    print_ast,
)

from router.compose.subgraph import FieldDefinition, Subgraph, TypeDefinition
from router.federation.field_set import FieldSetError, parse_field_set
from router.supergraph.model import Kind
from router.supergraph.type_names import innermost

TYPENAME = FieldDefinition(
    name="__typename",
    description=None,
    applications=(),
    node=NameNode(value="__typename"),
    type=NonNullTypeNode(type=NamedTypeNode(name=NameNode(value="String"))),
    arguments={},
)


@dataclass(frozen=True, slots=True)
class Selected:
    """A field that a field set selects, in a type of the subgraph.

    `above` are the fields it was reached through, outermost first.
    """

    type: TypeDefinition
    field: FieldDefinition
    node: FieldNode
    above: tuple[tuple[TypeDefinition, FieldDefinition], ...]

    @property
    def coordinate(self) -> str:
        """`Type.field`."""
        return f"{self.type.name}.{self.field.name}"

    @property
    def lacks_arguments(self) -> bool:
        """Whether an argument that must be given is not."""
        given = {argument.name.value for argument in self.node.arguments or ()}
        return any(
            isinstance(argument.type, NonNullTypeNode)
            and argument.default is None
            and argument.name not in given
            for argument in self.field.arguments.values()
        )

    @property
    def is_leaf(self) -> bool:
        """Whether nothing is selected below it."""
        return self.node.selection_set is None


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with one selection.

    `is_directive`: that a directive stands on it; `is_abstract`: that an interface or union is
    selected without fields of it; `is_last`: that what follows has no meaning, and is not read.
    """

    message: str
    hint: str = "Select fields that the type has in this subgraph, as in: id owner { id }"
    is_directive: bool = False
    is_abstract: bool = False
    is_last: bool = False


def read_field_set(
    subgraph: Subgraph, type_name: str, text: str
) -> tuple[tuple[Selected, ...], tuple[Wrong, ...]]:
    """What a field set selects of a type, and what it cannot."""
    try:
        selections = parse_field_set(text)
    except FieldSetError as error:
        return (), (Wrong(str(error).rstrip(".")),)
    type_ = subgraph.types.get(type_name)
    if type_ is None:
        return (), ()
    found: list[Selected] = []
    wrong: list[Wrong] = []
    for item in _walk(subgraph, type_, selections, ()):
        if isinstance(item, Wrong):
            wrong.append(item)
            if item.is_last:
                break
        else:
            found.append(item)
    return tuple(found), tuple(wrong)


def _walk(
    subgraph: Subgraph,
    type_: TypeDefinition,
    selections: SelectionSetNode,
    above: tuple[tuple[TypeDefinition, FieldDefinition], ...],
) -> Iterator[Selected | Wrong]:
    for node in selections.selections:
        for directive in node.directives or ():
            yield _directive(subgraph, directive.name.value)
        if isinstance(node, FieldNode):
            yield from _field(subgraph, type_, node, above)
        elif isinstance(node, InlineFragmentNode):
            condition = node.type_condition.name.value if node.type_condition else type_.name
            # Another subgraph may know the type, or know that both types overlap.
            inner = subgraph.types.get(subgraph.renamed.get(condition, condition), type_)
            yield from _walk(subgraph, inner, node.selection_set, above)
        elif isinstance(node, FragmentSpreadNode):
            yield Wrong(f'"...{node.name.value}" names a fragment, and a field set has none')


def _directive(subgraph: Subgraph, name: str) -> Wrong:
    if name not in subgraph.definitions:
        return Wrong(f"nothing defines @{name}", "Remove the directive.", is_last=True)
    return Wrong(f"@{name} cannot stand in a field set", "Remove the directive.", is_directive=True)


def _field(
    subgraph: Subgraph,
    type_: TypeDefinition,
    node: FieldNode,
    above: tuple[tuple[TypeDefinition, FieldDefinition], ...],
) -> Iterator[Selected | Wrong]:
    name = node.name.value
    if node.alias is not None and node.alias.value != name:
        yield Wrong(f'"{node.alias.value}: {name}" is an alias, which a field set cannot have')
    for argument in node.arguments or ():
        if "$" in print_ast(argument.value):
            yield Wrong(f'"{name}({print_ast(argument)})" has a variable, and a field set has none')
    field = TYPENAME if name == TYPENAME.name else type_.fields.get(name)
    if field is None:
        yield Wrong(
            f'"{type_.name}" has no field "{name}" in this subgraph',
            "Add it; if another subgraph resolves it, mark it @external here.",
            is_last=True,
        )
        return
    selected = Selected(type_, field, node, above)
    if selected.lacks_arguments:
        yield Wrong(f'"{selected.coordinate}" needs an argument that is not given')
    yield selected
    inner = subgraph.types.get(innermost(field.type))
    is_composite = inner is not None and bool(inner.fields or inner.members)
    if node.selection_set is None:
        if is_composite:
            yield Wrong(
                f'"{type_.name}.{name}" needs a selection of its fields',
                is_abstract=inner is not None and inner.kind is not Kind.OBJECT,
            )
    elif inner is None or not is_composite:
        yield Wrong(f'"{type_.name}.{name}" has no fields to select')
    else:
        yield from _walk(subgraph, inner, node.selection_set, (*above, (type_, field)))


def overlap(subgraph: Subgraph, one: TypeDefinition, other: TypeDefinition) -> bool:
    """Whether a value can be of both types in this subgraph."""
    return bool(runtime_types(subgraph, one) & runtime_types(subgraph, other))


def runtime_types(subgraph: Subgraph, type_: TypeDefinition) -> frozenset[str]:
    """The object types a value of the type may have in this subgraph."""
    if type_.members:
        return frozenset(type_.members)
    below = {other.name for other in subgraph.types.values() if type_.name in other.interfaces}
    return frozenset({type_.name} | below)
