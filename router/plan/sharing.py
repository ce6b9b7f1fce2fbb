"""Which subgraphs could answer at a position, whoever is asked; what a shared union may be there.

Several subgraphs may answer a shared union field, each with members of its own. Only members that
all of them know are asked for, or the answer would depend on who is asked.
"""

from __future__ import annotations

from router.graph.lookup import Node
from router.graph.reach import Reach
from router.plan.steps import Position
from router.supergraph.model import Kind


def shared_members(reach: Reach, position: Position, name: str) -> frozenset[str] | None:
    """The members of a union field that can be asked for; None where nothing is shared."""
    merged = reach.graph.supergraph.types[position.type_name].fields.get(name)
    if merged is None or not _is_union(reach, position, name):
        return None
    views = [view for node in _below(reach, position, name) if (view := reach.graph.view(*node))]
    if len(views) < 2 or any(view.kind is not Kind.UNION for view in views):
        return None
    return frozenset.intersection(*(frozenset(view.runtime) for view in views))


def _is_union(reach: Reach, position: Position, name: str) -> bool:
    for place in position.places:
        view = reach.graph.view(*place.node)
        found = view.fields.get(name) if view else None
        if found is not None:
            return reach.graph.supergraph.types[found.target].kind is Kind.UNION
    return False


def _below(reach: Reach, position: Position, name: str) -> frozenset[Node]:
    """Where the objects under a field could come from."""
    return frozenset(
        Node(node.graph, found.target)
        for node in reach.table(dict.fromkeys(_nodes(reach, position), ()), position.type_name)
        if (found := reach.local(node, name, ())) is not None
    )


def _nodes(reach: Reach, position: Position) -> frozenset[Node]:
    """Every node the objects of a position could be at, whoever is asked for what is above."""
    if position.origin is None:
        return position.nodes()
    above, name = position.origin
    if not name:  # a narrower type of the same objects
        return frozenset(
            Node(node.graph, position.type_name)
            for node in _nodes(reach, above)
            if (view := reach.graph.view(*node)) and position.type_name in view.runtime
        )
    return _below(reach, above, name) or position.nodes()
