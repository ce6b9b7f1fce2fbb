"""What an element is described as when subgraphs describe it differently."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from router.compose.merge.workspace import Workspace, listed
from router.compose.subgraph import Element, Subgraph

Given = Sequence[tuple[Subgraph, Element]]


def merged_description(space: Workspace, coordinate: str, given: Given) -> str | None:
    """The description most subgraphs give, the first of equals, with a hint where they differ."""
    texts = [
        (subgraph, element) for subgraph, element in given if (element.description or "").strip()
    ]
    if not texts:
        return None
    if len(texts) == 1:
        return texts[0][1].description
    counts = Counter(element.description for _, element in texts)
    best = counts.most_common(1)[0][0]
    if len(counts) > 1:
        chosen = listed(graph.name for graph, element in texts if element.description == best)
        space.hint(
            "INCONSISTENT_DESCRIPTION",
            coordinate,
            f'"{coordinate}" is described differently across subgraphs; the supergraph has the '
            f"description of {chosen}.",
            [(graph, element.node) for graph, element in texts],
        )
    return best
