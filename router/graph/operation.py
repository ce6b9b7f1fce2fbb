"""An operation in the form the planner walks: fragments spread in place, equal fields merged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from graphql import (
    ArgumentNode,
    BooleanValueNode,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
    print_ast,
)

from router.graph.deferral import Switches, deferral

# A variable and the value it must have for the selection to be part of the operation.
Condition = tuple[str, bool]
Conditions = frozenset[Condition]
ALWAYS: Conditions = frozenset()


class PlanningError(Exception):
    """No plan: `code` for the client, a message that says what cannot be reached and why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True, eq=False)
class FieldItem:
    """A field: `signature` is its name with its arguments, equal for equal calls."""

    name: str
    response: str
    signature: str
    arguments: tuple[ArgumentNode, ...]
    directives: tuple[DirectiveNode, ...]
    conditions: Conditions
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, eq=False)
class FragmentItem:
    """Selections for objects of one type (None: for any); with a `label` they may come later."""

    type_condition: str | None
    directives: tuple[DirectiveNode, ...]
    conditions: Conditions
    items: tuple[Item, ...]
    label: str | None = None


Item = FieldItem | FragmentItem
# What remains below a composite field whose selections are all skipped: the object, no field of it.
NOTHING: tuple[Item, ...] = (FragmentItem(None, (), ALWAYS, ()),)


@dataclass(frozen=True, slots=True)
class Spreading:
    """What fragments there are, and which stay apart because they are delivered later."""

    fragments: Mapping[str, FragmentDefinitionNode] = field(default_factory=dict)
    switches: Switches = None


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a document, ready to be planned."""

    kind: str
    name: str | None
    node: OperationDefinitionNode
    items: tuple[Item, ...]


def operation(
    document: DocumentNode, operation_name: str | None, switches: Switches = None
) -> Operation:
    """The operation to plan. Raises PlanningError when it cannot be told which.

    With `switches` (the values of the variables that switch @defer) deferred fragments stand apart.
    """
    fragments = {
        definition.name.value: definition
        for definition in document.definitions
        if isinstance(definition, FragmentDefinitionNode)
    }
    operations = [
        definition
        for definition in document.definitions
        if isinstance(definition, OperationDefinitionNode)
    ]
    if operation_name is not None:
        operations = [
            found for found in operations if found.name and found.name.value == operation_name
        ]
    if len(operations) != 1:
        raise PlanningError(
            "GRAPHQL_UNKNOWN_OPERATION_NAME",
            f'The document has no single operation named "{operation_name}".'
            if operation_name is not None
            else "The document has not exactly one operation; say which by operationName.",
        )
    node = operations[0]
    return Operation(
        kind=node.operation.value,
        name=node.name.value if node.name else None,
        node=node,
        items=normalize(node.selection_set, Spreading(fragments, switches)),
    )


class FieldKey(NamedTuple):
    """What makes two fields one."""

    response: str
    conditions: Conditions
    marks: tuple[str, ...]


class FragmentKey(NamedTuple):
    """What makes two fragments one."""

    type_condition: str | None
    conditions: Conditions
    marks: tuple[str, ...]
    label: str | None


@dataclass(slots=True)
class _Draft:
    """Selections being merged: entries by what makes two of them one."""

    entries: dict[FieldKey | FragmentKey, _Entry] = field(default_factory=dict)
    spread: set[tuple[str, Conditions]] = field(default_factory=set)


_Entry = tuple[SelectionNode, str | None, Conditions, str | None, _Draft]


def normalize(selection_set: SelectionSetNode, spreading: Spreading) -> tuple[Item, ...]:
    """Spread fragments, merge equal selections, resolve constant @skip and @include."""
    draft = _Draft()
    _gather(selection_set.selections, spreading, draft, ALWAYS)
    _fold(draft)
    return _freeze(draft)


def _gather(
    selections: Iterable[SelectionNode], spreading: Spreading, draft: _Draft, above: Conditions
) -> None:
    for node in selections:
        conditions, directives = _split(node.directives)
        if conditions is None or any((name, not value) in above for name, value in conditions):
            continue
        conditions -= above
        marks = tuple(print_ast(directive) for directive in directives)
        key: FieldKey | FragmentKey
        inner: SelectionSetNode | None
        type_condition: str | None = None
        label: str | None = None
        if isinstance(node, FieldNode):
            response = node.alias.value if node.alias else node.name.value
            key, inner = FieldKey(response, conditions, marks), node.selection_set
        else:
            inner, type_condition = _fragment(node, spreading)
            label = deferral(node.directives, spreading.switches)
            if type_condition is None and not conditions and not marks and label is None:
                _gather(inner.selections, spreading, draft, above)
                continue
            key = FragmentKey(type_condition, conditions, marks, label)
        entry = draft.entries.setdefault(key, (node, type_condition, conditions, label, _Draft()))
        if inner is not None and not _is_spread(node, entry[-1], above | conditions):
            _gather(inner.selections, spreading, entry[-1], above | conditions)


def _is_spread(node: SelectionNode, draft: _Draft, above: Conditions) -> bool:
    """Whether it is a fragment that is part of the draft already; it is from now on.

    Fragments that spread each other several times over would cost twice as much with each level.
    """
    if not isinstance(node, FragmentSpreadNode):
        return False
    spread = (node.name.value, above)
    is_known = spread in draft.spread
    draft.spread.add(spread)
    return is_known


def _fold(draft: _Draft) -> None:
    """`a @include(if: $x) { b }` beside `a { c }` is `a { c b @include(if: $x) }`."""
    for key, (_, _, conditions, _, inner) in list(draft.entries.items()):
        if isinstance(key, FieldKey) and conditions:
            plain = draft.entries.get(key._replace(conditions=ALWAYS))
            if plain is not None:
                del draft.entries[key]
                _put(plain[-1], inner, conditions)
    for *_, inner in draft.entries.values():
        _fold(inner)


def _put(draft: _Draft, other: _Draft, conditions: Conditions) -> None:
    """Add the entries of another draft, under conditions."""
    for key, (node, type_condition, own, label, inner) in other.entries.items():
        when = own | conditions
        fresh = (node, type_condition, when, label, _Draft())
        known = draft.entries.setdefault(key._replace(conditions=when), fresh)
        _put(known[-1], inner, ALWAYS)


def _fragment(node: SelectionNode, spreading: Spreading) -> tuple[SelectionSetNode, str | None]:
    if isinstance(node, FragmentSpreadNode):
        found = spreading.fragments.get(node.name.value)
        if found is None:
            raise PlanningError("GRAPHQL_VALIDATION_FAILED", f"Unknown fragment {node.name.value}.")
        return found.selection_set, found.type_condition.name.value
    if isinstance(node, InlineFragmentNode):
        condition = node.type_condition
        return node.selection_set, condition.name.value if condition else None
    raise PlanningError("GRAPHQL_VALIDATION_FAILED", f"Unknown selection {node.kind}.")


def _split(
    directives: Iterable[DirectiveNode] | None,
) -> tuple[Conditions | None, tuple[DirectiveNode, ...]]:
    """(@skip and @include as conditions, the other directives); None: never selected."""
    conditions: set[Condition] = set()
    others = []
    for directive in directives or ():
        name = directive.name.value
        if name not in {"skip", "include"}:
            if name != "defer":  # no business of subgraphs
                others.append(directive)
            continue
        wanted = name == "include"
        value = next(item.value for item in directive.arguments or () if item.name.value == "if")
        if isinstance(value, VariableNode):
            conditions.add((value.name.value, wanted))
        elif isinstance(value, BooleanValueNode) and value.value != wanted:
            return None, ()
    if any((name, not value) in conditions for name, value in conditions):
        return None, ()
    return frozenset(conditions), tuple(others)


def _freeze(draft: _Draft) -> tuple[Item, ...]:
    items: list[Item] = []
    for node, type_condition, conditions, label, inner in draft.entries.values():
        directives = _split(node.directives)[1]
        if isinstance(node, FieldNode):
            arguments = tuple(node.arguments or ())
            items.append(
                FieldItem(
                    name=node.name.value,
                    response=node.alias.value if node.alias else node.name.value,
                    signature=signature(node.name.value, arguments),
                    arguments=arguments,
                    directives=directives,
                    conditions=conditions,
                    items=_freeze(inner) or (NOTHING if node.selection_set else ()),
                )
            )
        else:
            items.append(
                FragmentItem(type_condition, directives, conditions, _freeze(inner), label)
            )
    return tuple(items)


def signature(name: str, arguments: tuple[ArgumentNode, ...]) -> str:
    """A call as text; the order of arguments does not matter."""
    if not arguments:
        return name
    return f"{name}({', '.join(sorted(print_ast(argument) for argument in arguments))})"
