"""DISALLOWED_INACCESSIBLE: what a specification brings is not the API's, so none of it is hidden.

https://specs.apollo.dev/inaccessible/v0.2
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from router.compose.merge.draft import Draft
from router.compose.subgraph import Subgraph
from router.diagnostics import Diagnostic


def disallowed_inaccessible(draft: Draft, _: Sequence[Subgraph]) -> Iterator[Diagnostic]:
    """An argument of a composed directive that is @inaccessible."""
    for subgraph, directive in draft.composed:
        for argument in directive.arguments or ():
            hiding = [
                node
                for node in argument.directives or ()
                if subgraph.names.get(node.name.value) == "inaccessible"
            ]
            if hiding:
                coordinate = f"@{directive.name.value}({argument.name.value}:)"
                yield subgraph.problem(
                    "DISALLOWED_INACCESSIBLE",
                    coordinate,
                    f'"{coordinate}" is @inaccessible, but clients see no composed directive, so '
                    "there is nothing to hide.",
                    *hiding,
                    hint="Remove @inaccessible.",
                )
