"""What the client selected at one place, collected by the type of the object found there.

https://spec.graphql.org/October2021/#CollectFields()
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

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

from router.graph.deferral import Switches, deferral

INTROSPECTION = frozenset({"__schema", "__type"})
# Python types all of whose values are the scalar's; an Int has bounds besides.
Plain: TypeAlias = type[str] | type[bool] | type[float] | None
PLAIN: Mapping[str, Plain] = {"String": str, "ID": str, "Boolean": bool, "Float": float}


@dataclass(frozen=True, slots=True)
class ShapeField:
    """One entry of the response: its key, its type, and what is selected below it.

    `type` is None for what the router answers itself (`__typename`, `__schema`, `__type`). Values
    of exactly the Python type `plain` are the client's as they are.
    """

    key: str
    name: str
    coordinate: str
    type: GraphQLOutputType | None
    is_required: bool
    shape: Shape | None
    plain: Plain = None


@dataclass(frozen=True, slots=True)
class Selections:
    """What stays the same below the root: schema, fragments, values of the Boolean variables, and
    with `switches` that deferred fragments are no part of the shape around them.
    """

    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    booleans: Mapping[str, bool]
    switches: Switches = None


@dataclass(slots=True)
class _Collected:
    """Fields by response key, deferred selections by label, fragments that were gone through."""

    groups: dict[str, list[FieldNode]] = field(default_factory=dict)
    later: dict[str, list[SelectionSetNode]] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)


class Shape:
    """The merged selection sets of one response key; fields by runtime type, collected once."""

    __slots__ = ("_by_type", "_deferred", "_needs_type", "_selections", "sets")

    def __init__(self, selections: Selections, sets: Iterable[SelectionSetNode]) -> None:
        self._selections = selections
        self.sets = tuple(sets)
        self._by_type: dict[str, tuple[ShapeField, ...]] = {}
        self._deferred: dict[str, tuple[tuple[str, Shape], ...]] = {}
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

    def deferred(self, typename: str) -> tuple[tuple[str, Shape], ...]:
        """What is delivered later for an object of this type, by label."""
        self.fields(typename)
        return self._deferred[typename]

    def needs_type(self, abstract: str) -> bool:
        """Whether the entries depend on which of the abstract type's objects it is."""
        found = self._needs_type.get(abstract)
        if found is None:
            plain = self._signature(abstract)
            found = self._needs_type[abstract] = any(
                name == "__typename" for _, name, _ in plain
            ) or any(self._signature(item.name) != plain for item in self._possible(abstract))
            later = self.deferred(abstract)
            if not found and any(shape.needs_type(abstract) for _, shape in later):
                found = self._needs_type[abstract] = True
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
        found = _Collected()
        for selection_set in self.sets:
            self._gather(selection_set.selections, typename, found)
        self._deferred[typename] = tuple(
            (label, Shape(self._selections, sets)) for label, sets in found.later.items()
        )
        return tuple(self._field(typename, key, nodes) for key, nodes in found.groups.items())

    def _gather(
        self, selections: Iterable[SelectionNode], typename: str, found: _Collected
    ) -> None:
        for node in selections:
            if not self._is_included(node.directives):
                continue
            match node:
                case FieldNode():
                    key = node.alias.value if node.alias else node.name.value
                    found.groups.setdefault(key, []).append(node)
                case InlineFragmentNode():
                    condition = node.type_condition
                    if condition is None or self._applies(condition.name.value, typename):
                        self._enter(node, node.selection_set, typename, found)
                case FragmentSpreadNode():
                    self._spread(node, typename, found)

    def _spread(self, node: FragmentSpreadNode, typename: str, found: _Collected) -> None:
        name = node.name.value
        fragment = self._selections.fragments[name]
        if name in found.seen or not self._applies(fragment.type_condition.name.value, typename):
            return
        if self._enter(node, fragment.selection_set, typename, found):
            found.seen.add(name)

    def _enter(
        self, node: SelectionNode, inner: SelectionSetNode, typename: str, found: _Collected
    ) -> bool:
        """Gather what is in a fragment; False when it is deferred."""
        label = deferral(node.directives, self._selections.switches)
        if label is not None:
            found.later.setdefault(label, []).append(inner)
            return False
        self._gather(inner.selections, typename, found)
        return True

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
        plain = PLAIN.get(str(kind).rstrip("!"))
        return ShapeField(key, name, f"{typename}.{name}", kind, is_required, shape, plain)

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
