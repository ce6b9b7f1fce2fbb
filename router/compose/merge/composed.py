"""Directives that subgraphs ask to have in the supergraph, by @composeDirective."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from graphql import DirectiveDefinitionNode, NameNode

from router.compose.elements import elements
from router.compose.merge.features import COMPOSED_BY_DEFAULT, KNOWN
from router.compose.merge.workspace import Workspace, listed
from router.compose.subgraph import Application, Subgraph
from router.diagnostics import did_you_mean
from router.federation.directives import FEDERATION, UPGRADED_TO, defined_in
from router.supergraph.links import APOLLO, Link
from router.supergraph.type_names import innermost

BY_DEFAULT = COMPOSED_BY_DEFAULT - {"context"}
UPGRADED_WITH = BY_DEFAULT & defined_in(UPGRADED_TO).keys()
ERROR = "DIRECTIVE_COMPOSITION_ERROR"
ADVICE = (
    'Name a directive as "@name" that this subgraph defines and a @link with `import:` brings in; '
    "or remove @composeDirective."
)
SUPERGRAPHS_OWN = frozenset({*KNOWN, "federation", "link", "join", "core", "connect"})


@dataclass(frozen=True, slots=True)
class Composed:
    """One directive that the supergraph is to have: its own specification's name is `original`."""

    subgraph: Subgraph
    name: str
    original: str
    link: Link
    node: DirectiveDefinitionNode


def composed_directives(space: Workspace) -> list[Composed]:
    """What @composeDirective names, once a directive: its newest definition. Noted in `space`."""
    asked = [found for subgraph in space.subgraphs for found in _asked(space, subgraph)]
    _check_specifications(space, asked)
    _check_versions(space, asked)
    _check_names(space, asked)
    _check_join(space, asked)
    newest: dict[str, Composed] = {}
    for found in asked:
        space.composed.add((found.subgraph.name, found.name))
        newest.setdefault(found.name, _newest_definition(space, asked, found))
    space.repeatable |= {name for name, found in newest.items() if found.node.repeatable}
    for found in newest.values():
        for argument in found.node.arguments or ():
            space.inputs.setdefault(innermost(argument.type), f"@{found.name}")
    return list(newest.values())


def newest_links(composed: Sequence[Composed]) -> list[Link]:
    """The newest link to each specification that directives are composed from."""
    newest: dict[str, Link] = {}
    for found in composed:
        known = newest.get(found.link.identity)
        if known is None or found.link.version > known.version:
            newest[found.link.identity] = found.link
    return list(newest.values())


def _asked(space: Workspace, subgraph: Subgraph) -> Iterator[Composed]:
    for application in subgraph.schema.all_applied("composeDirective"):
        name = application.text("name").removeprefix("@")
        if _is_needless(space, subgraph, application):
            continue
        problem = _problem(space, subgraph, application)
        link, node = link_of(subgraph, name), subgraph.directives.get(name)
        if problem is not None:
            space.error(ERROR, "schema", problem, [(subgraph, application.node)], ADVICE)
        elif link is not None and node is not None:
            yield Composed(subgraph, name, original_name(link, name), link, node)


def _is_needless(space: Workspace, subgraph: Subgraph, application: Application) -> bool:
    name = application.text("name")
    if not name.startswith("@") or subgraph.names.get(name.removeprefix("@")) not in BY_DEFAULT:
        return False
    if name.removeprefix("@") in subgraph.directives:
        return False
    space.hint(
        "DIRECTIVE_COMPOSITION_INFO",
        name,
        f'"{name}" in "{subgraph.name}" need not be composed by hand: Federation\'s directives of '
        "the kind always are.",
        [(subgraph, application.node)],
    )
    return True


def _problem(space: Workspace, subgraph: Subgraph, application: Application) -> str | None:
    """What is wrong with one @composeDirective."""
    name, where = application.text("name"), f'in "{subgraph.name}"'
    if not name:
        return f"The argument of @composeDirective {where} is missing or empty: name a directive."
    if not name.startswith("@"):
        return f'@composeDirective(name: "{name}") {where} must name it with "@" before it.'
    local = name.removeprefix("@")
    link = link_of(subgraph, local)
    if local in subgraph.names and local not in subgraph.directives:
        return f'"{name}" {where} is a directive of Federation\'s that cannot be composed.'
    if link is not None and link.identity in {f"{APOLLO}join", f"{APOLLO}link"}:
        return f'"{name}" {where} belongs to the supergraph itself and cannot be composed.'
    if local not in subgraph.directives:
        known = [f"@{item}" for item in (*subgraph.directives, *subgraph.names)]
        advice = did_you_mean(name, known)
        return f'"{name}", which @composeDirective names {where}, is not defined there.{advice}'
    if link is None:
        return f'"{name}" {where} must come from a linked specification: add a @link for it.'
    conflicting = [
        other.name
        for other in space.subgraphs
        if other is not subgraph and _has_by_default(other, local)
    ]
    if conflicting:
        return (
            f'"{name}" {where} cannot be composed: {", ".join(conflicting)} has a directive of '
            "Federation's under that name. Import one of the two under another name."
        )
    return None


def _has_by_default(subgraph: Subgraph, local: str) -> bool:
    """Whether a name is, in a subgraph, that of a directive that is composed by itself.

    Those that Federation 1 is upgraded with need not be in use.
    """
    if not any(link.identity == FEDERATION for link in subgraph.links):
        return local in UPGRADED_WITH
    name = subgraph.names.get(local)
    return name in UPGRADED_WITH or (
        name in BY_DEFAULT
        and any(
            application.written == local and application.name == name
            for placed in elements(subgraph)
            for application in placed.element.applications
        )
    )


def link_of(subgraph: Subgraph, local: str) -> Link | None:
    """The link that brings a directive into a subgraph."""
    for link in subgraph.links:
        if any(name == f"@{local}" for _, name in link.imports):
            return link
    prefixes = {local, local.split("__", 1)[0]}
    return next((link for link in subgraph.links if link.alias in prefixes), None)


def original_name(link: Link, local: str) -> str:
    """What the specification itself calls a directive."""
    for original, name in link.imports:
        if name == f"@{local}":
            return original.removeprefix("@")
    return link.name if local == link.alias else local.removeprefix(f"{link.alias}__")


def _check_specifications(space: Workspace, asked: Sequence[Composed]) -> None:
    """One directive must come from one specification."""
    for name in dict.fromkeys(found.name for found in asked):
        identities = {found.link.identity for found in asked if found.name == name}
        if len(identities) > 1:
            message = (
                f'Composed directive "@{name}" is not of the same specification in every subgraph: '
                f"{', '.join(sorted(identities))}."
            )
            advice = (
                "Link one specification for it everywhere, or rename one of the two directives."
            )
            space.error(ERROR, f"@{name}", message, _places(asked, name), advice)


def _check_versions(space: Workspace, asked: Sequence[Composed]) -> None:
    """Who composes from one specification links one major version; others are only told of."""
    composing = {(found.link.identity, found.subgraph.name) for found in asked}
    linking: dict[str, list[tuple[Subgraph, int]]] = {}
    for subgraph in space.subgraphs:
        for link in subgraph.links:
            if not (link.identity.startswith(APOLLO) and link.name in SUPERGRAPHS_OWN):
                linking.setdefault(link.identity, []).append((subgraph, link.version[0]))
    for identity, found in linking.items():
        binding = [item for item in found if (identity, item[0].name) in composing]
        if len({major for _, major in binding}) > 1:
            message = f"{identity} is composed, but its major version differs across subgraphs."
            places = [(subgraph, subgraph.schema.node) for subgraph, _ in binding]
            space.error(ERROR, "schema", message, places, "Link one major version everywhere.")
        elif len({major for _, major in found}) > 1:
            message = (
                f"{identity} has different major versions in subgraphs that do not compose it."
            )
            space.hint("DIRECTIVE_COMPOSITION_INFO", "schema", message)


def _check_names(space: Workspace, asked: Sequence[Composed]) -> None:
    """One directive of one specification must have one name wherever it is composed."""
    by_directive: dict[tuple[str, str], dict[str, None]] = {}
    for found in asked:
        by_directive.setdefault((found.link.identity, found.original), {})[found.name] = None
    for (identity, original), names in by_directive.items():
        name = next(iter(names))
        if len(names) > 1:
            listed = ", ".join(f"@{one}" for one in names)
            message = f'Composed directive "@{original}" of {identity} has several names: {listed}.'
            advice = "Import it under one name everywhere."
            space.error(ERROR, f"@{original}", message, _places(asked, name), advice)
        elif _is_renamed_elsewhere(space, identity, original, name):
            message = (
                f'Composed directive "@{name}" has another name in a subgraph that does not '
                "compose it; it must have the same one there before it can."
            )
            space.hint("DIRECTIVE_COMPOSITION_WARN", f"@{name}", message, _places(asked, name))


def _check_join(space: Workspace, asked: Sequence[Composed]) -> None:
    for name in dict.fromkeys(found.name for found in asked):
        if name == "join" or name.startswith("join__"):
            message = f'"@{name}" cannot be composed: it reads as the supergraph\'s own directive.'
            advice = "Import it under another name."
            code = "INVALID_LINK_DIRECTIVE_USAGE"
            space.error(code, f"@{name}", message, _places(asked, name), advice)


def _places(asked: Sequence[Composed], name: str) -> list[tuple[Subgraph, DirectiveDefinitionNode]]:
    return [(found.subgraph, found.node) for found in asked if found.name == name]


def _is_renamed_elsewhere(space: Workspace, identity: str, original: str, name: str) -> bool:
    return any(
        given == f"@{original}" and local != f"@{name}"
        for subgraph in space.subgraphs
        for link in subgraph.links
        if link.identity == identity
        for given, local in link.imports
    )


def check_newest(space: Workspace) -> None:
    """Who links the newest version that is composed from defines all that is composed of it."""
    composing: dict[str, list[tuple[Link, Subgraph, str]]] = {}
    for subgraph in space.subgraphs:
        for owner, name in sorted(space.composed):
            link = link_of(subgraph, name) if owner == subgraph.name else None
            if link is not None:
                composing.setdefault(link.identity, []).append((link, subgraph, name))
    for found in composing.values():
        link, newest, _ = max(found, key=lambda one: one[0].version)
        for name in dict.fromkeys(name for _, _, name in found):
            [origin] = {original_name(item, name) for item, _, one in found if one == name}
            if not list(_definitions(space, link, origin)):
                others = [(graph, graph.directives[name]) for _, graph, one in found if one == name]
                space.error(
                    ERROR,
                    f"@{name}",
                    f'"{newest.name}" composes from {link.url}, the newest version there is, but '
                    f'does not define "@{name}", composed by {listed(g.name for g, _ in others)}.',
                    [(newest, newest.schema.node), *others],
                    f'Define "@{name}" in "{newest.name}" too, or link one version everywhere.',
                )


def _newest_definition(space: Workspace, asked: Sequence[Composed], found: Composed) -> Composed:
    """The last definition where the newest version that is composed from is linked."""
    newest = max(
        (other.link for other in asked if other.link.identity == found.link.identity),
        key=lambda link: link.version,
    )
    best = found
    for subgraph, link, node in _definitions(space, newest, found.original):
        named = replace(node, name=NameNode(value=found.name))
        best = Composed(subgraph, found.name, found.original, link, named)
    return best


def _definitions(
    space: Workspace, wanted: Link, original: str
) -> Iterator[tuple[Subgraph, Link, DirectiveDefinitionNode]]:
    """The definitions of a directive wherever the same version is linked, composed there or not."""
    for subgraph in space.subgraphs:
        for link in subgraph.links:
            if (link.identity, link.version) == (wanted.identity, wanted.version):
                node = subgraph.directives.get(link.directive(original))
                if node is not None:
                    yield subgraph, link, node
