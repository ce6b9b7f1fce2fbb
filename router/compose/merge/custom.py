"""Directives that subgraphs ask to have in the supergraph, by @composeDirective."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from graphql import DirectiveDefinitionNode, print_ast

from router.compose.merge.machinery import FEATURES
from router.compose.merge.workspace import Workspace
from router.compose.subgraph import Application, Subgraph
from router.diagnostics import did_you_mean
from router.supergraph.links import APOLLO, Link

BY_DEFAULT = frozenset({*FEATURES, "cost", "listSize"}) - {"context"}
CODE = "DIRECTIVE_COMPOSITION_ERROR"


@dataclass(frozen=True, slots=True)
class Composed:
    """One directive of one subgraph that the supergraph is to have."""

    subgraph: Subgraph
    name: str
    original: str
    link: Link
    node: DirectiveDefinitionNode


def composed_directives(space: Workspace) -> tuple[list[str], list[str]]:
    """(links, definitions) of the directives that @composeDirective names; noted in `space`."""
    composed = [found for subgraph in space.subgraphs for found in _asked(space, subgraph)]
    _check_links(space, composed)
    _check_versions(space, composed)
    _check_names(space, composed)
    newest: dict[str, Link] = {}
    definitions: dict[str, Composed] = {}
    for found in composed:
        space.composed.setdefault(found.subgraph.name, {})[found.name] = found.node
        if found.node.repeatable:
            space.repeatable.add(found.name)
        known = newest.get(found.link.identity)
        if known is None or found.link.version > known.version:
            newest[found.link.identity] = found.link
    for found in composed:
        definitions[found.name] = _newest_definition(space, found)
    links = [_link_text(link, number, composed) for number, link in enumerate(newest.values())]
    return links, [print_ast(found.node) for found in definitions.values()]


def _asked(space: Workspace, subgraph: Subgraph) -> Iterator[Composed]:
    for application in subgraph.schema.all_applied("composeDirective"):
        problem = _problem(space, subgraph, application)
        if problem is not None:
            if problem:
                space.error(CODE, "schema", problem, [(subgraph, application.node)])
            continue
        name = application.text("name").removeprefix("@")
        link = link_of(subgraph, name)
        node = subgraph.directives.get(name)
        if link is not None and node is not None:
            yield Composed(subgraph, name, original_name(link, name), link, node)


def _problem(space: Workspace, subgraph: Subgraph, application: Application) -> str | None:
    """What is wrong with one @composeDirective; empty when it is merely needless; None: nothing."""
    name, where = application.text("name"), f'in subgraph "{subgraph.name}"'
    if not name:
        return f"The argument of @composeDirective {where} is missing or empty; name a directive."
    if not name.startswith("@"):
        return (
            f'@composeDirective(name: "{name}") {where} must name a directive with a leading "@".'
        )
    local = name.removeprefix("@")
    link = link_of(subgraph, local)
    known = subgraph.names.get(local)
    if known is not None and (link is None or link.identity.startswith(APOLLO)):
        if known in BY_DEFAULT:
            space.hint(
                "DIRECTIVE_COMPOSITION_INFO",
                name,
                f'"{name}" {where} need not be composed by hand: federation always does.',
                [(subgraph, application.node)],
            )
            return ""
        return f'Composing the federation directive "{name}" {where} is not supported.'
    if link is not None and link.identity in {f"{APOLLO}join", f"{APOLLO}link"}:
        return f'Composing "{name}" {where} is not supported: it belongs to the supergraph itself.'
    if local not in subgraph.directives:
        hint = did_you_mean(name, [f"@{known}" for known in subgraph.directives])
        return f'No definition of "{name}", which @composeDirective names {where}, was found.{hint}'
    if link is None:
        return f'"{name}" {where} must come from a linked specification: add an @link for it.'
    if any(
        other.names.get(local) in BY_DEFAULT and _uses(other, local)
        for other in space.subgraphs
        if other is not subgraph
    ):
        return (
            f'"{name}" {where} cannot be composed: another subgraph calls a federation directive '
            "that is composed by default so. Import one of the two under another name."
        )
    return None


def _uses(subgraph: Subgraph, local: str) -> bool:
    return any(f"@{local}" in line for line in subgraph.lines)


def link_of(subgraph: Subgraph, local: str) -> Link | None:
    """The link that brings a directive into a subgraph."""
    for link in subgraph.links:
        if any(name == f"@{local}" for _, name in link.imports):
            return link
    return next(
        (
            link
            for link in subgraph.links
            if local == link.alias or local.startswith(f"{link.alias}__")
        ),
        None,
    )


def original_name(link: Link, local: str) -> str:
    """What the specification itself calls a directive."""
    for original, name in link.imports:
        if name == f"@{local}":
            return original.removeprefix("@")
    return link.name if local == link.alias else local.removeprefix(f"{link.alias}__")


def _check_links(space: Workspace, composed: list[Composed]) -> None:
    for name in dict.fromkeys(found.name for found in composed):
        identities = {found.link.identity for found in composed if found.name == name}
        if len(identities) > 1:
            space.error(
                CODE,
                f"@{name}",
                f'Composed directive "@{name}" is not linked by the same specification in every '
                f"subgraph: {', '.join(sorted(identities))}.",
            )


def _check_versions(space: Workspace, composed: list[Composed]) -> None:
    wanted = {found.link.identity for found in composed}
    majors: dict[str, set[int]] = {}
    composing: dict[str, set[int]] = {}
    for subgraph in space.subgraphs:
        for link in subgraph.links:
            if not _is_core(link):
                majors.setdefault(link.identity, set()).add(link.version[0])
    for found in composed:
        composing.setdefault(found.link.identity, set()).add(found.link.version[0])
    for identity, versions in majors.items():
        if len(composing.get(identity, ())) > 1:
            space.error(
                CODE,
                "schema",
                f'Specification "{identity}" is to be composed, but its major version differs '
                "across subgraphs.",
            )
        elif len(versions) > 1 and identity not in wanted:
            space.hint(
                "DIRECTIVE_COMPOSITION_INFO",
                "schema",
                f'Specification "{identity}", which is not composed, has different major versions '
                "across subgraphs.",
            )


def _is_core(link: Link) -> bool:
    known = {*FEATURES, "cost", "federation", "link", "join", "core", "cacheTag", "connect"}
    return link.identity.startswith(APOLLO) and link.name in known


def _check_names(space: Workspace, composed: list[Composed]) -> None:
    """One directive of one specification must have one name wherever it is composed."""
    by_directive: dict[tuple[str, str], dict[str, None]] = {}
    for found in composed:
        key = (found.link.identity, found.original)
        by_directive.setdefault(key, {})[found.name] = None
    for (identity, original), names in by_directive.items():
        if len(names) > 1:
            space.error(
                CODE,
                f"@{original}",
                f'Composed directive "@{original}" of {identity} has different names across '
                f"subgraphs: {', '.join(f'@{name}' for name in names)}.",
                hint="Import it under one name everywhere.",
            )
            continue
        name = next(iter(names))
        if _is_elsewhere_renamed(space, identity, original, name):
            space.hint(
                "DIRECTIVE_COMPOSITION_WARN",
                f"@{name}",
                f'Composed directive "@{name}" has another name in a subgraph that does not '
                "compose it; it must have the same one there before it can.",
            )


def _is_elsewhere_renamed(space: Workspace, identity: str, original: str, name: str) -> bool:
    return any(
        local != f"@{name}"
        for subgraph in space.subgraphs
        for link in subgraph.links
        if link.identity == identity
        for given, local in link.imports
        if given == f"@{original}"
    )


def _newest_definition(space: Workspace, found: Composed) -> Composed:
    """The definition in the subgraph that links the newest version; the last of equals."""
    best = found
    for subgraph in space.subgraphs:
        link = next((item for item in subgraph.links if item.identity == found.link.identity), None)
        node = subgraph.directives.get(found.name)
        if link is not None and node is not None and link.version >= best.link.version:
            best = Composed(subgraph, found.name, found.original, link, node)
    return best


def _link_text(link: Link, number: int, composed: list[Composed]) -> str:
    names = {
        found.original: found.name for found in composed if found.link.identity == link.identity
    }
    imports = ", ".join(
        f'"@{original}"' if original == local else f'{{name: "@{original}", as: "@{local}"}}'
        for original, local in names.items()
    )
    # A name that is no GraphQL name, or that a core feature has, is prefixed.
    plain = re.sub(r"\W", "", link.name)
    is_taken = link.name in FEATURES or plain != link.name
    alias = f', as: "_{number}{plain}"' if is_taken else ""
    return f'@link(url: "{link.url}"{alias}, import: [{imports}])'
