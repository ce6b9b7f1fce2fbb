"""A field that several subgraphs answer must be able to give the same kinds of objects in each."""

from __future__ import annotations

from collections.abc import Iterator

from router.diagnostics import Diagnostic, Level
from router.graph.build import build
from router.graph.lookup import Lookup, Node
from router.graph.model import Graph
from router.supergraph.model import Kind, Supergraph

ABSTRACT = frozenset({Kind.INTERFACE, Kind.UNION})


def runtime_type_mismatches(supergraph: Supergraph) -> Iterator[Diagnostic]:
    """An error where subgraphs have no possible type in common, a hint where they differ."""
    graph = build(supergraph)
    lookup = Lookup(graph, frozenset())
    for type_ in supergraph.types.values():
        if type_.kind is not Kind.OBJECT:
            continue
        for name in type_.fields:
            answers = _answers(graph, lookup, type_.name, name)
            if len(set(answers.values())) > 1:
                yield _mismatch(f"{type_.name}.{name}", answers)


def _answers(graph: Graph, lookup: Lookup, type_name: str, field: str) -> dict[str, frozenset[str]]:
    """Subgraph -> the objects its answer may be; only where the answer is abstract in all."""
    answers: dict[str, frozenset[str]] = {}
    for owner in graph.types:
        found = lookup.local(Node(owner, type_name), field, ())
        view = graph.view(owner, found.target) if found else None
        if view is None or view.is_interface_object:
            continue
        if view.kind not in ABSTRACT:
            return {}
        answers[graph.subgraph_name(owner)] = frozenset(view.runtime)
    return answers


def _mismatch(coordinate: str, answers: dict[str, frozenset[str]]) -> Diagnostic:
    listed = "; ".join(
        f"{', '.join(sorted(types)) or 'nothing'} in {name}" for name, types in answers.items()
    )
    is_fatal = not frozenset.intersection(*answers.values())
    return Diagnostic(
        code="SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES"
        if is_fatal
        else "INCONSISTENT_RUNTIME_TYPES_FOR_SHAREABLE_RETURN",
        coordinate=coordinate,
        subgraphs=tuple(answers),
        message=(
            f'Shared field "{coordinate}" may be of different types in different subgraphs: '
            f"{listed}."
        ),
        hint="A field that is shared must give the same objects whoever is asked."
        if is_fatal
        else "",
        level=Level.ERROR if is_fatal else Level.WARN,
    )
