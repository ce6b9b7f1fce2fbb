"""Arguments and input fields: those all subgraphs know, under the strictest type."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from graphql import ConstValueNode, NonNullTypeNode, TypeNode

from router.compose.merge.applied import merged_applications
from router.compose.merge.description import merged_description
from router.compose.merge.draft import DraftInput
from router.compose.merge.lattice import same
from router.compose.merge.values import meaning
from router.compose.merge.workspace import Workspace, listed, nodes_of
from router.compose.subgraph import InputValue, Subgraph
from router.supergraph.layout import value_text
from router.supergraph.type_names import innermost, text

Given = Sequence[tuple[Subgraph, InputValue]]
# One definition each subgraph has of a field or directive: its arguments.
Owners = Sequence[tuple[Subgraph, Mapping[str, InputValue]]]


def merged_arguments(space: Workspace, coordinate: str, owners: Owners) -> dict[str, DraftInput]:
    """The arguments of a field or directive that all of its subgraphs know."""
    names = dict.fromkeys(name for _, arguments in owners for name in arguments)
    found = {}
    for name in names:
        given = [(graph, arguments[name]) for graph, arguments in owners if name in arguments]
        place = f"{coordinate}({name}:)"
        if any(argument.applied("fromContext") for _, argument in given):
            _contextual(space, place, given)
        elif len(given) < len(owners):
            _partial(space, place, [graph for graph, _ in owners], given)
        else:
            found[name] = merged_input(space, place, given, "ARGUMENT")
    return found


def _contextual(space: Workspace, place: str, given: Given) -> None:
    """An argument that some subgraph takes from a context is not for clients to give."""
    plain = [(graph, item) for graph, item in given if not item.applied("fromContext")]
    if not plain:
        return
    code = "CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS"
    message = (
        f'Argument "{place}" is left out of the supergraph: it comes from a context in some '
        f"subgraphs, but not in {listed(graph.name for graph, _ in plain)}"
    )
    if any(is_required(item) for _, item in plain):
        message += ", where it is required."
        advice = "Make it optional there, or give it a default."
        space.error(code, place, message, nodes_of(given), advice)
    else:
        space.hint(code, place, f"{message}.", nodes_of(given))


def _partial(space: Workspace, place: str, owners: Iterable[Subgraph], given: Given) -> None:
    having = {subgraph.name for subgraph, _ in given}
    missing = listed(graph.name for graph in owners if graph.name not in having)
    required = [graph.name for graph, argument in given if is_required(argument)]
    if required:
        space.error(
            "REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH",
            place,
            f'Argument "{place}" is required in {listed(required)}, but {missing} has it not.',
            nodes_of(given),
            "Add it there, make it optional, or give it a default.",
        )
    else:
        space.hint(
            "INCONSISTENT_ARGUMENT_PRESENCE",
            place,
            f'Optional argument "{place}" is left out of the supergraph: {missing} has it not.',
            nodes_of(given),
        )


def is_required(value: InputValue) -> bool:
    """Whether it must be given."""
    return isinstance(value.type, NonNullTypeNode) and value.default is None


def merged_input(space: Workspace, place: str, given: Given, what: str) -> DraftInput:
    """One argument (`what` is ARGUMENT) or input field (INPUT) of the supergraph."""
    merged = _merged_type(space, place, given, what)
    space.inputs.setdefault(innermost(merged), place)
    return DraftInput(
        name=given[0][1].name,
        coordinate=place,
        sources=nodes_of(given),
        description=merged_description(space, place, given),
        applied=merged_applications(space, place, given),
        type=merged,
        default=_default(space, place, given, what),
    )


def _merged_type(space: Workspace, place: str, given: Given, what: str) -> TypeNode:
    types = [value.type for _, value in given]
    if len(types) == 1 or same(types):
        return types[0]
    merged = space.lattice.strictest(types)
    seen = "; ".join(f"{text(value.type)} in {graph.name}" for graph, value in given)
    if merged is None:
        code = "FIELD_ARGUMENT_TYPE_MISMATCH" if what == "ARGUMENT" else "FIELD_TYPE_MISMATCH"
        message = f'The type of "{place}" differs across subgraphs: {seen}.'
        space.error(code, place, message, nodes_of(given), "Give it one type everywhere.")
        return types[0]
    code = "ARGUMENT" if what == "ARGUMENT" else "FIELD"
    space.hint(
        f"INCONSISTENT_BUT_COMPATIBLE_{code}_TYPE",
        place,
        f'The type of "{place}" differs across subgraphs: {seen}. The supergraph has the '
        f"strictest, {text(merged)}.",
        nodes_of(given),
    )
    return merged


def _default(space: Workspace, place: str, given: Given, what: str) -> ConstValueNode | None:
    first = given[0][1].default
    if len(given) == 1:
        return first
    by_meaning = {meaning(value.default): value.default for _, value in reversed(given)}
    if len(by_meaning) == 1:
        return first
    defaults = [default for default in by_meaning.values() if default is not None]
    if len(defaults) > 1:
        code = "FIELD_ARGUMENT" if what == "ARGUMENT" else "INPUT_FIELD"
        seen = ", ".join(value_text(default) for default in defaults)
        space.error(
            f"{code}_DEFAULT_MISMATCH",
            place,
            f'"{place}" has different defaults across subgraphs: {seen}.',
            nodes_of(given),
            "Give it one default everywhere.",
        )
        return None
    lacking = listed(graph.name for graph, value in given if value.default is None)
    space.hint(
        "INCONSISTENT_DEFAULT_VALUE_PRESENCE",
        place,
        f'"{place}" has a default in some subgraphs only: the supergraph has none, as {lacking}.',
        nodes_of(given),
    )
    return None
