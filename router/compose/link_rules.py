"""What a @link may bring in, and names that two of them may not both give.

https://specs.apollo.dev/link/v1.0
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from graphql import Node

from router.federation.directives import (
    BROUGHT,
    CONNECT,
    FEDERATION,
    LINK,
    NEWEST,
    SMALLER,
    defined_in,
    scalars_in,
)
from router.supergraph.links import APOLLO, Link

USAGE = "INVALID_LINK_DIRECTIVE_USAGE"


@dataclass(frozen=True, slots=True)
class LinkProblem:
    """A @link that cannot be followed, with what to do about it."""

    code: str
    message: str
    node: Node
    hint: str


def link_problems(followed: Sequence[tuple[Link, Node]]) -> Iterator[LinkProblem]:
    """Every problem of a document's links, in their order."""
    federation = next((link for link, _ in followed if link.identity == FEDERATION), None)
    before: list[Link] = []
    for link, node in followed:
        if link.identity == LINK and link.version != (1, 0):
            # Federation brings its own link to it, so another version is a second one.
            yield LinkProblem(
                USAGE if federation else "UNKNOWN_LINK_VERSION",
                f"There is no link v{dotted(link.version)} that this composer knows.",
                node,
                f"Link {LINK}/v1.0, or leave that link out.",
            )
        yield from _refused(link, node)
        yield from _clashes(link, before, node)
        before.append(link)
    for link, node in followed:
        if is_smaller(link):
            yield from _beside_federation(link, federation, node)


def is_smaller(link: Link) -> bool:
    """Whether it is one of Apollo's smaller specifications, in a version this composer knows."""
    newest = SMALLER.get(link.name) if link.identity == f"{APOLLO}{link.name}" else None
    return newest is not None and link.version <= newest


def _beside_federation(link: Link, federation: Link | None, node: Node) -> Iterator[LinkProblem]:
    """A smaller specification may be linked beside Federation 2, for what is not imported of it."""
    imported = {original for original, _ in federation.imports} if federation else set()
    for name in BROUGHT.get(link.name, (link.name,)):
        if federation is None or f"@{name}" in imported:
            yield LinkProblem(
                USAGE,
                f'"@{name}" is linked from {link.identity}, the specification for supergraphs.',
                node,
                f'Import "@{name}" from {FEDERATION} instead.',
            )
            return


def _refused(link: Link, node: Node) -> Iterator[LinkProblem]:
    """Links to what cannot be followed whatever else the document says."""
    if "__" in link.alias:
        yield LinkProblem(
            USAGE,
            f'Cannot link "{link.identity}" as "{link.alias}": a name with "__" in it would be '
            "mistaken for a prefix.",
            node,
            "Choose another name with `as:`.",
        )
    for original, local in link.imports:
        if not re.fullmatch(r"@?[_A-Za-z]\w*", local, re.ASCII):
            yield LinkProblem(
                USAGE,
                f'"{original}" is imported as "{local}", which is no GraphQL name.',
                node,
                "Use letters, digits and _, with a letter first.",
            )
        if local.removeprefix("@").startswith("join__"):
            yield LinkProblem(
                USAGE,
                f'"{original}" is imported as "{local}", a name of the supergraph\'s join '
                "specification.",
                node,
                "Rename it with `as:`.",
            )
    if link.identity == CONNECT:
        yield LinkProblem(
            "UNSUPPORTED_LINKED_FEATURE",
            f"Connectors ({link.url}) are not supported: a subgraph here is a GraphQL service.",
            node,
            "Serve the data from a GraphQL subgraph, or compose with a router that has connectors.",
        )
    if link.identity == FEDERATION:
        yield from _federation(link, node)


def _federation(link: Link, node: Node) -> Iterator[LinkProblem]:
    if not (2, 0) <= link.version <= NEWEST:
        yield LinkProblem(
            "UNKNOWN_FEDERATION_LINK_VERSION",
            f"There is no Federation v{dotted(link.version)} that this composer knows.",
            node,
            f"It knows v2.0 to v{dotted(NEWEST)}.",
        )
        return
    directives, scalars = defined_in(link.version), scalars_in(link.version)
    for original, local in link.imports:
        name = original.removeprefix("@")
        if name not in (directives if original.startswith("@") else scalars):
            yield LinkProblem(
                USAGE,
                f"Federation v{dotted(link.version)} has no element {original} to import.",
                node,
                _advice(name, original),
            )
        elif original.startswith("@") != local.startswith("@"):
            yield LinkProblem(
                USAGE,
                f'"{original}" is imported as "{local}": directives start with "@" on both sides, '
                "types on neither.",
                node,
                f'Write "{"@" * original.startswith("@")}{local.removeprefix("@")}".',
            )


def _advice(name: str, original: str) -> str:
    since = next(
        (version for minor in range(NEWEST[1] + 1) if name in defined_in(version := (2, minor))),
        None,
    )
    if since is None:
        return "Remove it from the import list, or mend its name."
    if not original.startswith("@"):
        return f'It is a directive: write "@{name}".'
    return f"@{name} came with v{dotted(since)}: link that version or a newer one."


def _clashes(link: Link, links: list[Link], node: Node) -> Iterator[LinkProblem]:
    """Names that two links would give to different things."""
    advice = "Rename one of the two with `as:`."
    for other in links:
        if other.identity == link.identity:
            yield LinkProblem(
                USAGE, f'"{link.identity}" is linked twice.', node, "Keep one of the two links."
            )
            return
        if other.alias == link.alias:
            yield LinkProblem(
                USAGE,
                f'"{link.alias}" is the name of both {other.url} and {link.url}.',
                node,
                advice,
            )
    taken = {local: (other, name) for other in links for name, local in other.imports}
    own: dict[str, str] = {}
    for original, local in link.imports:
        if own.setdefault(original, local) != local:
            yield LinkProblem(
                USAGE,
                f"{original} is imported twice, as {own[original]} and as {local}.",
                node,
                "Keep one of the two imports.",
            )
        if local in taken:
            yield LinkProblem(
                USAGE,
                f"{local} is imported from both {taken[local][0].url} and {link.url}.",
                node,
                advice,
            )
    yield from _mistaken(link, links, node)


def _mistaken(link: Link, links: list[Link], node: Node) -> Iterator[LinkProblem]:
    """Imports whose local name reads as another specification's."""
    spaces = {other.alias: other for other in (*links, link)}
    for other in (*links, link):
        for original, local in other.imports:
            bare = local.removeprefix("@")
            space = spaces.get(bare) or spaces.get(bare.split("__", 1)[0] if "__" in bare else "")
            if space is not None and space != other and link in {space, other}:
                yield LinkProblem(
                    USAGE,
                    f"{original} of {other.url} is imported as {local}, which reads as an element "
                    f"of {space.url}.",
                    node,
                    "Rename one of the two with `as:`.",
                )


def dotted(version: tuple[int, int]) -> str:
    """A version as people write it."""
    return f"{version[0]}.{version[1]}"
