"""Can every field be reached from every place where a client may ask for it?

Walks the API's types along all their fields, and at each place keeps every node of the query graph
that the objects there can be at. What a place knows are those nodes and all that keys lead to from
them, with what is provided there, and the contexts set above: a place that knows all that one of
its type visited before knew is not walked on, so that no schema explodes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations

from router.compose.satisfiability_conditions import SettledReach
from router.compose.satisfiability_hidden import hidden_elements
from router.compose.satisfiability_reasons import Trail, unreachable, unresolved
from router.compose.satisfiability_sharing import runtime_mismatch
from router.compose.satisfiability_visited import Visited
from router.diagnostics import Diagnostic, Level
from router.graph.build import build
from router.graph.entering import Hop
from router.graph.lookup import Node, Provided
from router.graph.model import Graph
from router.graph.operation import ALWAYS, FieldItem
from router.supergraph.model import Kind, Supergraph
from router.supergraph.type_names import innermost

SEARCH_BUDGET = 1_000_000_000
# Labels of @override that are tried in every combination; more are tried alone and all at once.
FEW_LABELS = 4
COMPOSITE = frozenset({Kind.OBJECT, Kind.INTERFACE, Kind.UNION})
Starts = Mapping[Node, Provided]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a client may be: objects of a type at some nodes, below types that set `contexts`.

    `offered` are those that the objects' own types set, for what is below them.
    """

    type_name: str
    starts: Starts
    contexts: frozenset[str]
    offered: frozenset[str]
    trail: Trail

    @property
    def settings(self) -> frozenset[str]:
        """Both kinds of contexts, told apart: more of either lead to no less."""
        return self.contexts | {f"{name} below" for name in self.offered}


@dataclass(slots=True)
class _Walk:
    graph: Graph
    reach: SettledReach
    hidden: frozenset[str]
    visited: Visited = field(default_factory=Visited)
    found: dict[str, Diagnostic] = field(default_factory=dict)

    def failed(self) -> bool:
        return any(problem.level is Level.ERROR for problem in self.found.values())

    def apart(self) -> _Walk:
        """A walk that finds for itself, and goes only where this one has not been."""
        return _Walk(self.graph, self.reach, self.hidden, self.visited.copy())


def unsatisfiable(supergraph: Supergraph) -> tuple[Diagnostic, ...]:
    """A SATISFIABILITY_ERROR for each field that cannot be reached from some place, and hints.

    A field that is being moved (@override with a label) must be reachable where it was and where
    it goes.
    """
    try:
        return _searched(build(supergraph))
    except RecursionError:
        return (
            Diagnostic(
                "MAX_VALIDATION_SUBGRAPH_PATHS_EXCEEDED",
                "Some field needs, by @requires and @key, fields that need others in turn, and so "
                "on, further than the search follows.",
                hint="Let fields require what subgraphs resolve without asking others.",
            ),
        )


def _searched(graph: Graph) -> tuple[Diagnostic, ...]:
    supergraph = graph.supergraph
    hidden = hidden_elements(supergraph)
    found: dict[str, Diagnostic] = {}
    for labels in _label_choices(supergraph):
        walk = _Walk(graph, SettledReach(graph, labels, budget=SEARCH_BUDGET), hidden)
        for kind, name in supergraph.roots.items():
            starts: Starts = {
                Node(owner, name): () for owner, views in graph.types.items() if name in views
            }
            place = Place(name, starts, frozenset(), _contexts(graph, name), (kind,))
            if kind == "mutation":
                _mutations(walk, place)
            else:
                _visit(walk, [place])
        found = walk.found | found
    return tuple(found.values())


def _label_choices(supergraph: Supergraph) -> Iterator[frozenset[str]]:
    """The sets of active labels to try."""
    labels = sorted(
        {
            join.override_label
            for type_ in supergraph.types.values()
            for merged in type_.fields.values()
            for join in merged.joins
            if join.override_label
        }
    )
    few = len(labels) <= FEW_LABELS
    sizes = range(len(labels) + 1) if few else sorted({0, 1, len(labels)})
    for size in sizes:
        yield from map(frozenset, combinations(labels, size))


def _contexts(graph: Graph, type_name: str) -> frozenset[str]:
    """The contexts that an object of the type sets for what is below it."""
    types = graph.supergraph.types
    names = (type_name, *graph.interfaces.get(type_name, ()))
    return frozenset(context for name in names for context in types[name].contexts)


def _mutations(walk: _Walk, place: Place) -> None:
    """A mutation is sent once: one of the subgraphs with it must lead to everything below it."""
    for name, merged in walk.graph.supergraph.types[place.type_name].fields.items():
        if f"{place.type_name}.{name}" in walk.hidden:
            continue
        below = list(_after_mutation(walk, place, name, innermost(merged.type)))
        if len(below) == 1:
            _visit(walk, below)
            continue
        outcomes = []
        for one in below:
            outcomes.append(walk.apart())
            _visit(outcomes[-1], [one])
        if outcomes:
            best = next((one for one in outcomes if not one.failed()), outcomes[0])
            walk.found = best.found | walk.found
            walk.visited = best.visited


def _after_mutation(walk: _Walk, place: Place, name: str, target: str) -> Iterator[Place]:
    """A place for each subgraph that the mutation can be sent to."""
    for node in place.starts:
        local = walk.reach.local(node, name, ())
        if local is not None and target in walk.graph.supergraph.types:
            starts = {Node(node.graph, local.target): walk.reach.provided_below(node, local, ())}
            trail = (*place.trail, name)
            yield Place(target, starts, place.offered, _contexts(walk.graph, target), trail)


def _visit(walk: _Walk, todo: list[Place]) -> None:
    visited = walk.visited
    while todo:
        place = todo.pop()
        if visited.is_full:
            walk.found["*"] = _gave_up(place)
            return
        for objects in _objects(walk, place):
            table = walk.reach.table(objects.starts, objects.type_name)
            known = ((node, hop.provided) for node, hop in table.items())
            if visited.is_new(objects.type_name, known, objects.settings):
                # Those that know least come first, and make visits to the others needless.
                todo += sorted(_fields(walk, objects, table), key=lambda one: -len(one.starts))


def _gave_up(place: Place) -> Diagnostic:
    return Diagnostic(
        "MAX_VALIDATION_SUBGRAPH_PATHS_EXCEEDED",
        f'Too many ways lead to "{place.type_name}" to look at each: whether all fields can be '
        "reached everywhere is not known.",
        coordinate=place.type_name,
        hint="Give shared types keys of their own, so that it matters less which way was taken.",
    )


def _objects(walk: _Walk, place: Place) -> Iterator[Place]:
    """One place for each type that the objects may turn out to be, unless that was looked at.

    A field that several subgraphs resolve gives the same in each, so only what all of them know.
    """
    if walk.graph.supergraph.types[place.type_name].kind is Kind.OBJECT:
        yield place
        return
    if not walk.visited.is_new(place.type_name, place.starts.items(), place.settings):
        return
    lost = unresolved(walk.reach, place.starts, place.type_name, place.trail)
    if lost is not None:
        walk.found.setdefault(f"{place.type_name} {lost.code}", lost)
        return
    for name in walk.graph.runtime.get(place.type_name, ()):
        if name in walk.hidden:
            continue
        starts: dict[Node, Provided] = {}
        for node, provided in place.starts.items():
            view = walk.graph.view(*node)
            if view is not None and view.is_interface_object:
                starts[node] = provided
            elif view is not None and name in view.runtime:
                starts[Node(node.graph, name)] = provided
        if starts and len(starts) == len(place.starts):
            offered = place.offered | _contexts(walk.graph, name)
            trail = (*place.trail, f"... on {name}")
            yield Place(name, starts, place.contexts, offered, trail)


def _fields(walk: _Walk, place: Place, table: Mapping[Node, Hop]) -> Iterator[Place]:
    """The places one field further, and a note of each field that leads nowhere."""
    reach, types = walk.reach, walk.graph.supergraph.types
    given = reach.gathered(table, place.type_name, place.offered)
    contexts = (place.contexts - place.offered) | given
    for name, merged in types[place.type_name].fields.items():
        if f"{place.type_name}.{name}" in walk.hidden:
            continue
        item = FieldItem(name, name, name, (), (), ALWAYS, ())
        options: list[tuple[Node, Node, Provided]] = []
        for node, hop in table.items():
            local = reach.local(node, name, hop.provided)
            if (
                local is not None
                and all(one.context in place.contexts for one in local.context_arguments)
                and reach.below(node, place.type_name, item, hop.provided) is not None
            ):
                goal = Node(node.graph, local.target)
                options.append((node, goal, reach.provided_below(node, local, hop.provided)))
        coordinate = f"{place.type_name}.{name}"
        if not options:
            problem = unreachable(reach, place.starts, place.type_name, name, place.trail)
            if problem is not None:
                walk.found.setdefault(coordinate, problem)
            continue
        target = innermost(merged.type)
        if target in types and types[target].kind in COMPOSITE:
            mismatch = runtime_mismatch(walk.graph, coordinate, target, options, place.trail)
            if mismatch is not None:
                walk.found.setdefault(f"{coordinate} {mismatch.code}", mismatch)
            offered = _contexts(walk.graph, target)
            yield Place(target, _starts(options), contexts, offered, (*place.trail, name))


def _starts(options: list[tuple[Node, Node, Provided]]) -> Starts:
    """Where the objects behind a field are, under types that differ where subgraphs' do."""
    starts: dict[Node, Provided] = {}
    for _, goal, provided in options:
        starts[goal] = (*starts.get(goal, ()), *provided)
    return starts
