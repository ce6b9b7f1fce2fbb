"""Directive applications that reach the supergraph, merged over the subgraphs that make them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from graphql import ConstValueNode

from router.compose.merge.draft import Applied
from router.compose.merge.strategies import STRATEGIES, most_popular
from router.compose.merge.values import arguments_meaning, arguments_text
from router.compose.merge.workspace import Workspace
from router.compose.subgraph import Application, Element, Subgraph

Given = Sequence[tuple[Subgraph, Element]]
BUILT_IN = frozenset({"deprecated", "specifiedBy"})


def merged_applications(space: Workspace, coordinate: str, given: Given) -> list[Applied]:
    """The directives of one element of the supergraph."""
    if not any(element.applications for _, element in given):
        return []
    by_name: dict[str, list[tuple[Subgraph, Application]]] = {}
    for subgraph, element in given:
        for application in element.applications:
            by_name.setdefault(_key(application), []).append((subgraph, application))
    found: list[Applied] = []
    for name, applications in by_name.items():
        strategy = STRATEGIES.get(name)
        if strategy is not None:
            local = name if name in BUILT_IN else space.features[name]
            found += strategy(space, coordinate, local, applications)
        elif any((graph.name, item.written) in space.composed for graph, item in applications):
            found += _custom(space, coordinate, applications)
    return found


def _key(application: Application) -> str:
    """The name of a directive of Federation's or GraphQL's; of others with an @ before it."""
    return application.name if application.name in STRATEGIES else f"@{application.written}"


def _custom(
    space: Workspace, coordinate: str, applications: list[tuple[Subgraph, Application]]
) -> list[Applied]:
    """A directive that @composeDirective names in one of the subgraphs that apply it here."""
    graph, first = applications[0]
    defaults = _defaults(graph, first.written)
    if first.written in space.repeatable:
        unique: dict[object, Application] = {}
        for _, item in applications:
            unique.setdefault(arguments_meaning(item, defaults), item)
        items = list(unique.values())
    else:
        items = [most_popular(space, coordinate, first.written, applications, defaults)]
    name = first.written
    return [
        Applied(f"@{name}", name, arguments_text(item), values=item.arguments) for item in items
    ]


def _defaults(subgraph: Subgraph, name: str) -> Mapping[str, ConstValueNode]:
    node = subgraph.directives.get(name)
    return {
        argument.name.value: argument.default_value
        for argument in (node.arguments if node else ()) or ()
        if argument.default_value is not None
    }
