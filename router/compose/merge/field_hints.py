"""Hints about types whose definitions differ from subgraph to subgraph."""

from __future__ import annotations

from router.compose.merge.workspace import Workspace
from router.compose.subgraph import Subgraph, TypeDefinition
from router.supergraph.model import Kind

ROOT_TYPES = frozenset({"Query", "Mutation", "Subscription"})
Sources = list[tuple[Subgraph, TypeDefinition]]


def hint_fields(space: Workspace, name: str, sources: Sources) -> None:
    """Tell of an entity that is none everywhere, and of value types with different fields."""
    keyed = [graph.name for graph, type_ in sources if type_.applied("key")]
    if name in ROOT_TYPES:
        return
    if keyed:
        missing = [graph.name for graph, type_ in sources if not type_.applied("key")]
        if missing and space.kinds[name] is Kind.OBJECT:
            space.hint(
                "INCONSISTENT_ENTITY",
                name,
                f'Type "{name}" is an entity in {", ".join(keyed)}, but has no @key in '
                f"{', '.join(missing)}.",
            )
        return
    what = "INTERFACE" if space.kinds[name] is Kind.INTERFACE else "OBJECT"
    for field in dict.fromkeys(field for _, type_ in sources for field in type_.fields):
        lacking = [graph.name for graph, type_ in sources if field not in type_.fields]
        if lacking:
            space.hint(
                f"INCONSISTENT_{what}_VALUE_TYPE_FIELD",
                f"{name}.{field}",
                f'Field "{name}.{field}" of a value type is missing in {", ".join(lacking)}.',
            )
