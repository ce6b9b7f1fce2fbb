"""What every part of merging shares: the subgraphs in order, their graph names, what was found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from graphql import Node

from router.compose.hints import LEVELS
from router.compose.merge.field_uses import Uses, uses_of
from router.compose.merge.lattice import Lattice
from router.compose.subgraph import Element, Subgraph, TypeDefinition
from router.diagnostics import Diagnostic, Level
from router.supergraph.model import Kind

Sources = Sequence[tuple[Subgraph, TypeDefinition]]
ROOT_TYPES = {"query": "Query", "mutation": "Mutation", "subscription": "Subscription"}
ROOT_NAMES = frozenset(ROOT_TYPES.values())
BUILT_IN = frozenset({"ID", "Int", "Float", "String", "Boolean"})


@dataclass(slots=True)
class Workspace:
    """Subgraphs by name, their `join__Graph` values, and the problems and hints found so far.

    `sources` are the definitions of each type, `interface_objects` those that have an interface of
    others as an object, `implemented` the interfaces of each type, `lattice` how types contain each
    other, all over all subgraphs. `uses` says, by subgraph, which fields its field sets need.
    """

    subgraphs: tuple[Subgraph, ...]
    graphs: Mapping[str, str]
    sources: dict[str, Sources]
    interface_objects: Mapping[str, Sources]
    implemented: Mapping[str, tuple[str, ...]]
    lattice: Lattice
    uses: Mapping[str, Uses]
    # The newest Federation that any subgraph links or needs.
    version: tuple[int, int] = (2, 0)
    errors: list[Diagnostic] = field(default_factory=list)
    hints: list[Diagnostic] = field(default_factory=list)
    # Federation's directives in use that the supergraph has -> what it calls them.
    features: dict[str, str] = field(default_factory=dict)
    # Directives that @composeDirective names, as (subgraph name, directive), and all that repeat.
    composed: set[tuple[str, str]] = field(default_factory=set)
    repeatable: set[str] = field(default_factory=set)
    # Type name -> where an argument or input field, and where a field, has it (one of each).
    inputs: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)

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
        self.hints.append(_diagnostic(code, coordinate, message, nodes, "", LEVELS[code]))


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
    sources: dict[str, list[tuple[Subgraph, TypeDefinition]]] = {}
    for subgraph in ordered:
        for name, type_ in subgraph.types.items():
            if name not in BUILT_IN:
                sources.setdefault(name, []).append((subgraph, type_))
    objects = {
        name: [(graph, type_) for graph, type_ in found if type_.is_interface_object]
        for name, found in sources.items()
    }
    return Workspace(
        subgraphs=ordered,
        graphs=graph_names(ordered),
        sources={name: tuple(found) for name, found in sources.items()},
        interface_objects={name: found for name, found in objects.items() if found},
        implemented={
            name: tuple(dict.fromkeys(item for _, type_ in found for item in type_.interfaces))
            for name, found in sources.items()
        },
        lattice=Lattice(_subtypes(sources)),
        uses={subgraph.name: uses_of(subgraph) for subgraph in ordered},
    )


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


def kind_of(type_: TypeDefinition) -> Kind:
    """What a type is in the supergraph: an @interfaceObject is an interface there."""
    return Kind.INTERFACE if type_.is_interface_object else type_.kind


def listed(names: Iterable[str]) -> str:
    """Subgraphs as people read them: `subgraph "a"`, `subgraphs "a" and "b"`."""
    quoted = [f'"{name}"' for name in dict.fromkeys(names)]
    if len(quoted) == 1:
        return f"subgraph {quoted[0]}"
    return f"subgraphs {', '.join(quoted[:-1])} and {quoted[-1]}"


def nodes_of(given: Iterable[tuple[Subgraph, Element]]) -> tuple[tuple[Subgraph, Node], ...]:
    """Where definitions stand."""
    return tuple((subgraph, element.node) for subgraph, element in given)


def _subtypes(sources: Mapping[str, Sources]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for name, definitions in sources.items():
        for _, type_ in definitions:
            for interface in type_.interfaces:
                found.setdefault(interface, set()).add(name)
            if type_.kind is Kind.UNION:
                found.setdefault(name, set()).update(type_.members)
    return {name: frozenset(names) for name, names in found.items()}
