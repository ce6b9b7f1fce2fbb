"""UNKNOWN_FEDERATION_LINK_VERSION for a Federation that is newer than what was asked for.

A supergraph.yaml that pins `federation_version` promises its router that nothing newer is used.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from router.compose.subgraph import Subgraph
from router.diagnostics import Diagnostic
from router.federation.directives import FEDERATION_1, Version, is_known


def newer(subgraphs: Iterable[Subgraph], newest: Version) -> Iterator[Diagnostic]:
    """A problem for each subgraph that links a Federation above `newest`."""
    for subgraph in subgraphs:
        if newest < subgraph.version and is_known(subgraph.version):
            linked = ".".join(map(str, subgraph.version))
            allowed = "1" if newest == FEDERATION_1 else ".".join(map(str, newest))
            yield subgraph.problem(
                "UNKNOWN_FEDERATION_LINK_VERSION",
                "schema",
                f"The schema links Federation v{linked}, but federation_version allows {allowed}.",
                subgraph.schema.node,
                hint=f"Write federation_version: ={linked}.0 once your router knows that version, "
                "or link an older one.",
            )
