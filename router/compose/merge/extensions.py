"""A type that subgraphs only extend must be defined by one of them."""

from __future__ import annotations

from graphql import TypeDefinitionNode

from router.compose.merge.workspace import ROOT_NAMES, Workspace, kind_of


def check_bases(space: Workspace) -> None:
    """Tell of every extension without a definition. @extends on a definition leaves it one.

    Types of other kinds than the first subgraph's are another mistake, and are not looked at.
    """
    for name, sources in space.sources.items():
        if name in ROOT_NAMES:
            continue
        kind = kind_of(sources[0][1])
        found = [(subgraph, type_) for subgraph, type_ in sources if kind_of(type_) is kind]
        parts = [part for _, type_ in found for part in type_.parts]
        if not parts or any(isinstance(part, TypeDefinitionNode) for part in parts):
            continue
        for subgraph, type_ in found:
            if not type_.is_extension:
                continue  # told of before merging
            space.error(
                "EXTENSION_WITH_NO_BASE",
                name,
                f'[{subgraph.name}] "{name}" is extended here, but no subgraph defines it.',
                [(subgraph, type_.node)],
                "Define it in the subgraph it belongs to, or remove `extend` here.",
            )
