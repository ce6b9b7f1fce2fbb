"""A shared field must be able to give the same objects wherever it is resolved.

SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES where two subgraphs know no type in common for it, and the
hint INCONSISTENT_RUNTIME_TYPES_FOR_SHAREABLE_RETURN where they know different ones.
"""

from __future__ import annotations

from collections.abc import Sequence

from router.compose.satisfiability_reasons import Trail, example
from router.diagnostics import Diagnostic, Level
from router.graph.lookup import Node, Provided
from router.graph.model import Graph
from router.supergraph.model import Kind

HINT = "INCONSISTENT_RUNTIME_TYPES_FOR_SHAREABLE_RETURN"


def runtime_mismatch(
    graph: Graph,
    coordinate: str,
    target: str,
    options: Sequence[tuple[Node, Node, Provided]],
    trail: Trail,
) -> Diagnostic | None:
    """What is wrong, or worth knowing, about the types a field may give in each subgraph."""
    if len(options) < 2 or graph.supergraph.types[target].kind is Kind.OBJECT:
        return None
    name = coordinate.split(".")[1]
    runtime = _runtime_types(graph, name, options)
    if len(set(runtime.values())) < 2:
        return None
    shared = frozenset.intersection(*runtime.values())
    listed = "; ".join(f"{name} {_names(types)}" for name, types in sorted(runtime.items()))
    query = example(trail, name, leaf="...")
    said = f'The shared field "{coordinate}" gives different types: {listed}'
    if not shared:
        return Diagnostic(
            code="SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES",
            message=f"{said}. No type is common to all, so the answer to {query} would depend on "
            "who is asked.",
            coordinate=coordinate,
            subgraphs=tuple(sorted(runtime)),
            hint="A shared field must resolve to the same in every subgraph: let them know a type "
            "in common, or resolve the field in one.",
        )
    return Diagnostic(
        code=HINT,
        message=f"{said}. For {query} it must give {_names(shared)} only, or every subgraph that "
        "knows the other types.",
        coordinate=coordinate,
        subgraphs=tuple(sorted(runtime)),
        level=Level.WARN,
    )


def _runtime_types(
    graph: Graph, name: str, options: Sequence[tuple[Node, Node, Provided]]
) -> dict[str, frozenset[str]]:
    """Subgraph -> types it may give, where it does not only provide the field from another.

    Empty where one of them has narrowed the field to one type.
    """
    runtime: dict[str, frozenset[str]] = {}
    for node, goal, _ in options:
        view = graph.view(*goal)
        owner = graph.view(*node)
        field = owner.fields.get(name) if owner else None
        if view is None or view.is_interface_object or field is None or field.is_external:
            continue
        if view.kind is Kind.OBJECT:
            return {}
        runtime[graph.subgraph_name(node.graph)] = frozenset(view.runtime)
    return runtime


def _names(types: frozenset[str]) -> str:
    return ", ".join(sorted(types)) or "none"
