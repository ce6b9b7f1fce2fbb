"""@fromContext: arguments whose values are taken from an object above the field's own.

https://www.apollographql.com/docs/graphos/reference/federation/directives#fromcontext
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from graphql import ArgumentNode, NameNode, VariableNode

from router.graph.context_selection import context_items
from router.graph.lookup import Node
from router.graph.model import SubgraphField
from router.graph.operation import (
    Conditions,
    FieldItem,
    Item,
    PlanningError,
    signature,
)
from router.plan.gather import gather
from router.plan.nodes import Path, RequiredField, RequiredSelection
from router.plan.steps import ContextValue, Place, Position, Step
from router.supergraph.model import ContextArgument

if TYPE_CHECKING:
    from collections.abc import Callable

    from router.plan.walk import Walk

ABOVE = ".."


@dataclass(frozen=True, slots=True)
class Source:
    """Where an argument finds its value: `up` objects above its own, there in one of `leaves`."""

    argument: ContextArgument
    up: int
    leaves: tuple[Path, ...]


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
    steps: set[Step] = set()
    given: list[tuple[Position, tuple[Item, ...]]] = []
    sources = []
    for argument in found.context_arguments:
        source, needed = _source(walk, position, argument, conditions, given)
        sources.append(source)
        steps |= needed
    nearest = min(source.up for source in sources)
    known = _waiting(walk, position, node, steps, conditions, nearest)
    place, up = known or (enter(steps), 0)
    place.given += given
    step = place.step
    step.depends |= steps
    names = {}
    for source in sources:
        argument = source.argument
        key = (node, found.name, argument.name)
        number = walk.contextual.setdefault(key, len(walk.contextual))
        names[argument.name] = variable = f"contextualArgument_{number}"
        for leaf in source.leaves:
            path = (*(ABOVE,) * (source.up - up), *leaf)
            step.contexts[ContextValue(variable, path, argument.type)] = None
    return place, names


def _waiting(
    walk: Walk,
    position: Position,
    node: Node,
    sources: set[Step],
    conditions: Conditions,
    nearest: int,
) -> tuple[Place, int] | None:
    """A place at the node whose step can wait for the sources as well, and how far above it enters.

    It must enter at or below the `nearest` object with a value, so that each entity has its own.
    """
    for place in position.places:
        step = place.step
        if place.node != node or not step.is_entity or step.part is not walk.part:
            continue
        if any(source.needs(step) for source in sources):
            continue
        if place.is_entry and place.when == conditions:
            return place, 0
        up = _height(position, step.path)
        if place.is_entry or conditions or up is None or up > nearest:
            continue
        return place, up
    return None


def _height(position: Position, path: Path) -> int | None:
    """How many objects above a position those at the path are; None when they are not above."""
    up, at = 0, position
    while at.path != path:
        if at.origin is None:
            return None
        at, name = at.origin
        up += bool(name)
    return up


def _source(
    walk: Walk,
    position: Position,
    argument: ContextArgument,
    conditions: Conditions,
    given: list[tuple[Position, tuple[Item, ...]]],
) -> tuple[Source, set[Step]]:
    at: Position | None = position
    up = 0
    while at is not None:
        if argument.context in _contexts(walk, at.type_name):
            given.append((at, context_items(argument.selection)))
            required, steps = gather(walk, at, context_items(argument.selection), conditions)
            return Source(argument, up, tuple(_leaves(walk, at.type_name, required))), steps
        if at.origin is None:
            break
        at, name = at.origin
        up += bool(name)
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


def _leaves(walk: Walk, type_name: str, required: tuple[RequiredSelection, ...]) -> Iterator[Path]:
    """Where the value is in objects of a type: each object has it in one of these places."""
    for item in required:
        if isinstance(item, RequiredField):
            yield (f"... on {type_name}", *_leaf(item))
        elif walk.reach.covers(item.type_condition, type_name):
            yield from _leaves(walk, type_name, item.selections)
        elif item.type_condition in walk.graph.runtime.get(type_name, ()):
            yield from _leaves(walk, item.type_condition, item.selections)


def _leaf(item: RequiredField) -> Path:
    """The response names that lead to the one value selected."""
    name = item.alias or item.name
    below = [inner for inner in item.selections if isinstance(inner, RequiredField)]
    return (name, *_leaf(below[0])) if below else (name,)


def with_arguments(item: FieldItem, variables: dict[str, str]) -> FieldItem:
    """The field with its contextual arguments passed as variables."""
    added = tuple(
        ArgumentNode(name=NameNode(value=name), value=VariableNode(name=NameNode(value=variable)))
        for name, variable in variables.items()
    )
    arguments = (*item.arguments, *added)
    return replace(item, arguments=arguments, signature=signature(item.name, arguments))
