"""A plan while it is being built: steps (future fetches), and positions of the response."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from router.graph.lookup import Node, Provided
from router.graph.operation import ALWAYS, Conditions, Item
from router.plan.nodes import Path, RequiredField, RequiredSelection, ValueSetter
from router.plan.selection import Selection
from router.plan.stages import earliest


class ContextValue(NamedTuple):
    """A value for @fromContext: its variable, where it is found from an entity, and its type."""

    variable: str
    path: Path
    type: str


@dataclass(slots=True, eq=False)
class Part:
    """What one @defer delivers at one place of the response (`path`, without list items).

    It comes after its `parent` (None: what is delivered first); `items` are what it selects.
    """

    label: str
    path: Path
    parent: Part | None
    items: list[Item] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Step:
    """One fetch to come: root selections, or what is asked of the entities at `path`.

    `inputs` holds, by the type representations are matched with, what they are made of;
    `contexts` the values taken from above the entities. `is_for_type` says that it is to tell the
    objects' real type, whatever else is skipped.
    """

    graph: str
    path: Path
    selection: Selection
    is_entity: bool
    inputs: dict[str, list[RequiredField]] = field(default_factory=dict)
    rewrites: dict[str, ValueSetter] = field(default_factory=dict)
    contexts: dict[ContextValue, None] = field(default_factory=dict)
    depends: set[Step] = field(default_factory=set)
    conditions: Conditions = frozenset()
    part: Part | None = None
    is_for_type: bool = False

    def can_join(self, other: Step) -> bool:
        """Whether both, at one stage, can be one request."""
        if (self.graph, self.is_entity) != (other.graph, other.is_entity):
            return False
        if not self.is_entity and self.path != other.path:
            return False
        return self.conditions == other.conditions or self.path == other.path

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

    `is_entry` says that the step was made to enter exactly here, so that it can be given more;
    `given` are the field sets it is sent (each with whose it is), gathered under the conditions
    `when`. `members` limits what objects of a union may be asked as (None: no limit).
    """

    node: Node
    step: Step
    selection: Selection
    provided: Provided = ()
    is_entry: bool = False
    members: frozenset[str] | None = None
    given: list[tuple[Position, tuple[Item, ...]]] = field(default_factory=list)
    when: Conditions = ALWAYS

    def is_plain(self) -> bool:
        """Whether no more than a key is sent to get here."""
        return not any(items for _, items in self.given[1:])


class Gathered(NamedTuple):
    """A field set that is part of what the step of one place selects, and what to send of it."""

    items: tuple[Item, ...]
    place: Place
    required: tuple[RequiredSelection, ...]


@dataclass(slots=True, eq=False)
class Position:
    """Objects of one type at one place of the response, and every step that reaches them.

    `names` are the response names in use at this place of the response, whatever the type, each
    with the calls made under it; they keep what we add from clashing with what was asked for.
    `origin` is the position above and the field that leads here (none for a narrower type).
    With `part`, only what that part delivers is planned here (`router.plan.deferral`).
    """

    path: Path
    type_name: str
    names: dict[str, set[str]]
    places: list[Place] = field(default_factory=list)
    children: dict[tuple[str, str], Position] = field(default_factory=dict)
    internal: dict[str, str] = field(default_factory=dict)
    origin: tuple[Position, str] | None = None
    part: Part | None = None
    plain: Position | None = None
    gathered: dict[tuple[int, Conditions], Gathered] = field(default_factory=dict)

    def undeferred(self) -> Position:
        """The same objects, for what we need of them ourselves: that is not deferred."""
        if self.part is None:
            return self
        if self.plain is None:
            self.plain = replace(self, part=None, children={})
        return self.plain

    def release(self) -> None:
        """Let go of all that leads back here, so that nothing waits for a garbage collection."""
        for position in (self, self.plain):
            if position is not None:
                position.places.clear()
                position.children.clear()

    def place(self, node: Node) -> Place | None:
        """The first place at this node."""
        for place in self.places:
            if place.node == node:
                return place
        return None

    def delays(self) -> dict[Node, int]:
        """How many stages after the first place the objects are at each node."""
        if len(self.places) < 2:
            return {}
        stages = earliest([place.step for place in self.places])
        first = stages[self.places[0].step]
        return {place.node: stages[place.step] - first for place in reversed(self.places)}

    def nodes(self) -> frozenset[Node]:
        """Every node the objects are at."""
        return frozenset(place.node for place in self.places)

    def starts(self) -> dict[Node, Provided]:
        """The same with what is provided there."""
        return {place.node: place.provided for place in reversed(self.places)}

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


@contextmanager
def hidden(position: Position, step: Step) -> Iterator[None]:
    """The position and those below it as if neither the step nor what waits for it were there."""
    kept: list[tuple[Position, list[Place]]] = []
    todo = [position]
    while todo:
        at = todo.pop()
        late = [place for place in at.places if place.step.needs(step)]
        if late:
            kept.append((at, late))
            at.places = [place for place in at.places if place not in late]
        todo.extend(at.children.values())
    try:
        yield
    finally:
        for at, late in kept:
            at.places += late


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
