"""Enums by use: for answers all values, for arguments the common ones, for both they must agree."""

from __future__ import annotations

from router.compose.merge.applied import merged_applications
from router.compose.merge.description import merged_description
from router.compose.merge.draft import Element
from router.compose.merge.workspace import Sources, Workspace, listed, nodes_of
from router.compose.subgraph import Element as Value
from router.compose.subgraph import Subgraph

Given = list[tuple[Subgraph, Value]]


def merged_values(space: Workspace, name: str, sources: Sources) -> dict[str, Element]:
    """The values of an enum. All that may use it must be merged before."""
    if name not in space.inputs and name not in space.outputs:
        space.hint(
            "UNUSED_ENUM_TYPE",
            name,
            f'Enum "{name}" is used by no field or argument; the supergraph has all its values.',
            nodes_of(sources),
        )
    found = {}
    for value in dict.fromkeys(value for _, type_ in sources for value in type_.values):
        given = [(graph, type_.values[value]) for graph, type_ in sources if value in type_.values]
        place = f"{name}.{value}"
        if len(given) < len(sources) and not _stays(space, name, place, sources, given):
            continue
        found[value] = Element(
            name=value,
            coordinate=place,
            sources=nodes_of(given),
            description=merged_description(space, place, given),
            applied=merged_applications(space, place, given),
            joins=[f"@join__enumValue(graph: {space.graphs[graph.name]})" for graph, _ in given],
        )
    if not found:
        space.error(
            "EMPTY_MERGED_ENUM_TYPE",
            name,
            f'No value of enum "{name}" is in all of {listed(graph.name for graph, _ in sources)}; '
            "it is used in arguments, so the supergraph can only have values they all know.",
            nodes_of(sources),
            "Give it at least one value in all of them.",
        )
    return found


def _stays(space: Workspace, name: str, place: str, sources: Sources, given: Given) -> bool:
    """Whether a value that some subgraphs lack is in the supergraph."""
    having = {graph.name for graph, _ in given}
    missing = listed(graph.name for graph, _ in sources if graph.name not in having)
    if name not in space.inputs:
        space.hint(
            "INCONSISTENT_ENUM_VALUE_FOR_OUTPUT_ENUM",
            place,
            f'"{place}" is in the supergraph, but not in {missing}.',
            nodes_of(given),
        )
        return True
    if any(element.applied("inaccessible") for _, element in given):
        return True  # nobody can ask for it, so nobody can be asked with it
    if name in space.outputs:
        space.error(
            "ENUM_VALUE_MISMATCH",
            place,
            f'Enum "{name}" is used in arguments (such as {space.inputs[name]}) and in answers '
            f'(such as {space.outputs[name]}), but "{place}" is not in {missing}.',
            nodes_of(given),
            "Define the value in all subgraphs that have the enum, or mark it @inaccessible.",
        )
        return True
    space.hint(
        "INCONSISTENT_ENUM_VALUE_FOR_INPUT_ENUM",
        place,
        f'"{place}" is left out of the supergraph: the enum is used in arguments and {missing} '
        "has the value not.",
        nodes_of(given),
    )
    return False
