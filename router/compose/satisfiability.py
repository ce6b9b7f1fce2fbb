"""Can every field be reached from every place where a client may ask for it?

Walks the API's types along all their fields, and at each place keeps every node of the query graph
that the objects there can be at. A place is its type and those nodes, so that no schema explodes:
two paths that lead to the same place are walked on once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from router.diagnostics import Diagnostic
from router.graph.build import build
from router.graph.build import target as target_of
from router.graph.lookup import Node
from router.graph.model import Graph
from router.graph.operation import ALWAYS, FieldItem
from router.graph.reach import Reach
from router.supergraph.model import Kind, Supergraph

# Places visited before giving up: far more than real schemas have.
MOST_PLACES = 200_000
SEARCH_BUDGET = 100_000_000
Nodes = frozenset[Node]
Trail = tuple[str, ...]


@dataclass(slots=True)
class _Walk:
    graph: Graph
    reach: Reach
    seen: set[tuple[str, Nodes]] = field(default_factory=set)
    problems: dict[str, Diagnostic] = field(default_factory=dict)


def unreachable_fields(supergraph: Supergraph) -> tuple[Diagnostic, ...]:
    """A SATISFIABILITY_ERROR for each field that cannot be reached from some place.

    A field that is being moved (@override with a label) must be reachable where it was and where
    it goes.
    """
    graph = build(supergraph)
    labels = frozenset(
        join.override_label
        for type_ in supergraph.types.values()
        for merged in type_.fields.values()
        for join in merged.joins
        if join.override_label
    )
    problems: dict[str, Diagnostic] = {}
    for active in {frozenset[str](), labels}:
        problems |= _problems(graph, active)
    return tuple(problems.values())


def _problems(graph: Graph, labels: frozenset[str]) -> dict[str, Diagnostic]:
    walk = _Walk(graph, Reach(graph, labels, budget=SEARCH_BUDGET))
    for kind, name in graph.supergraph.roots.items():
        nodes = frozenset(
            Node(owner, name) for owner, views in graph.types.items() if name in views
        )
        if kind == "mutation":
            _mutations(walk, name, nodes)
        else:
            _visit(walk, [(name, nodes, (kind,))])
    return walk.problems


def _mutations(walk: _Walk, root: str, nodes: Nodes) -> None:
    """A mutation is sent once: whoever runs it must lead to everything below it."""
    for name in walk.graph.supergraph.types[root].fields:
        options = [node for node in sorted(nodes) if walk.reach.local(node, name, ())]
        outcomes = []
        for node in options:
            alone = _Walk(walk.graph, walk.reach)
            below = walk.reach.local(node, name, ())
            if below is not None:
                places = [Node(node.graph, below.target)]
                _visit(alone, [(below.target, frozenset(places), ("mutation", name))])
            outcomes.append(alone.problems)
        if outcomes and all(outcomes):
            walk.problems |= outcomes[0]


def _visit(walk: _Walk, todo: list[tuple[str, Nodes, Trail]]) -> None:
    while todo:
        type_name, nodes, trail = todo.pop()
        if (type_name, nodes) in walk.seen:
            continue
        walk.seen.add((type_name, nodes))
        if len(walk.seen) > MOST_PLACES:
            walk.problems["*"] = Diagnostic(
                "MAX_VALIDATION_SUBGRAPH_PATHS_EXCEEDED",
                f"More than {MOST_PLACES} places were visited; the schema is too entangled.",
            )
            return
        for name, at in _objects(walk, type_name, nodes):
            todo += _fields(walk, name, at, trail)


def _objects(walk: _Walk, type_name: str, nodes: Nodes) -> Iterator[tuple[str, Nodes]]:
    """Each type the objects may turn out to be, with the nodes where they can be that."""
    known = walk.graph.supergraph.types.get(type_name)
    kind = known.kind if known else Kind.SCALAR
    if kind is Kind.OBJECT:
        yield type_name, nodes
        return
    if kind not in {Kind.INTERFACE, Kind.UNION}:
        return
    for name in walk.graph.runtime.get(type_name, ()):
        at = set()
        for node in nodes:
            view = walk.graph.view(*node)
            if view is None:
                continue
            if view.is_interface_object:
                at.add(node)
            elif name in view.runtime:
                at.add(Node(node.graph, name))
        if at:
            yield name, frozenset(at)


def _fields(
    walk: _Walk, type_name: str, nodes: Nodes, trail: Trail
) -> Iterator[tuple[str, Nodes, Trail]]:
    merged = walk.graph.supergraph.types[type_name]
    table = walk.reach.table(dict.fromkeys(nodes, ()), type_name)
    for name, found in merged.fields.items():
        item = FieldItem(name, name, name, (), (), ALWAYS, ())
        below = frozenset(
            Node(node.graph, local.target)
            for node in table
            if (local := walk.reach.local(node, name, ())) is not None
            and walk.reach.below(node, type_name, item, ()) is not None
        )
        if not below:
            _unreachable(walk, type_name, name, nodes, trail)
            continue
        target = target_of(found.type)
        if walk.graph.supergraph.types.get(target) is not None:
            yield from _by_type(walk, target, below, (*trail, name))


def _by_type(
    walk: _Walk, target: str, below: Nodes, trail: Trail
) -> Iterator[tuple[str, Nodes, Trail]]:
    """Nodes may have the field under different types (a member where others have the union)."""
    if walk.graph.supergraph.types[target].kind is Kind.OBJECT:
        yield target, below, trail
        return
    names = {node.type_name for node in below}
    yield target, frozenset(node for node in below if node.type_name == target), trail
    for name in names - {target}:
        if walk.graph.supergraph.types[name].kind is Kind.OBJECT:
            wide = {
                Node(node.graph, name)
                for node in below
                if (view := walk.graph.view(*node)) and name in view.runtime
            }
            yield name, frozenset(wide), trail
        else:
            yield name, frozenset(node for node in below if node.type_name == name), trail


def _unreachable(walk: _Walk, type_name: str, name: str, nodes: Nodes, trail: Trail) -> None:
    coordinate = f"{type_name}.{name}"
    if coordinate in walk.problems:
        return
    here = sorted({walk.graph.subgraph_name(node.graph) for node in nodes})
    owners = sorted(
        walk.graph.subgraph_name(graph)
        for graph, views in walk.graph.types.items()
        if type_name in views and walk.reach.local(Node(graph, type_name), name, ())
    )
    reasons = "; ".join(_reason(walk, type_name, owner) for owner in owners)
    walk.problems[coordinate] = Diagnostic(
        code="SATISFIABILITY_ERROR",
        message=(
            f"The supergraph has no way to answer {_example(trail, name)}: from "
            f"{', '.join(here)}, {coordinate} cannot be reached"
            + (f" ({reasons})." if reasons else ": no subgraph resolves it on its own.")
        ),
        coordinate=coordinate,
        subgraphs=tuple(dict.fromkeys((*here, *owners))),
        hint=(
            f"Give {type_name} a resolvable @key in the subgraph that resolves the field, whose "
            "fields can be known before; or resolve the field here too, as @shareable."
        ),
    )


def _reason(walk: _Walk, type_name: str, subgraph: str) -> str:
    for graph, views in walk.graph.types.items():
        if walk.graph.subgraph_name(graph) == subgraph and type_name in views:
            keys = [key.text for key in views[type_name].keys if key.is_resolvable]
            if not keys:
                return f"{subgraph} resolves it, but {type_name} has no resolvable @key there"
            listed = ", ".join(f'"{key}"' for key in keys)
            return f"{subgraph} resolves it, but its @key {listed} cannot be collected"
    return subgraph


def _example(trail: Trail, name: str) -> str:
    kind, *path = trail
    inner = name
    for part in reversed(path):
        inner = f"{part} {{ {inner} }}"
    return f"{'' if kind == 'query' else kind + ' '}{{ {inner} }}"
