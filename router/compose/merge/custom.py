"""Subgraphs' own directives: executable ones by intersection, others by @composeDirective."""

from __future__ import annotations

from graphql import DirectiveDefinitionNode, print_ast

from router.compose.merge.workspace import Workspace
from router.supergraph.links import Link

EXECUTABLE = (
    "QUERY",
    "MUTATION",
    "SUBSCRIPTION",
    "FIELD",
    "FRAGMENT_DEFINITION",
    "FRAGMENT_SPREAD",
    "INLINE_FRAGMENT",
    "VARIABLE_DEFINITION",
)
BUILT_IN = frozenset({"skip", "include", "deprecated", "specifiedBy", "oneOf", "defer", "stream"})


def executable_directives(space: Workspace) -> list[str]:
    """Directives for operations that every subgraph defines, at the locations all of them allow."""
    names = dict.fromkeys(
        name
        for subgraph in space.subgraphs
        for name, node in subgraph.directives.items()
        if name not in BUILT_IN and _locations(node)
    )
    texts = []
    for name in names:
        nodes = [subgraph.directives.get(name) for subgraph in space.subgraphs]
        given = [node for node in nodes if node is not None]
        if len(given) < len(nodes):
            space.hint(
                "INCONSISTENT_EXECUTABLE_DIRECTIVE_PRESENCE",
                f"@{name}",
                f"Executable directive @{name} is not defined in all subgraphs and is left out.",
            )
            continue
        shared = [
            place for place in _locations(given[0]) if all(place in _locations(n) for n in given)
        ]
        if not shared:
            space.hint(
                "NO_EXECUTABLE_DIRECTIVE_INTERSECTION",
                f"@{name}",
                f"Executable directive @{name} has no location common to all subgraphs.",
            )
            continue
        if any(set(_locations(node)) != set(shared) for node in given):
            space.hint(
                "INCONSISTENT_EXECUTABLE_DIRECTIVE_LOCATIONS",
                f"@{name}",
                f"Executable directive @{name} has other locations in some subgraphs.",
            )
        repeatable = all(node.repeatable for node in given)
        if not repeatable and any(node.repeatable for node in given):
            space.hint(
                "INCONSISTENT_EXECUTABLE_DIRECTIVE_REPEATABLE",
                f"@{name}",
                f"Executable directive @{name} is repeatable in some subgraphs only.",
            )
        texts.append(_definition(given, shared, repeatable=repeatable))
    return texts


def _locations(node: DirectiveDefinitionNode) -> list[str]:
    return [item.value for item in node.locations if item.value in EXECUTABLE]


def _definition(
    nodes: list[DirectiveDefinitionNode], locations: list[str], *, repeatable: bool
) -> str:
    shared = [
        argument
        for argument in nodes[0].arguments or ()
        if all(
            any(other.name.value == argument.name.value for other in node.arguments or ())
            for node in nodes
        )
    ]
    arguments = f"({', '.join(print_ast(item) for item in shared)})" if shared else ""
    again = " repeatable" if repeatable else ""
    return f"directive @{nodes[0].name.value}{arguments}{again} on {' | '.join(locations)}"


def composed_directives(space: Workspace) -> tuple[list[str], list[str]]:
    """(links, definitions) of the directives that @composeDirective names; noted in `space`."""
    newest: dict[str, Link] = {}
    names: dict[str, dict[str, str]] = {}
    definitions: dict[str, tuple[tuple[int, int], DirectiveDefinitionNode]] = {}
    for subgraph in space.subgraphs:
        for application in subgraph.schema.all_applied("composeDirective"):
            written = application.text("name").removeprefix("@")
            node = subgraph.directives.get(written)
            link = next((item for item in subgraph.links if _brings(item, written)), None)
            if node is None or link is None:
                continue
            space.composed.setdefault(subgraph.name, {})[written] = node
            if link.identity not in newest or link.version > newest[link.identity].version:
                newest[link.identity] = link
            original = next(
                (o for o, local in link.imports if local == f"@{written}"), f"@{link.name}"
            )
            names.setdefault(link.identity, {})[original] = f"@{written}"
            known = definitions.get(written)
            if known is None or link.version > known[0]:
                definitions[written] = (link.version, node)
            if node.repeatable:
                space.repeatable.add(written)
    links = [_link_text(link, names[identity]) for identity, link in newest.items()]
    return links, [print_ast(node) for _, node in definitions.values()]


def _brings(link: Link, written: str) -> bool:
    return (
        any(local == f"@{written}" for _, local in link.imports)
        or written == link.alias
        or (written.startswith(f"{link.alias}__"))
    )


def _link_text(link: Link, names: dict[str, str]) -> str:
    imports = ", ".join(
        f'"{original}"' if original == local else f'{{name: "{original}", as: "{local}"}}'
        for original, local in sorted(names.items())
    )
    alias = f', as: "{link.alias}"' if link.alias != link.name else ""
    return f'@link(url: "{link.url}"{alias}, import: [{imports}])'
