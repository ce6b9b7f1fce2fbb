"""The variables that decide, by @skip and @include, what is part of an operation."""

from __future__ import annotations

from typing import Any

from graphql import DirectiveNode, DocumentNode, VariableNode, Visitor, visit


class _BooleanVariables(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: dict[str, None] = {}

    def enter_directive(self, node: DirectiveNode, *_: Any) -> None:
        if node.name.value in {"skip", "include"}:
            for argument in node.arguments or ():
                if isinstance(argument.value, VariableNode):
                    self.names[argument.value.name.value] = None


def boolean_variables(document: DocumentNode) -> tuple[str, ...]:
    """Their names, in order of first use."""
    visitor = _BooleanVariables()
    visit(document, visitor)
    return tuple(visitor.names)
