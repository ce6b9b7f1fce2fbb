"""Steps -> plan nodes: by stages, fetches of one subgraph at one stage as one request."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from graphql import OperationDefinitionNode, VariableDefinitionNode

from router.graph.model import Graph
from router.graph.operation import Conditions, Operation
from router.plan.conflicts import separate
from router.plan.nodes import (
    BatchFetch,
    Condition,
    EntityGroup,
    Fetch,
    Flatten,
    KeyRenamer,
    OperationKind,
    Parallel,
    Path,
    PlanNode,
    RequiredFragment,
    Sequence,
)
from router.plan.selection import SelectedFragment, Selection, compact, text, variables
from router.plan.stages import levels
from router.plan.steps import Step


class Emitter:
    """Numbers and names the fetches of one plan.

    A request that answers a step in `awaited` gets an id, which `ids` tells.
    """

    def __init__(self, graph: Graph, operation: Operation) -> None:
        self.graph = graph
        self.operation = operation
        self.definitions = _definitions(operation.node)
        self.number = 0
        self.awaited: set[Step] = set()
        self.ids: dict[Step, int] = {}

    def emit(self, steps: list[Step], kind: OperationKind) -> PlanNode | None:
        """The plan of these steps, None when there are none."""
        stages = [self._stage(stage, kind) for stage in levels(steps)]
        if not stages:
            return None
        return stages[0] if len(stages) == 1 else Sequence(tuple(stages))

    def _stage(self, steps: list[Step], kind: OperationKind) -> PlanNode:
        nodes = [self._request(group, kind, when) for when, group in _requests(steps)]
        return nodes[0] if len(nodes) == 1 else Parallel(tuple(nodes))

    def _request(self, steps: list[Step], kind: OperationKind, when: Conditions) -> PlanNode:
        node = self._entities(steps) if steps[0].is_entity else self._root(steps, kind)
        for variable, wanted in sorted(when):
            node = Condition(variable, node, None) if wanted else Condition(variable, None, node)
        return node

    def _root(self, steps: list[Step], kind: OperationKind) -> PlanNode:
        merged, path = steps[0].selection, steps[0].path
        kind = "query" if path else kind
        for step in steps[1:]:
            merge(merged, step.selection)
        used = variables(merged)
        rewrites = separate(self.graph, steps[0].graph, merged)
        name = self._name(steps[0].graph)
        keyword = "" if kind == "query" and not used and not name else kind
        header = f"{keyword}{f' {name}' if name else ''}{self._declare(used, ())}"
        fetch = Fetch(
            subgraph=self.graph.subgraph_name(steps[0].graph),
            operation=header + text(merged),
            kind=kind,
            operation_name=name,
            variable_usages=tuple(used),
            output_rewrites=rewrites,
            id=self._id(steps),
        )
        return Flatten(path, fetch) if path else fetch

    def _entities(self, steps: list[Step]) -> PlanNode:
        grouped = _groups(steps)
        alone = len(grouped) == 1
        groups = tuple(self._group(None if alone else n, group) for n, group in enumerate(grouped))
        name = self._name(steps[0].graph)
        used: dict[str, None] = {}
        fields = []
        for group, (first, *_) in zip(groups, grouped, strict=True):
            used |= variables(first.selection)
            alias = f"{group.alias}:" if group.alias != "_entities" else ""
            arguments = f"(representations:${group.variable})"
            fields.append(f"{alias}_entities{arguments}{text(first.selection)}")
        contexts = {
            value.variable: f"${value.variable}:{value.type}"
            for first, *_ in grouped
            for value in first.contexts
        }
        declared = self._declare(used, [group.variable for group in groups], contexts)
        batch = BatchFetch(
            subgraph=self.graph.subgraph_name(steps[0].graph),
            operation=f"query{f' {name}' if name else ''}{declared}{{{' '.join(fields)}}}",
            groups=groups,
            operation_name=name,
            variable_usages=tuple(used),
            id=self._id(steps),
        )
        # A plain entity fetch always calls its variable so; a client may have taken the name.
        is_single = len(groups[0].paths) == 1 and groups[0].variable == "representations"
        return _single(batch) if is_single else batch

    def _group(self, number: int | None, steps: list[Step]) -> EntityGroup:
        step = steps[0]
        rewrites = separate(self.graph, step.graph, step.selection)
        variable = "representations" if number is None else f"r{number}"
        while variable in self.definitions:
            variable = f"_{variable}"
        return EntityGroup(
            alias="_entities" if number is None else f"_e{number}",
            variable=variable,
            paths=tuple(dict.fromkeys(step.path for step in steps)),
            requires=_requires(step),
            input_rewrites=tuple(step.rewrites.values()),
            output_rewrites=rewrites,
            context_rewrites=tuple(
                KeyRenamer(value.path, value.variable) for value in step.contexts
            ),
        )

    def _id(self, steps: list[Step]) -> int | None:
        if self.awaited.isdisjoint(steps):
            return None
        number = max(self.ids.values(), default=-1) + 1
        self.ids |= dict.fromkeys(steps, number)
        return number

    def _name(self, graph: str) -> str | None:
        """`<Operation>__<subgraph>__<n>`, when the client named its operation."""
        number, self.number = self.number, self.number + 1
        if self.operation.name is None:
            return None
        subgraph = re.sub(r"[^_0-9A-Za-z]", "_", self.graph.subgraph_name(graph))
        return f"{self.operation.name}__{subgraph}__{number}"

    def _declare(
        self,
        used: Iterable[str],
        representations: Iterable[str],
        contexts: Mapping[str, str] = MappingProxyType({}),
    ) -> str:
        known = {**self.definitions, **contexts}
        declared = [f"${name}:[_Any!]!" for name in representations]
        declared += [known[name] for name in used if name in known]
        return f"({','.join(declared)})" if declared else ""


def _single(batch: BatchFetch) -> Flatten:
    """A batch of one group at one path, as the plain node it is."""
    group = batch.groups[0]
    fetch = Fetch(
        subgraph=batch.subgraph,
        operation=batch.operation,
        operation_name=batch.operation_name,
        variable_usages=batch.variable_usages,
        requires=group.requires,
        input_rewrites=group.input_rewrites,
        output_rewrites=group.output_rewrites,
        context_rewrites=group.context_rewrites,
        id=batch.id,
    )
    return Flatten(group.paths[0], fetch)


def _definitions(node: OperationDefinitionNode) -> Mapping[str, str]:
    return {
        definition.variable.name.value: _definition(definition)
        for definition in node.variable_definitions or ()
    }


def _definition(node: VariableDefinitionNode) -> str:
    default = f"={compact(node.default_value)}" if node.default_value is not None else ""
    return f"${node.variable.name.value}:{compact(node.type)}{default}"


def _requires(step: Step) -> tuple[RequiredFragment, ...]:
    return tuple(RequiredFragment(name, tuple(fields)) for name, fields in step.inputs.items())


def _groups(steps: list[Step]) -> list[list[Step]]:
    """Steps that can share one `_entities`: those at one path, then those that ask the same."""
    by_path: dict[Path, Step] = {}
    for step in steps:
        known = by_path.get(step.path)
        if known is None or not _absorb(known, step):
            by_path[(*step.path, f"#{len(by_path)}") if known else step.path] = step
    if len(by_path) == 1:
        return [list(by_path.values())]
    groups: dict[object, list[Step]] = {}
    for step in by_path.values():
        key = (text(step.selection), _requires(step), tuple(step.rewrites.values()))
        groups.setdefault(key, []).append(step)
    return list(groups.values())


def _requests(steps: list[Step]) -> Iterator[tuple[Conditions, list[Step]]]:
    """The steps of a stage by request, each with the conditions to send it under.

    What a subgraph is asked about one place is one request, whatever parts of it depend on. Values
    from above belong to the whole request, so one with such values is for a single place.
    """
    shared: dict[tuple[str, Path], Conditions] = {}
    for step in steps:
        place = step.graph, step.path
        shared[place] = shared.get(place, step.conditions) & step.conditions
    contextual = {(step.graph, step.path) for step in steps if step.contexts}
    together: dict[tuple[str, bool, Conditions, Path | None], list[Step]] = {}
    for step in steps:
        place = step.graph, step.path
        if place in contextual:
            path: Path | None = step.path
            key = (step.graph, step.is_entity, step.conditions, path)
        else:
            path = None if step.is_entity else step.path
            key = (step.graph, step.is_entity, shared[place], path)
        together.setdefault(key, []).append(step)
    for (_, is_entity, when, path), group in together.items():
        for part in _groups(group) if is_entity and path is not None else [group]:
            yield when, part


def _absorb(step: Step, other: Step) -> bool:
    """Add another step at the same path to this one; False when their inputs cannot be one."""
    for name, fields in other.inputs.items():
        if step.inputs.get(name, fields) != fields or step.rewrites.get(name) != other.rewrites.get(
            name, step.rewrites.get(name)
        ):
            return False
    step.inputs |= other.inputs
    step.rewrites |= other.rewrites
    step.contexts |= other.contexts
    merge(step.selection, other.selection)
    return True


def merge(selection: Selection, other: Selection) -> None:
    """Add what another selection has to this one, after what is there."""
    for key, entry in other.entries.items():
        known = selection.entries.get(key)
        if known is None:
            selection.entries[key] = entry
        elif known.selection is not None and entry.selection is not None:
            merge(known.selection, entry.selection)


def common_conditions(selection: Selection) -> Conditions:
    """What every entry of a selection depends on."""
    found: Conditions | None = None
    for entry in selection.entries.values():
        if isinstance(entry, SelectedFragment):
            conditions = common_conditions(entry.selection)
        elif entry.name == "__typename":
            continue
        else:
            conditions = entry.conditions
        found = conditions if found is None else found & conditions
    return found or frozenset()
