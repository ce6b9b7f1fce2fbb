"""The Federation version to merge under: a linked specification may need a newer one."""

from __future__ import annotations

from collections.abc import Mapping

from router.compose.merge.workspace import Workspace
from router.compose.subgraph import Subgraph
from router.supergraph.links import APOLLO

Version = tuple[int, int]
# Specification and its version -> the first Federation that has it.
NEEDED: Mapping[tuple[str, Version], Version] = {
    ("authenticated", (0, 1)): (2, 5),
    ("cost", (0, 1)): (2, 9),
    ("join", (0, 4)): (2, 7),
    ("join", (0, 5)): (2, 8),
}


def federation_version(space: Workspace) -> Version:
    """The newest version that a subgraph links or needs; with a hint where it needs a newer one."""
    newest = (2, 0)
    for subgraph in space.subgraphs:
        needed = _needed(subgraph)
        newest = max(newest, subgraph.version, needed)
        if needed > subgraph.version:
            space.hint(
                "IMPLICITLY_UPGRADED_FEDERATION_VERSION",
                "schema",
                f'Subgraph "{subgraph.name}" links a specification of Federation '
                f"{_dotted(needed)} and is read as that, not as {_dotted(subgraph.version)}.",
                [(subgraph, subgraph.schema.node)],
            )
    return newest


def _needed(subgraph: Subgraph) -> Version:
    return max(
        (
            NEEDED.get((link.name, link.version), (2, 0))
            for link in subgraph.links
            if link.identity.startswith(APOLLO)
        ),
        default=(2, 0),
    )


def _dotted(version: Version) -> str:
    return f"{version[0]}.{version[1]}"
