"""The selections of a fetch while it is being built, and their text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from graphql import (
    ArgumentNode,
    DirectiveNode,
    Node,
    VariableNode,
    print_ast,
    strip_ignored_characters,
)

from router.graph.operation import ALWAYS, Conditions, FieldItem


@dataclass(slots=True)
class SelectedField:
    """A field in a fetch; `selection` is None for a leaf."""

    name: str
    response: str
    arguments: tuple[ArgumentNode, ...] = ()
    directives: tuple[DirectiveNode, ...] = ()
    conditions: Conditions = ALWAYS
    selection: Selection | None = None


@dataclass(slots=True)
class SelectedFragment:
    """Selections for objects of one type."""

    type_condition: str
    selection: Selection


@dataclass(slots=True)
class Selection:
    """What is selected on `type_name` (as the subgraph knows it), each entry once."""

    type_name: str
    entries: dict[object, SelectedField | SelectedFragment] = field(default_factory=dict)

    def add(
        self, item: FieldItem, response: str, target: str | None, conditions: Conditions
    ) -> Selection | None:
        """Select a field under `response`; `target` is the type below, None for a leaf."""
        marks = tuple(map(print_ast, item.directives))
        key = (response, conditions, marks)
        found = self.entries.get(key)
        if found is None and target is None:
            found = self.entries.get((response, ALWAYS, marks))
        if not isinstance(found, SelectedField):
            below = Selection(target) if target else None
            found = SelectedField(
                item.name, response, item.arguments, item.directives, conditions, below
            )
            self.entries[key] = found
        return found.selection

    def fragment(self, type_condition: str) -> Selection:
        """The selections of one type, made where they are missing."""
        if type_condition == self.type_name:
            return self
        found = self.entries.get(type_condition)
        if not isinstance(found, SelectedFragment):
            found = SelectedFragment(type_condition, Selection(type_condition))
            self.entries[type_condition] = found
        return found.selection

    def typename(self) -> None:
        """Select `__typename`."""
        key = ("__typename", ALWAYS, ())
        self.entries.setdefault(key, SelectedField("__typename", "__typename"))


def is_empty(selection: Selection) -> bool:
    """Whether nothing at all would be printed."""
    return all(
        isinstance(entry, SelectedFragment) and is_empty(entry.selection)
        for entry in selection.entries.values()
    )


def text(selection: Selection) -> str:
    """Compact GraphQL text, braces included; an empty selection asks for `__typename`."""
    parts = [part for entry in selection.entries.values() for part in _entry(entry)]
    return "{" + (" ".join(parts) or "__typename") + "}"


def _entry(entry: SelectedField | SelectedFragment) -> Iterator[str]:
    if isinstance(entry, SelectedFragment):
        if not is_empty(entry.selection):
            yield f"...on {entry.type_condition}{text(entry.selection)}"
        return
    name = entry.name if entry.name == entry.response else f"{entry.response}:{entry.name}"
    if not (entry.arguments or entry.directives or entry.conditions):
        yield name if entry.selection is None else name + text(entry.selection)
        return
    arguments = ",".join(compact(argument) for argument in entry.arguments)
    marks = "".join(compact(directive) for directive in entry.directives)
    below = text(entry.selection) if entry.selection is not None else ""
    conditions = sorted(entry.conditions)
    inner = conditions_text(frozenset(conditions[:1]))
    body = f"{name}{f'({arguments})' if arguments else ''}{marks}{inner}{below}"
    for condition in conditions[1:]:
        # @include is not repeatable: each further condition takes a fragment of its own.
        body = f"...{conditions_text(frozenset([condition]))}{{{body}}}"
    yield body


def conditions_text(conditions: Conditions) -> str:
    """At most one condition, as a directive."""
    return "".join(f"@{'include' if wanted else 'skip'}(if:${name})" for name, wanted in conditions)


def compact(node: Node) -> str:
    """A node without the spaces GraphQL does not need."""
    return strip_ignored_characters(print_ast(node))


def variables(selection: Selection) -> dict[str, None]:
    """The variables used, in order of use."""
    names: dict[str, None] = {}
    for entry in selection.entries.values():
        if isinstance(entry, SelectedFragment):
            names |= variables(entry.selection)
            continue
        for node in (*entry.arguments, *entry.directives):
            names |= dict.fromkeys(_variables(node))
        if entry.conditions:
            names |= {name: None for name, _ in sorted(entry.conditions)}
        if entry.selection is not None:
            names |= variables(entry.selection)
    return names


def _variables(node: object) -> Iterator[str]:
    if isinstance(node, VariableNode):
        yield node.name.value
    elif isinstance(node, Node):
        for key in node.keys:
            if key not in {"loc", "name"}:
                yield from _variables(getattr(node, key, None))
    elif isinstance(node, tuple | list):
        for item in node:
            yield from _variables(item)
