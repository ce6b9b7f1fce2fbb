"""Which fields a selection asks of a concrete type (GraphQL spec, 6.3.2 CollectFields)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from graphql import (
    BooleanValueNode,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    Visitor,
    is_abstract_type,
    visit,
)

Flags: TypeAlias = Mapping[str, bool]


@dataclass(frozen=True, slots=True)
class Document:
    """A validated document with one operation, and the variables its @skip/@include read."""

    schema: GraphQLSchema
    operation: OperationDefinitionNode
    fragments: Mapping[str, FragmentDefinitionNode]
    flag_names: tuple[str, ...]


def read_document(schema: GraphQLSchema, document: DocumentNode) -> Document | None:
    """The parts of a document; None when it holds several operations."""
    operations = [
        node for node in document.definitions if isinstance(node, OperationDefinitionNode)
    ]
    if len(operations) != 1:
        return None
    fragments = {
        node.name.value: node
        for node in document.definitions
        if isinstance(node, FragmentDefinitionNode)
    }
    found = _FlagNames()
    visit(document, found)
    return Document(schema, operations[0], fragments, tuple(dict.fromkeys(found.names)))


def collect(
    document: Document,
    object_type: GraphQLObjectType,
    selection_sets: Iterable[SelectionSetNode],
    flags: Flags,
) -> dict[str, list[FieldNode]]:
    """Response key → the nodes that ask for it, in the order of the response."""
    found: dict[str, list[FieldNode]] = {}
    for selection_set in selection_sets:
        for node in selection_set.selections:
            if not _is_included(node.directives, flags):
                continue
            if isinstance(node, FieldNode):
                key = node.alias.value if node.alias else node.name.value
                found.setdefault(key, []).append(node)
                continue
            inner = _applying(document, object_type, node)
            if inner is not None:
                deeper = collect(document, object_type, [inner], flags)
                for key, nodes in deeper.items():
                    found.setdefault(key, []).extend(nodes)
    return found


def _applying(
    document: Document, object_type: GraphQLObjectType, node: object
) -> SelectionSetNode | None:
    """A fragment's selections, where its type condition holds for the type."""
    fragment: FragmentDefinitionNode | InlineFragmentNode
    if isinstance(node, FragmentSpreadNode):
        fragment = document.fragments[node.name.value]
    elif isinstance(node, InlineFragmentNode):
        fragment = node
    else:
        return None
    condition = fragment.type_condition
    if condition is None or condition.name.value == object_type.name:
        return fragment.selection_set
    wider = document.schema.get_type(condition.name.value)
    if is_abstract_type(wider) and document.schema.is_sub_type(wider, object_type):
        return fragment.selection_set
    return None


def _is_included(directives: Iterable[DirectiveNode] | None, flags: Flags) -> bool:
    for directive in directives or ():
        name = directive.name.value
        if name not in {"skip", "include"}:
            continue
        value = directive.arguments[0].value if directive.arguments else None
        if isinstance(value, BooleanValueNode):
            said = value.value
        elif isinstance(value, VariableNode):
            said = flags[value.name.value]
        else:
            continue
        if said is (name == "skip"):
            return False
    return True


class _FlagNames(Visitor):
    """Collects the variables that decide what is included."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def enter_directive(self, node: DirectiveNode, *_args: object) -> None:
        for argument in node.arguments or ():
            if node.name.value in {"skip", "include"} and isinstance(argument.value, VariableNode):
                self.names.append(argument.value.name.value)
