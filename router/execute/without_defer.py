"""Operations as they are run for a client that takes the whole answer at once."""

from __future__ import annotations

from typing import Any

from graphql import (
    DirectiveNode,
    DocumentNode,
    VariableNode,
    Visitor,
    visit,
)


class _DropDefer(Visitor):
    def enter_directive(self, node: DirectiveNode, *_: Any) -> Any:
        return self.REMOVE if node.name.value == "defer" else None


class _BooleanVariables(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: dict[str, None] = {}

    def enter_directive(self, node: DirectiveNode, *_: Any) -> None:
        if node.name.value in {"skip", "include"}:
            for argument in node.arguments or ():
                if isinstance(argument.value, VariableNode):
                    self.names[argument.value.name.value] = None


def without_defer(document: DocumentNode) -> DocumentNode:
    """The document with every @defer left out; the same one when there is none."""
    visited: DocumentNode = visit(document, _DropDefer())
    return visited


def boolean_variables(document: DocumentNode) -> tuple[str, ...]:
    """The variables that decide what is part of the operation, in order of first use."""
    visitor = _BooleanVariables()
    visit(document, visitor)
    return tuple(visitor.names)
