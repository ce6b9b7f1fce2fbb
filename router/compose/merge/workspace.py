"""What every part of merging shares: the subgraphs in order, their graph names, what was found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from graphql import DirectiveDefinitionNode, Node

from router.compose.subgraph import Subgraph, TypeDefinition
from router.diagnostics import Diagnostic, Level
from router.supergraph.model import Kind


@dataclass(slots=True)
class Workspace:
    """Subgraphs by name, their `join__Graph` values, and the problems and hints found so far.

    `kinds` and `subtypes` are of the merged schema: what each type is, and which types a value of
    an interface or union may have.
    """

    subgraphs: tuple[Subgraph, ...]
    graphs: Mapping[str, str]
    kinds: Mapping[str, Kind]
    subtypes: Mapping[str, frozenset[str]]
    errors: list[Diagnostic] = field(default_factory=list)
    hints: list[Diagnostic] = field(default_factory=list)
    # Directives of known features in use -> what the supergraph calls them.
    features: dict[str, str] = field(default_factory=dict)
    # Subgraph name -> its directives named by @composeDirective, and which of those may repeat.
    composed: dict[str, dict[str, DirectiveDefinitionNode]] = field(default_factory=dict)
    repeatable: set[str] = field(default_factory=set)

    def sources(self, name: str) -> list[tuple[Subgraph, TypeDefinition]]:
        """The subgraphs that have a type, with their definitions of it."""
        return [
            (subgraph, subgraph.types[name])
            for subgraph in self.subgraphs
            if name in subgraph.types
        ]

    def error(
        self,
        code: str,
        coordinate: str,
        message: str,
        nodes: Iterable[tuple[Subgraph, Node]] = (),
        hint: str = "",
    ) -> None:
        """Note a problem."""
        self.errors.append(_diagnostic(code, coordinate, message, nodes, hint, Level.ERROR))

    def hint(
        self, code: str, coordinate: str, message: str, nodes: Iterable[tuple[Subgraph, Node]] = ()
    ) -> None:
        """Note something worth knowing that stops nothing."""
        self.hints.append(_diagnostic(code, coordinate, message, nodes, "", level_of(code)))


WARNINGS = frozenset(
    {
        "INCONSISTENT_DEFAULT_VALUE_PRESENCE",
        "INCONSISTENT_INPUT_OBJECT_FIELD",
        "INCONSISTENT_ENUM_VALUE_FOR_INPUT_ENUM",
        "INCONSISTENT_EXECUTABLE_DIRECTIVE_PRESENCE",
        "INCONSISTENT_EXECUTABLE_DIRECTIVE_REPEATABLE",
        "INCONSISTENT_EXECUTABLE_DIRECTIVE_LOCATIONS",
        "NO_EXECUTABLE_DIRECTIVE_INTERSECTION",
        "INCONSISTENT_DESCRIPTION",
        "INCONSISTENT_ARGUMENT_PRESENCE",
        "FROM_SUBGRAPH_DOES_NOT_EXIST",
        "INCONSISTENT_NON_REPEATABLE_DIRECTIVE_ARGUMENTS",
        "DIRECTIVE_COMPOSITION_WARN",
        "INCONSISTENT_RUNTIME_TYPES_FOR_SHAREABLE_RETURN",
    }
)
DETAILS = frozenset(
    {
        "INCONSISTENT_OBJECT_VALUE_TYPE_FIELD",
        "INCONSISTENT_INTERFACE_VALUE_TYPE_FIELD",
        "INCONSISTENT_UNION_MEMBER",
        "INCONSISTENT_ENUM_VALUE_FOR_OUTPUT_ENUM",
        "INCONSISTENT_TYPE_SYSTEM_DIRECTIVE_REPEATABLE",
        "INCONSISTENT_TYPE_SYSTEM_DIRECTIVE_LOCATIONS",
        "UNUSED_ENUM_TYPE",
    }
)


def level_of(code: str) -> Level:
    """How much a hint matters, as the reference ranks it."""
    return Level.WARN if code in WARNINGS else Level.DEBUG if code in DETAILS else Level.INFO


def _diagnostic(
    code: str,
    coordinate: str,
    message: str,
    nodes: Iterable[tuple[Subgraph, Node]],
    hint: str,
    level: Level,
) -> Diagnostic:
    listed = list(nodes)
    return Diagnostic(
        code=code,
        message=message,
        coordinate=coordinate,
        subgraphs=tuple(dict.fromkeys(subgraph.name for subgraph, _ in listed)),
        hint=hint,
        level=level,
        locations=tuple(place for subgraph, node in listed for place in subgraph.place(node)),
    )


def open_workspace(subgraphs: Sequence[Subgraph]) -> Workspace:
    """Order the subgraphs and learn what the merged schema consists of."""
    ordered = tuple(sorted(subgraphs, key=lambda subgraph: subgraph.name))
    return Workspace(ordered, graph_names(ordered), _kinds(ordered), _subtypes(ordered))


def graph_names(subgraphs: Iterable[Subgraph]) -> dict[str, str]:
    """Subgraph name -> `join__Graph` value, each once."""
    wanted: dict[str, list[str]] = {}
    for subgraph in subgraphs:
        name = re.sub(r"\W", "_", subgraph.name, flags=re.ASCII)
        if re.match(r"\d", name):
            name = f"_{name}"
        if re.search(r"_\d+$", name):
            name = f"{name}_"
        wanted.setdefault(name.upper(), []).append(subgraph.name)
    return {
        original: value if len(originals) == 1 else f"{value}_{number}"
        for value, originals in wanted.items()
        for number, original in enumerate(originals, 1)
    }


def _kinds(subgraphs: Iterable[Subgraph]) -> dict[str, Kind]:
    kinds: dict[str, Kind] = {}
    for subgraph in subgraphs:
        for name, type_ in subgraph.types.items():
            kind = Kind.INTERFACE if type_.is_interface_object else type_.kind
            kinds.setdefault(name, kind)
    return kinds


def _subtypes(subgraphs: Iterable[Subgraph]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for subgraph in subgraphs:
        for name, type_ in subgraph.types.items():
            for interface in type_.interfaces:
                found.setdefault(interface, set()).add(name)
            if type_.kind is Kind.UNION:
                found.setdefault(name, set()).update(type_.members)
    return {name: frozenset(names) for name, names in found.items()}
