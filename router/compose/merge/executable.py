"""Directives for operations: those that every subgraph defines, where all of them allow it."""

from __future__ import annotations

from graphql import DirectiveDefinitionNode, print_ast

from router.compose.merge.workspace import Workspace

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
    texts = [_merged(space, name) for name in names]
    return [text for text in texts if text]


def _merged(space: Workspace, name: str) -> str:
    """One directive as text; empty, with a hint why, when the supergraph cannot have it."""
    nodes = [subgraph.directives.get(name) for subgraph in space.subgraphs]
    given = [node for node in nodes if node is not None]
    shared = [place for place in _locations(given[0]) if all(place in _locations(n) for n in given)]
    if len(given) < len(nodes):
        _hint(space, "INCONSISTENT_EXECUTABLE_DIRECTIVE_PRESENCE", name, "is not in all subgraphs")
        return ""
    if not shared:
        _hint(space, "NO_EXECUTABLE_DIRECTIVE_INTERSECTION", name, "has no location in common")
        return ""
    if any(set(_locations(node)) != set(shared) for node in given):
        code = "INCONSISTENT_EXECUTABLE_DIRECTIVE_LOCATIONS"
        _hint(space, code, name, "has other locations in some subgraphs")
    repeatable = all(node.repeatable for node in given)
    if not repeatable and any(node.repeatable for node in given):
        code = "INCONSISTENT_EXECUTABLE_DIRECTIVE_REPEATABLE"
        _hint(space, code, name, "is repeatable in some subgraphs only")
    return _definition(given, shared, repeatable=repeatable)


def _hint(space: Workspace, code: str, name: str, what: str) -> None:
    space.hint(code, f"@{name}", f'Executable directive "@{name}" {what}.')


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
