"""Directives that the supergraph keeps with the subgraph they are from: @cacheTag.

https://specs.apollo.dev/join/v0.4/#@directive
"""

from __future__ import annotations

from collections.abc import Iterable

from router.compose.merge.values import arguments_text
from router.compose.merge.workspace import Workspace
from router.compose.subgraph import Element, Subgraph

KEPT = {"cacheTag": "federation__cacheTag"}


def join_directives(space: Workspace, given: Iterable[tuple[Subgraph, Element]]) -> list[str]:
    """One @join__directive for each directive with other arguments, naming all its graphs."""
    graphs: dict[tuple[str, str], dict[str, None]] = {}
    for subgraph, element in given:
        for application in element.applications:
            name = KEPT.get(application.name)
            if name is not None:
                key = name, arguments_text(application)
                graphs.setdefault(key, {})[space.graphs[subgraph.name]] = None
    return [
        f'@join__directive(graphs: [{", ".join(names)}], name: "{name}", '
        f"args: {{{arguments[1:-1]}}})"
        for (name, arguments), names in graphs.items()
    ]
