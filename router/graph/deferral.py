"""@defer in an operation: which of its fragments are delivered later, and how each is told apart.

A part that is delivered later is known by its label and by the place of its fragment. A @defer
without a label is given one of ours, which no client ever sees.

https://www.apollographql.com/docs/graphos/routing/operations/defer
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from graphql import (
    ArgumentNode,
    BooleanValueNode,
    DirectiveNode,
    DocumentNode,
    NameNode,
    OperationDefinitionNode,
    StringValueNode,
    VariableNode,
    Visitor,
    visit,
)

# A label of ours begins with what hardly anybody writes into a label of their own.
GENERATED = "\0"
# A plan is made for each combination of the variables that switch @defer on and off; a fragment
# that depends on a variable beyond these is not deferred.
MOST_SWITCHES = 3
# The values of those variables; None: nothing is deferred.
Switches = Mapping[str, bool] | None


class _Labels(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.number = 0

    def enter_directive(self, node: DirectiveNode, *_: Any) -> DirectiveNode | None:
        arguments = node.arguments or ()
        if node.name.value != "defer" or any(item.name.value == "label" for item in arguments):
            return None
        label = StringValueNode(value=f"{GENERATED}{self.number}")
        self.number += 1
        added = ArgumentNode(name=NameNode(value="label"), value=label)
        return DirectiveNode(name=node.name, arguments=(*arguments, added), loc=node.loc)


class _Switches(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.is_found = False
        self.names: dict[str, None] = {}

    def enter_directive(self, node: DirectiveNode, *_: Any) -> None:
        if node.name.value == "defer":
            value = _argument(node, "if")
            if isinstance(value, VariableNode):
                self.names[value.name.value] = None
            self.is_found |= not isinstance(value, BooleanValueNode) or value.value


def labelled(document: DocumentNode) -> DocumentNode:
    """The document with a label at every @defer; the same one when nothing is missing."""
    found: DocumentNode = visit(document, _Labels())
    return found


def can_defer(document: DocumentNode) -> bool:
    """Whether anything in the document may be delivered later."""
    visitor = _Switches()
    visit(document, visitor)
    return visitor.is_found


def switches(document: DocumentNode, operation: OperationDefinitionNode) -> tuple[str, ...]:
    """The operation's variables that switch its @defers on and off, in order of first use."""
    visitor = _Switches()
    visit(document, visitor)
    declared = {item.variable.name.value for item in operation.variable_definitions or ()}
    return tuple(name for name in visitor.names if name in declared)[:MOST_SWITCHES]


def deferral(directives: Iterable[DirectiveNode] | None, values: Switches) -> str | None:
    """The label of a fragment that is deferred; None when it is not."""
    if values is None:
        return None
    node = next((item for item in directives or () if item.name.value == "defer"), None)
    if node is None:
        return None
    condition, label = _argument(node, "if"), _argument(node, "label")
    is_active = True
    if isinstance(condition, VariableNode):
        is_active = values.get(condition.name.value, False)
    elif isinstance(condition, BooleanValueNode):
        is_active = condition.value
    return label.value if is_active and isinstance(label, StringValueNode) else None


def shown(label: str) -> str | None:
    """A label as the client knows it; None for one of ours."""
    return None if label.startswith(GENERATED) else label


def _argument(node: DirectiveNode, name: str) -> object:
    return next((item.value for item in node.arguments or () if item.name.value == name), None)
