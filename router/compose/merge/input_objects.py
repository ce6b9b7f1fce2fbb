"""Input objects: the fields all their subgraphs know."""

from __future__ import annotations

from router.compose.merge.draft import DraftInput
from router.compose.merge.inputs import Given, is_required, merged_input
from router.compose.merge.lattice import same
from router.compose.merge.workspace import Sources, Workspace, listed, nodes_of
from router.supergraph.layout import quoted
from router.supergraph.type_names import innermost, text


def merged_input_fields(space: Workspace, name: str, sources: Sources) -> dict[str, DraftInput]:
    """The fields of an input object."""
    found = {}
    for field in dict.fromkeys(field for _, type_ in sources for field in type_.input_fields):
        given = [
            (graph, type_.input_fields[field])
            for graph, type_ in sources
            if field in type_.input_fields
        ]
        place = f"{name}.{field}"
        is_partial = len(given) < len(sources)
        if is_partial and not any(value.applied("inaccessible") for _, value in given):
            space.inputs.setdefault(innermost(given[0][1].type), place)
            _partial(space, place, sources, given)
            continue
        merged = merged_input(space, place, given, "INPUT")
        types_differ = not same(value.type for _, value in given)
        if is_partial or types_differ:
            merged.joins = [
                f"@join__field(graph: {space.graphs[graph.name]}"
                + (f", type: {quoted(text(value.type))})" if types_differ else ")")
                for graph, value in given
            ]
        found[field] = merged
    if not found:
        space.error(
            "EMPTY_MERGED_INPUT_TYPE",
            name,
            f'No field of input "{name}" is in all of its '
            f"{listed(graph.name for graph, _ in sources)}.",
            nodes_of(sources),
            "Define at least one field in all of them.",
        )
    return found


def _partial(space: Workspace, place: str, sources: Sources, given: Given) -> None:
    having = {graph.name for graph, _ in given}
    missing = listed(graph.name for graph, _ in sources if graph.name not in having)
    required = [graph.name for graph, value in given if is_required(value)]
    if required:
        space.error(
            "REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH",
            place,
            f'Input field "{place}" is required in {listed(required)}, but {missing} has it not.',
            nodes_of(given),
            "Add it there, make it optional, or give it a default.",
        )
        return
    space.hint(
        "INCONSISTENT_INPUT_OBJECT_FIELD",
        place,
        f'Input field "{place}" is left out of the supergraph: {missing} has it not.',
        nodes_of(given),
    )
