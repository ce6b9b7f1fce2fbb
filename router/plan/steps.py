"""A plan while it is being built: steps (future fetches), and positions of the response."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from router.plan.nodes import Path, RequiredField, RequiredSelection, ValueSetter
from router.plan.operation import Conditions
from router.plan.reach import Node, Provided
from router.plan.selection import Selection


@dataclass(slots=True, eq=False)
class Step:
    """One fetch to come: root selections, or what is asked of the entities at `path`.

    `inputs` holds, by the type representations are matched with, what they are made of.
    """

    graph: str
    path: Path
    selection: Selection
    is_entity: bool
    inputs: dict[str, list[RequiredField]] = field(default_factory=dict)
    rewrites: dict[str, ValueSetter] = field(default_factory=dict)
    depends: set[Step] = field(default_factory=set)
    conditions: Conditions = frozenset()

    def needs(self, other: Step) -> bool:
        """Whether this step waits for the other one, directly or not."""
        seen: set[Step] = set()
        todo = [self]
        while todo:
            step = todo.pop()
            if step is other:
                return True
            if step not in seen:
                seen.add(step)
                todo.extend(step.depends)
        return False


@dataclass(slots=True, eq=False)
class Place:
    """Where the objects of a position are within one step: select there to know more of them.

    `is_entry` says that the step was made to enter exactly here, so that it can be given more.
    """

    node: Node
    step: Step
    selection: Selection
    provided: Provided = ()
    is_entry: bool = False


@dataclass(slots=True, eq=False)
class Position:
    """Objects of one type at one place of the response, and every step that reaches them.

    `names` are the response names in use at this place of the response, whatever the type, each
    with the calls made under it; they keep what we add from clashing with what was asked for.
    """

    path: Path
    type_name: str
    names: dict[str, set[str]]
    places: list[Place] = field(default_factory=list)
    children: dict[tuple[str, str], Position] = field(default_factory=dict)
    internal: dict[str, str] = field(default_factory=dict)

    def place(self, node: Node) -> Place | None:
        """The first place at this node."""
        return next((place for place in self.places if place.node == node), None)

    def nodes(self) -> frozenset[Node]:
        """Every node the objects are at."""
        return frozenset(place.node for place in self.places)

    def response_name(self, signature: str, name: str) -> str:
        """The name under which we may add a call; another than its own only to avoid a clash."""
        known = self.internal.get(signature)
        if known is not None:
            return known
        number, free = 0, name
        while self.names.get(free, {signature}) != {signature}:
            free, number = f"__{name}_{number}", number + 1
        self.names.setdefault(free, set()).add(signature)
        self.internal[signature] = free
        return free


def with_inputs(
    required: list[RequiredField], more: tuple[RequiredSelection, ...]
) -> list[RequiredField] | None:
    """Both together; None when one name would have to carry two different values."""
    merged = list(required)
    for item in more:
        if not isinstance(item, RequiredField):
            continue
        for index, old in enumerate(merged):
            if old.name == item.name:
                if (old.alias or old.name) != (item.alias or item.name):
                    return None
                merged[index] = _united(old, item)
                break
        else:
            merged.append(item)
    return merged


def _united(old: RequiredField, new: RequiredField) -> RequiredField:
    selections = list(old.selections)
    for item in new.selections:
        if item not in selections:
            if isinstance(item, RequiredField):
                for index, other in enumerate(selections):
                    if isinstance(other, RequiredField) and other.name == item.name:
                        selections[index] = _united(other, item)
                        break
                else:
                    selections.append(item)
            else:
                selections.append(item)
    return RequiredField(old.name, old.alias, tuple(selections))


def levels(steps: list[Step]) -> Iterator[list[Step]]:
    """Steps by stage: each as early as what it waits for allows, in the order they were made."""
    done: set[Step] = set()
    left = list(steps)
    while left:
        ready = [step for step in left if step.depends <= done]
        if not ready:
            raise AssertionError("steps wait for each other in a circle")
        yield ready
        done.update(ready)
        left = [step for step in left if step not in done]
