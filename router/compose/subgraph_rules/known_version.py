"""UNKNOWN_FEDERATION_LINK_VERSION, UNKNOWN_LINK_VERSION: nobody knows what they would bring."""

from __future__ import annotations

from collections.abc import Iterator

from router.compose.link_rules import LINKING, dotted
from router.compose.subgraph import Subgraph
from router.diagnostics import Diagnostic
from router.federation.directives import FEDERATION, LINK, NEWEST, is_known
from router.supergraph.links import Link


def known_version(subgraph: Subgraph) -> Iterator[Diagnostic]:
    """The versions of Federation and of @link itself, where linked, are ones that exist."""
    for link in subgraph.links:
        if link.identity == FEDERATION and not is_known(link.version):
            known = f"v2.0 to v{dotted(NEWEST)}"
            yield _unknown(subgraph, link, "UNKNOWN_FEDERATION_LINK_VERSION", known)
        elif link.identity == LINK and link.version != LINKING.version:
            yield _unknown(subgraph, link, "UNKNOWN_LINK_VERSION", f"v{dotted(LINKING.version)}")


def _unknown(subgraph: Subgraph, link: Link, code: str, known: str) -> Diagnostic:
    applied = subgraph.schema.all_applied("link")
    return subgraph.problem(
        code,
        "schema",
        f"There is no {link.name} v{dotted(link.version)} that this composer knows.",
        *(item.node for item in applied if item.text("url") == link.url),
        hint=f"Link one that exists: it knows {known}.",
    )
