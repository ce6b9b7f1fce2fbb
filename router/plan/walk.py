"""Walks an operation through the graph and builds the steps that answer it.

At each position of the response every selected field is given to a node (subgraph and type): the
one the objects are at already where possible, else one they can enter by a key. What a key or a
@requires needs is selected by the same walk, as if it had been asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from router.graph.build import is_list
from router.graph.lookup import Node
from router.graph.model import Graph, SubgraphField
from router.graph.operation import (
    ALWAYS,
    Conditions,
    FieldItem,
    FragmentItem,
    Item,
    PlanningError,
)
from router.graph.reach import Reach
from router.plan import abstract, deferral
from router.plan.assign import Wanted, assign
from router.plan.choices import Choices
from router.plan.context import with_arguments, with_context
from router.plan.deferred_fields import part_below
from router.plan.enter import Extra, enter, make_entry, with_required
from router.plan.nodes import Path
from router.plan.sharing import shared_members
from router.plan.steps import Part, Place, Position, Step
from router.supergraph.model import Kind
from router.supergraph.type_names import innermost


@dataclass(slots=True)
class Walk:
    """One walk: the steps made so far, and the response names in use by place.

    `part` is the deferred part that is being planned, `later` what has been put off.
    """

    graph: Graph
    reach: Reach
    steps: list[Step] = field(default_factory=list)
    traces: list[set[Step]] = field(default_factory=list)
    shared: dict[Path, Position] = field(default_factory=dict)
    choices: Choices = field(default_factory=Choices)
    parts: Mapping[deferral.PartKey, Part] = field(default_factory=dict)
    later: list[deferral.PutOff] = field(default_factory=list)
    part: Part | None = None
    positions: list[Position] = field(default_factory=list)
    contextual: dict[tuple[Node, str, str], int] = field(default_factory=dict)

    def new_step(self, step: Step) -> Step:
        """Remember a step."""
        self.steps.append(step)
        return step

    def is_interface_object(self, node: Node) -> bool:
        """Whether the subgraph knows the interface only as an object."""
        view = self.graph.view(*node)
        return view is not None and view.is_interface_object

    def asking(self) -> Choices:
        """The decisions to follow: for keys and @requires the rules alone, which always end."""
        return Choices() if self.traces else self.choices

    def touch(self, step: Step) -> None:
        """Whoever is gathering now depends on this step."""
        for trace in self.traces:
            trace.add(step)


def register(walk: Walk, responses: Path, items: Iterable[Item]) -> None:
    """Note every response name of the operation, so that nothing we add clashes with one."""
    anchor = walk.shared.setdefault(responses, Position(responses, "", {}))
    for item in items:
        if isinstance(item, FragmentItem):
            register(walk, responses, item.items)
        else:
            anchor.names.setdefault(item.response, set()).add(item.signature)
            register(walk, (*responses, item.response), item.items)


def variant(walk: Walk, path: Path, type_name: str) -> Position:
    """A position for one type, sharing response names with others at the same place."""
    responses = tuple(element for element in path if element != "@")
    anchor = walk.shared.setdefault(responses, Position(responses, "", {}))
    position = Position(path, type_name, anchor.names, internal=anchor.internal)
    walk.positions.append(position)
    return position


def select(
    walk: Walk,
    position: Position,
    items: tuple[Item, ...],
    via: Place | None,
    conditions: Conditions,
) -> None:
    """Plan all items for the objects of a position, first tried where `via` has them.

    Raises PlanningError for a field that no subgraph within reach resolves.
    """
    if via is not None and abstract.is_abstract(walk.graph, via.node):
        abstract.select(walk, position, items, via, conditions)
        return
    wanted: list[Wanted] = []
    truth: list[FragmentItem | FieldItem] = []
    _flatten(walk, position, items, conditions, wanted, truth)
    if truth:
        abstract.select_truth(walk, position, tuple(truth))
    wanted = [entry for entry in wanted if not _is_repeated(entry, wanted)]
    for node, item, when in assign(walk.reach, position, wanted, walk.asking()):
        take(walk, position, node, item, when)


def _is_repeated(entry: Wanted, wanted: list[Wanted]) -> bool:
    """Whether a leaf is selected under fewer conditions anyway."""
    item, conditions = entry
    if not conditions or item.items:
        return False
    return any(
        (other.response, other.directives) == (item.response, item.directives) and when < conditions
        for other, when in wanted
    )


def _flatten(
    walk: Walk,
    position: Position,
    items: tuple[Item, ...],
    conditions: Conditions,
    wanted: list[Wanted],
    truth: list[FragmentItem | FieldItem],
) -> None:
    """Fields for objects of one type; what only an object's real type can tell goes to `truth`."""
    is_interface = walk.graph.supergraph.types[position.type_name].kind is not Kind.OBJECT
    for item in items:
        when = conditions | item.conditions if item.conditions else conditions
        if isinstance(item, FragmentItem):
            if item.label is not None:
                deferral.put_off(walk, position, None, item, when)
            elif walk.reach.covers(item.type_condition, position.type_name):
                _flatten(walk, position, item.items, when, wanted, truth)
            elif is_interface:
                truth.append(FragmentItem(item.type_condition, item.directives, when, item.items))
        elif item.name == "__typename":
            if walk.reach.is_root(position.type_name) and not position.path:
                continue
            if is_interface:
                truth.append(item)
            else:
                typename(walk, position)
        elif not item.name.startswith("__"):
            wanted.append((item, when))


def typename(walk: Walk, position: Position) -> None:
    """Make sure that the objects' `__typename` is in the response.

    Objects of one known type need one that says so; an interface may be named by itself, as a
    subgraph that has it as an object does.
    """
    places = position.places
    if walk.graph.supergraph.types[position.type_name].kind is Kind.OBJECT:
        real = [place for place in places if not walk.is_interface_object(place.node)]
        places = real or places
    for place in places[:1]:
        place.selection.typename()
        walk.touch(place.step)


def take(
    walk: Walk, position: Position, node: Node, item: FieldItem, conditions: Conditions
) -> None:
    """Select one field at a node, entering it first where needed, and go on below it."""
    known = position.place(node)
    found = walk.reach.local(node, item.name, known.provided if known else ())
    if found is None:
        raise PlanningError("UNPLANNABLE", f"{node.type_name}.{item.name} cannot be reached.")
    if found.context_arguments:
        place, variables = with_context(
            walk,
            position,
            node,
            found,
            conditions,
            lambda sources: make_entry(walk, position, node, conditions, Extra(sources=sources)),
        )
        item = with_arguments(item, variables)
    elif found.requires is not None:
        place = with_required(walk, position, node, found, conditions)
    else:
        place = enter(walk, position, node, conditions, item)
    if abstract.is_abstract(walk.graph, node):
        abstract.select(walk, position, (item,), place, conditions)
        return
    add_field(walk, position, place, found, item, conditions)


def add_field(
    walk: Walk,
    position: Position,
    place: Place,
    found: SubgraphField,
    item: FieldItem,
    conditions: Conditions,
) -> None:
    """Put a field into a place's selection and plan what is selected below it."""
    walk.touch(place.step)
    walk.choices.fields += 1
    below = place.selection.add(
        item, item.response, found.target if item.items else None, conditions
    )
    if below is None:
        return
    lists = is_list(found.type)
    path = (*position.path, item.response, *("@",) * lists)
    node = Node(place.node.graph, found.target)
    child = position.children.get((item.response, found.target))
    known = child.place(node) if child else None
    if child is None or (known is not None and known.selection is not below):
        child = variant(walk, path, found.target)
        child.origin = (position, item.name)
        child.part = part_below(walk.reach, position, place)
        position.children[item.response, found.target] = child
        known = None
    inner = known or Place(
        node,
        place.step,
        below,
        walk.reach.provided_below(place.node, found, place.provided),
        members=shared_members(walk.reach, position, item.name),
    )
    if known is None:
        child.places.append(inner)
    if _is_abstract_for_clients(walk, position, item) and not walk.is_interface_object(node):
        below.typename()
    select(walk, child, item.items, inner, ALWAYS)


def _is_abstract_for_clients(walk: Walk, position: Position, item: FieldItem) -> bool:
    types = walk.graph.supergraph.types
    merged = types[position.type_name].fields.get(item.name)
    if merged is None:
        return False
    kind = types[innermost(merged.type)].kind
    return kind is Kind.INTERFACE or kind is Kind.UNION
