"""What the client selected at one place, collected by the type of the object found there.

https://spec.graphql.org/October2021/#CollectFields()
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from graphql import (
    DirectiveNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    InlineFragmentNode,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    is_non_null_type,
)

INTROSPECTION = frozenset({"__schema", "__type"})


@dataclass(frozen=True, slots=True)
class ShapeField:
    """One entry of the response: its key, its type, and what is selected below it.

    `type` is None for what the router answers itself (`__typename`, `__schema`, `__type`).
    """

    key: str
    name: str
    coordinate: str
    type: GraphQLOutputType | None
    is_required: bool
    shape: Shape | None


@dataclass(frozen=True, slots=True)
class Selections:
    """What stays the same below the root: schema, fragments, values of the Boolean variables."""

    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    booleans: Mapping[str, bool]


class Shape:
    """The merged selection sets of one response key; fields by runtime type, collected once."""

    __slots__ = ("_by_type", "_needs_type", "_selections", "sets")

    def __init__(self, selections: Selections, sets: Iterable[SelectionSetNode]) -> None:
        self._selections = selections
        self.sets = tuple(sets)
        self._by_type: dict[str, tuple[ShapeField, ...]] = {}
        self._needs_type: dict[str, bool] = {}

    def fields(self, typename: str) -> tuple[ShapeField, ...]:
        """The entries for an object of this type, in the order of the operation.

        `typename` may be an interface or union whose objects' own type is not known; then only
        what applies to all of them is given.
        """
        found = self._by_type.get(typename)
        if found is None:
            found = self._by_type[typename] = self._collect(typename)
        return found

    def needs_type(self, abstract: str) -> bool:
        """Whether the entries depend on which of the abstract type's objects it is."""
        found = self._needs_type.get(abstract)
        if found is None:
            plain = self._signature(abstract)
            found = self._needs_type[abstract] = any(
                name == "__typename" for _, name, _ in plain
            ) or any(self._signature(item.name) != plain for item in self._possible(abstract))
        return found

    def _signature(self, typename: str) -> list[tuple[str, str, tuple[SelectionSetNode, ...]]]:
        return [
            (field.key, field.name, field.shape.sets if field.shape else ())
            for field in self.fields(typename)
        ]

    def _possible(self, abstract: str) -> Iterable[GraphQLObjectType]:
        found = self._selections.schema.get_type(abstract)
        return self._selections.schema.get_possible_types(found) if is_abstract_type(found) else ()

    def _collect(self, typename: str) -> tuple[ShapeField, ...]:
        groups: dict[str, list[FieldNode]] = {}
        seen: set[str] = set()
        for selection_set in self.sets:
            self._gather(selection_set.selections, typename, groups, seen)
        return tuple(self._field(typename, key, nodes) for key, nodes in groups.items())

    def _gather(
        self,
        selections: Iterable[SelectionNode],
        typename: str,
        groups: dict[str, list[FieldNode]],
        seen: set[str],
    ) -> None:
        for node in selections:
            if not self._is_included(node.directives):
                continue
            match node:
                case FieldNode():
                    key = node.alias.value if node.alias else node.name.value
                    groups.setdefault(key, []).append(node)
                case InlineFragmentNode():
                    if node.type_condition is None or self._applies(
                        node.type_condition.name.value, typename
                    ):
                        self._gather(node.selection_set.selections, typename, groups, seen)
                case FragmentSpreadNode():
                    self._spread(node.name.value, typename, groups, seen)

    def _spread(
        self, name: str, typename: str, groups: dict[str, list[FieldNode]], seen: set[str]
    ) -> None:
        fragment = self._selections.fragments[name]
        if name in seen or not self._applies(fragment.type_condition.name.value, typename):
            return
        seen.add(name)
        self._gather(fragment.selection_set.selections, typename, groups, seen)

    def _applies(self, condition: str, typename: str) -> bool:
        if condition == typename:
            return True
        schema = self._selections.schema
        wide, narrow = schema.get_type(condition), schema.get_type(typename)
        return is_abstract_type(wide) and narrow is not None and schema.is_sub_type(wide, narrow)

    def _field(self, typename: str, key: str, nodes: list[FieldNode]) -> ShapeField:
        name = nodes[0].name.value
        owner = self._selections.schema.get_type(typename)
        fields = getattr(owner, "fields", {})
        definition = fields.get(name)
        kind = definition.type if definition else None
        shape = None
        if kind is not None and is_composite_type(get_named_type(kind)):
            shape = Shape(self._selections, [n.selection_set for n in nodes if n.selection_set])
        is_required = kind is not None and is_non_null_type(kind)
        return ShapeField(key, name, f"{typename}.{name}", kind, is_required, shape)

    def _is_included(self, directives: Iterable[DirectiveNode] | None) -> bool:
        for directive in directives or ():
            name = directive.name.value
            if name in {"skip", "include"} and directive.arguments:
                value = directive.arguments[0].value
                is_true = (
                    self._selections.booleans.get(value.name.value, False)
                    if isinstance(value, VariableNode)
                    else bool(getattr(value, "value", False))
                )
                if is_true is (name == "skip"):
                    return False
        return True
