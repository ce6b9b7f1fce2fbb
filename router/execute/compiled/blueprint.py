"""What is generated from: the plan's steps against the layout, and which lists are kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from graphql import FieldNode

from router.execute.compiled.classes import Classes
from router.execute.compiled.lay_out import Layout, operation_selections
from router.execute.compiled.layout import Node, Source
from router.execute.compiled.requirements import Requirement, requirement
from router.execute.compiled.uncovered import Uncovered
from router.execute.prepared import PreparedOperation
from router.execute.requests import EntityRequest, RootRequest
from router.execute.schedule import Step
from router.plan.nodes import EntityGroup

ROOT_SLOT = 0


@dataclass(slots=True, eq=False)
class Group:
    """One `_entities` selection of a step: what it asks about, and where its targets are kept."""

    source: Source
    plan: EntityGroup
    requirements: list[Requirement]
    slot: int


@dataclass(slots=True, eq=False)
class Work:
    """A step of the plan. `before` are the numbers of all steps that have ended when it starts."""

    step: Step
    before: frozenset[int]
    groups: list[Group] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Blueprint:
    """Everything about one operation that code is generated from.

    A run's state is a list: the root first, then for each group its targets, then for some nodes
    their objects (`kept_lists`: by node the step that makes the list, and its slot).
    """

    layout: Layout
    classes: Classes
    works: list[Work] = field(default_factory=list)
    root_sources: list[Source] = field(default_factory=list)
    kept_lists: dict[int, tuple[int, int]] = field(default_factory=dict)
    slots: int = ROOT_SLOT + 1

    def new_slot(self) -> int:
        """One more place in the state."""
        self.slots += 1
        return self.slots - 1

    def group_sources(self, node: Node) -> list[Source]:
        """The groups whose answers add to the objects of a node."""
        found = [source for cell in node.kept() for source in cell.sources]
        return [source for source in dict.fromkeys(found) if source != node.creator]


def blueprint(operation: PreparedOperation, booleans: Mapping[str, bool]) -> Blueprint:
    """Walk the plan. Raises Uncovered."""
    if operation.kind != "query":
        raise Uncovered(f"a {operation.kind}")
    if operation.introspection is not None:
        raise Uncovered("introspection")
    layout = Layout(operation, booleans)
    made = Blueprint(layout, Classes(operation.schema.api))
    before: dict[int, frozenset[int]] = {step.number: frozenset() for step in operation.steps}
    for step in operation.steps:
        work = Work(step, before[step.number])
        if all(booleans.get(name, False) is value for name, value in step.guards):
            _add_request(made, work)
            made.works.append(work)
        else:
            made.works.append(Work(_without_request(step), work.before))
        for after in step.then:
            before[after] |= work.before | {step.number}
    _check_complete(layout)
    for work in made.works:
        for group in work.groups:
            group.requirements = [item for item in group.requirements if _is_alive(item.node)]
    return made


def _without_request(step: Step) -> Step:
    return Step(step.number, None, step.waits, step.then, step.guards)


def _add_request(made: Blueprint, work: Work) -> None:
    request = work.step.request
    match request:
        case RootRequest():
            if request.path or request.rewrites:
                raise Uncovered("a request whose answer belongs below the root, or is rewritten")
            source = (work.step.number, 0)
            made.root_sources.append(source)
            made.layout.add(operation_selections(request.operation), [made.layout.root], source)
        case EntityRequest():
            selections = operation_selections(request.operation)
            by_alias = {
                (item.alias or item.name).value: item
                for item in selections
                if isinstance(item, FieldNode)
            }
            for index, group in enumerate(request.groups):
                work.groups.append(
                    _group(made, group, (work.step.number, index), by_alias[group.alias], request)
                )


def _group(
    made: Blueprint, plan: EntityGroup, source: Source, selected: FieldNode, request: EntityRequest
) -> Group:
    if plan.context_rewrites or plan.input_rewrites or plan.output_rewrites:
        raise Uncovered("a request that is rewritten")
    layout = made.layout
    nodes = dict.fromkeys(node for path in plan.paths for node in layout.nodes_at(path))
    found = [requirement(layout, node, plan.requires, request.subgraph) for node in nodes]
    requirements = [item for item in found if item is not None]
    asked = [item.node for item in requirements]
    if asked and selected.selection_set:
        layout.add(selected.selection_set.selections, asked, source)
    return Group(source, plan, requirements, made.new_slot())


def _check_complete(layout: Layout) -> None:
    """A field that nobody gives is null; one that must not be null makes its type impossible."""
    for spot in layout.spots:
        spot.nodes = [node for node in spot.nodes if not spot.is_tagged or _is_possible(node)]
        if not spot.nodes:
            raise Uncovered(f"{spot.cell.name}, no type of which is answered in full")
    nodes = [layout.root, *(node for spot in layout.spots for node in spot.nodes)]
    for node in nodes:
        if not _is_possible(node):
            raise Uncovered(f"{node.typename}, which is not answered in full")


def _is_alive(node: Node) -> bool:
    return node.spot is None or (node in node.spot.nodes and _is_alive(node.spot.within))


def _is_possible(node: Node) -> bool:
    return all(
        cell.type is None or cell.sources or not cell.type.is_required
        for cell in node.cells.values()
        if cell.is_visible
    )
