"""What a @link may bring in, and names that two of them may not both give.

https://specs.apollo.dev/link/v1.0
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from graphql import Node

from router.federation.directives import (
    CONNECT,
    FEDERATION,
    LINK,
    NEWEST,
    SMALLER,
    UPGRADED_TO,
    defined_in,
    is_known,
    scalars_in,
)
from router.supergraph.links import APOLLO, Link

USAGE = "INVALID_LINK_DIRECTIVE_USAGE"
# How @link itself is linked where the document does not say.
LINKING = Link(f"{LINK}/v1.0", LINK, "link", (1, 0), "link", None, ())


@dataclass(frozen=True, slots=True)
class LinkProblem:
    """A @link that cannot be followed, with what to do about it."""

    code: str
    message: str
    node: Node
    hint: str


def link_problems(
    link: Link, before: Sequence[Link], node: Node, *, beside_federation: bool
) -> Iterator[LinkProblem]:
    """Every problem of one of a document's links after those before it."""
    if beside_federation and link.identity == LINK and link.version != LINKING.version:
        yield LinkProblem(
            USAGE,
            f"Federation links link v{dotted(LINKING.version)}, so link "
            f"v{dotted(link.version)} would be a second one.",
            node,
            f"Link {LINK}/v{dotted(LINKING.version)}, or leave that link out.",
        )
    yield from _refused(link, node)
    yield from _clashes(link, before, node)


def is_smaller(link: Link) -> bool:
    """Whether it is one of Apollo's smaller specifications, in a version this composer knows."""
    newest = SMALLER.get(link.name) if link.identity == f"{APOLLO}{link.name}" else None
    return newest is not None and link.version <= newest


def upgrade_problems(links: Sequence[Link], node: Node) -> Iterator[LinkProblem]:
    """What keeps a Federation 1 schema from linking Federation 2 with all it had by then."""
    imports = tuple((f"@{name}", f"@{name}") for name in defined_in(UPGRADED_TO))
    url = f"{FEDERATION}/v{dotted(UPGRADED_TO)}"
    link = Link(url, FEDERATION, "federation", UPGRADED_TO, "federation", None, imports)
    for problem in _clashes(link, links, node):
        advice = f"Link {FEDERATION} and import from it, instead of linking what it comes from."
        yield replace(problem, hint=advice)


def _refused(link: Link, node: Node) -> Iterator[LinkProblem]:
    """Links to what cannot be followed whatever else the document says."""
    wrong = _wrong_name(link.alias)
    if wrong:
        yield LinkProblem(
            USAGE,
            f'Cannot link "{link.identity}" as "{link.alias}": {wrong}.',
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
    if link.identity == CONNECT:
        yield LinkProblem(
            "UNSUPPORTED_LINKED_FEATURE",
            f"Connectors ({link.url}) are not supported: a subgraph here is a GraphQL service.",
            node,
            "Serve the data from a GraphQL subgraph, or compose with a router that has connectors.",
        )
    if link.identity == FEDERATION:
        yield from _federation(link, node)


def _wrong_name(alias: str) -> str:
    """Why a specification cannot have a name, which prefixes those of its elements."""
    if not re.fullmatch(r"[_A-Za-z][\w.-]*", alias, re.ASCII):
        return "that is no name"
    if "__" in alias or alias.endswith("_"):
        return 'a name with "__" in it or "_" at its end would be mistaken for a prefix'
    return ""


def _federation(link: Link, node: Node) -> Iterator[LinkProblem]:
    if not is_known(link.version):
        return  # a rule for subgraphs tells
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


def _clashes(link: Link, links: Sequence[Link], node: Node) -> Iterator[LinkProblem]:
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


def _mistaken(link: Link, links: Sequence[Link], node: Node) -> Iterator[LinkProblem]:
    """Imports whose local name reads as another element."""
    spaces = {LINKING.alias: LINKING} | {other.alias: other for other in (*links, link)}
    for other in (*links, link):
        for original, local in other.imports:
            bare = local.removeprefix("@")
            space = spaces.get(bare) or spaces.get(bare.split("__", 1)[0] if "__" in bare else "")
            if space is None or link not in {space, other}:
                continue
            if space != other or not _is_own_name(space, original.removeprefix("@"), bare):
                yield LinkProblem(
                    USAGE,
                    f"{original} of {other.url} is imported as {local}, which reads as an element "
                    f"of {space.url}.",
                    node,
                    "Rename one of the two with `as:`.",
                )


def _is_own_name(space: Link, original: str, local: str) -> bool:
    """Whether an element's local name is the one that it has without being imported."""
    return local == (space.alias if original == space.name else f"{space.alias}__{original}")


def dotted(version: tuple[int, int]) -> str:
    """A version as people write it."""
    return f"{version[0]}.{version[1]}"
