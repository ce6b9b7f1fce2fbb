"""`__schema` and `__type` answered at home, from what clients may see.

https://spec.graphql.org/October2021/#sec-Schema-Introspection
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from graphql import (
    DirectiveNode,
    DocumentNode,
    ExecutionResult,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    Visitor,
    execute_sync,
    visit,
)

from router.execute.json_values import JSON
from router.execute.shape import INTROSPECTION


def asks_schema(
    selections: Iterable[SelectionNode], fragments: dict[str, FragmentDefinitionNode]
) -> bool:
    """Whether a root selection asks for `__schema` or `__type`, fragments included."""
    return any(node.name.value in INTROSPECTION for node in _root_fields(selections, fragments))


def _root_fields(
    selections: Iterable[SelectionNode],
    fragments: dict[str, FragmentDefinitionNode],
    seen: frozenset[str] = frozenset(),
) -> Iterator[FieldNode]:
    for node in selections:
        match node:
            case FieldNode():
                yield node
            case InlineFragmentNode():
                yield from _root_fields(node.selection_set.selections, fragments, seen)
            case FragmentSpreadNode() if node.name.value not in seen:
                fragment = fragments[node.name.value]
                yield from _root_fields(
                    fragment.selection_set.selections, fragments, seen | {node.name.value}
                )


class _DropDefer(Visitor):
    def enter_directive(self, node: DirectiveNode, *_: Any) -> Any:
        return self.REMOVE if node.name.value == "defer" else None


def introspection_document(
    operation: OperationDefinitionNode, fragments: dict[str, FragmentDefinitionNode]
) -> DocumentNode:
    """The operation without everything that the subgraphs answer, and without @defer."""
    kept = [
        node
        for node in _root_fields(operation.selection_set.selections, fragments)
        if node.name.value in INTROSPECTION
    ]
    own = OperationDefinitionNode(
        operation=operation.operation,
        name=operation.name,
        variable_definitions=operation.variable_definitions,
        directives=(),
        selection_set=SelectionSetNode(selections=tuple(kept)),
    )
    document = DocumentNode(definitions=(own, *fragments.values()))
    at_once: DocumentNode = visit(document, _DropDefer())
    return at_once


def introspect(schema: GraphQLSchema, document: DocumentNode, variables: JSON) -> JSON:
    """The answer, by response key."""
    result = execute_sync(schema, document, variable_values=variables)
    if not isinstance(result, ExecutionResult) or result.errors:
        raise AssertionError(f"introspection failed: {result}")
    return dict(result.data or {})
