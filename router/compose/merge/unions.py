"""Unions: all members of all subgraphs."""

from __future__ import annotations

from router.compose.merge.workspace import Sources, Workspace, listed, nodes_of
from router.supergraph.layout import quoted


def merged_members(space: Workspace, name: str, sources: Sources) -> list[str]:
    """The members, in the order in which subgraphs list them."""
    members = list(dict.fromkeys(member for _, type_ in sources for member in type_.members))
    for member in members if len(sources) > 1 else ():
        missing = [graph.name for graph, type_ in sources if member not in type_.members]
        if missing:
            space.hint(
                "INCONSISTENT_UNION_MEMBER",
                name,
                f'Union "{name}" has the member "{member}", but not in {listed(missing)}.',
                nodes_of(sources),
            )
    return members


def member_joins(space: Workspace, sources: Sources) -> list[str]:
    """Which subgraph has which member."""
    return [
        f"@join__unionMember(graph: {space.graphs[graph.name]}, member: {quoted(member)})"
        for graph, type_ in sources
        for member in type_.members
    ]
