"""Directives for operations: those that every subgraph defines, where all of them allow it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graphql import DirectiveDefinitionNode, InputValueDefinitionNode, StringValueNode

from router.compose.merge.description import merged_description
from router.compose.merge.draft import DraftDirective
from router.compose.merge.inputs import merged_arguments
from router.compose.merge.workspace import Workspace
from router.compose.subgraph import Application, Element, InputValue, Subgraph

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
Given = Sequence[tuple[Subgraph, DirectiveDefinitionNode]]


def executable_directives(space: Workspace) -> list[DraftDirective]:
    """Directives for operations that every subgraph defines, at the locations all of them allow."""
    composed = {name for _, name in space.composed}
    names = dict.fromkeys(
        name
        for subgraph in space.subgraphs
        for name, node in subgraph.directives.items()
        if name not in BUILT_IN and name not in composed and _locations(node)
    )
    found = (_merged(space, name) for name in names)
    return [directive for directive in found if directive is not None]


def _merged(space: Workspace, name: str) -> DraftDirective | None:
    """One directive; None, with a hint why, when the supergraph cannot have it."""
    given = [
        (graph, node)
        for graph in space.subgraphs
        if (node := graph.directives.get(name)) is not None
    ]
    nodes = [node for _, node in given]
    shared = tuple(
        place for place in _locations(nodes[0]) if all(place in _locations(n) for n in nodes)
    )
    if len(given) < len(space.subgraphs):
        _hint(space, "INCONSISTENT_EXECUTABLE_DIRECTIVE_PRESENCE", given, "is not in all subgraphs")
        return None
    if not shared:
        _hint(space, "NO_EXECUTABLE_DIRECTIVE_INTERSECTION", given, "has no location in common")
        return None
    if any(set(_locations(node)) != set(shared) for node in nodes):
        code = "INCONSISTENT_EXECUTABLE_DIRECTIVE_LOCATIONS"
        _hint(space, code, given, "has other locations in some subgraphs")
    repeatable = all(node.repeatable for node in nodes)
    if not repeatable and any(node.repeatable for node in nodes):
        code = "INCONSISTENT_EXECUTABLE_DIRECTIVE_REPEATABLE"
        _hint(space, code, given, "is repeatable in some subgraphs only")
    elements = [(graph, Element(f"@{name}", _described(node), (), node)) for graph, node in given]
    return DraftDirective(
        name=name,
        coordinate=f"@{name}",
        sources=tuple(given),
        description=merged_description(space, f"@{name}", elements),
        arguments=merged_arguments(
            space, f"@{name}", [(graph, _arguments(graph, node)) for graph, node in given]
        ),
        is_repeatable=repeatable,
        locations=shared,
    )


def _hint(space: Workspace, code: str, given: Given, what: str) -> None:
    name = given[0][1].name.value
    message = f'Executable directive "@{name}" {what}; the supergraph has what all have in common.'
    space.hint(code, f"@{name}", message, given)


def _locations(node: DirectiveDefinitionNode) -> list[str]:
    return [item.value for item in node.locations if item.value in EXECUTABLE]


def _arguments(subgraph: Subgraph, node: DirectiveDefinitionNode) -> dict[str, InputValue]:
    return {
        item.name.value: InputValue(
            name=item.name.value,
            description=_described(item),
            applications=tuple(_applications(subgraph, item)),
            node=item,
            type=item.type,
            default=item.default_value,
        )
        for item in node.arguments or ()
    }


def _applications(subgraph: Subgraph, node: InputValueDefinitionNode) -> Iterator[Application]:
    for directive in node.directives or ():
        written = directive.name.value
        given = {item.name.value: item.value for item in directive.arguments or ()}
        yield Application(subgraph.names.get(written, written), written, given, directive)


def _described(node: DirectiveDefinitionNode | InputValueDefinitionNode) -> str | None:
    return node.description.value if isinstance(node.description, StringValueNode) else None
