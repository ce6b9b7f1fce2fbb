"""@fromContext: arguments whose values are taken from an object above the field's own.

https://www.apollographql.com/docs/graphos/reference/federation/directives#fromcontext
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from graphql import ArgumentNode, NameNode, VariableNode

from router.federation.field_set import parse_field_set
from router.graph.lookup import Node
from router.graph.model import SubgraphField
from router.graph.operation import (
    Conditions,
    FieldItem,
    Item,
    PlanningError,
    field_set_items,
    signature,
)
from router.plan.gather import gather
from router.plan.nodes import Path, RequiredField, RequiredFragment, RequiredSelection
from router.plan.steps import ContextValue, Place, Position, Step
from router.supergraph.model import ContextArgument

if TYPE_CHECKING:
    from collections.abc import Callable

    from router.plan.walk import Walk

ABOVE = ".."


def with_context(
    walk: Walk,
    position: Position,
    node: Node,
    found: SubgraphField,
    conditions: Conditions,
    enter: Callable[[set[Step]], Place],
) -> tuple[Place, dict[str, str]]:
    """A place whose step is given the values, and the variable of each argument.

    `enter` makes a new step into the node that waits for the given ones. Raises PlanningError
    when nothing above offers the context.
    """
    values: dict[str, ContextValue] = {}
    sources: set[Step] = set()
    given: list[tuple[Position, tuple[Item, ...]]] = []
    for argument in found.context_arguments:
        values[argument.name], needed = _value(walk, position, argument, conditions, given)
        sources |= needed
    place = _waiting(walk, position, node, sources, conditions) or enter(sources)
    place.given += given
    step = place.step
    step.depends |= sources
    names = {}
    for name, value in values.items():
        taken = step.contexts.setdefault(value, f"contextualArgument_{len(step.contexts)}")
        names[name] = taken
    return place, names


def _waiting(
    walk: Walk, position: Position, node: Node, sources: set[Step], conditions: Conditions
) -> Place | None:
    """A step into the node that can wait for the sources as well."""
    for place in position.places:
        is_entry = place.node == node and place.is_entry and place.when == conditions
        is_ours = place.step.part is walk.part
        if is_entry and is_ours and not any(source.needs(place.step) for source in sources):
            return place
    return None


def _value(
    walk: Walk,
    position: Position,
    argument: ContextArgument,
    conditions: Conditions,
    given: list[tuple[Position, tuple[Item, ...]]],
) -> tuple[ContextValue, set[Step]]:
    at: Position | None = position
    path: Path = ()
    while at is not None:
        if argument.context in _contexts(walk, at.type_name):
            given.append((at, _selection(argument)))
            required, sources = gather(walk, at, _selection(argument), conditions)
            leaf = _leaf(required)
            return ContextValue((*path, f"... on {at.type_name}", *leaf), argument.type), sources
        if at.origin is None:
            break
        above, name = at.origin
        path = (*path, ABOVE) if name else path
        at = above
    raise PlanningError(
        "UNPLANNABLE",
        f'Argument "{argument.name}" takes its value from the context "{argument.context}", which '
        f"nothing above {'.'.join(position.path)} offers.",
    )


def _contexts(walk: Walk, type_name: str) -> set[str]:
    types = walk.graph.supergraph.types
    names = (type_name, *walk.graph.interfaces.get(type_name, ()))
    unions = [name for name, members in walk.graph.runtime.items() if type_name in members]
    return {context for name in (*names, *unions) for context in types[name].contexts}


def _selection(argument: ContextArgument) -> tuple[Item, ...]:
    text = argument.selection.strip()
    if not text.startswith(("{", "...")):
        text = f"... on {text}"  # a type condition may be written without the dots
    return field_set_items(parse_field_set(text))


def _leaf(required: tuple[RequiredSelection, ...]) -> Path:
    """The response names that lead to the one value selected."""
    first = required[0]
    if isinstance(first, RequiredFragment):
        return _leaf(first.selections)
    name = first.alias or first.name
    below = tuple(item for item in first.selections if isinstance(item, RequiredField))
    return (name, *_leaf(below)) if below else (name,)


def with_arguments(item: FieldItem, variables: dict[str, str]) -> FieldItem:
    """The field with its contextual arguments passed as variables."""
    added = tuple(
        ArgumentNode(name=NameNode(value=name), value=VariableNode(name=NameNode(value=variable)))
        for name, variable in variables.items()
    )
    arguments = (*item.arguments, *added)
    return replace(item, arguments=arguments, signature=signature(item.name, arguments))
