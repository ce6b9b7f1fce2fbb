"""A type that subgraphs only extend must be defined by one of them."""

from __future__ import annotations

from graphql import TypeDefinitionNode

from router.compose.merge.workspace import ROOT_NAMES, Workspace, kind_of


def check_bases(space: Workspace) -> None:
    """Tell of every extension without a definition. @extends on a definition leaves it one."""
    for name, sources in space.sources.items():
        parts = [part for _, type_ in sources for part in type_.parts]
        is_defined = not parts or any(isinstance(part, TypeDefinitionNode) for part in parts)
        if name in ROOT_NAMES:
            continue
        kinds = {
            kind_of(type_)
            for _, type_ in sources
            if any(isinstance(part, TypeDefinitionNode) for part in type_.parts)
        }
        for subgraph, type_ in sources:
            if is_defined and (not type_.is_extension or kind_of(type_) in kinds):
                continue
            space.error(
                "EXTENSION_WITH_NO_BASE",
                name,
                f'[{subgraph.name}] "{name}" is extended here, but no subgraph defines it.',
                [(subgraph, type_.node)],
                "Define it in the subgraph it belongs to, or remove `extend` here.",
            )
