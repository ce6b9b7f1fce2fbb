"""What each subgraph can do, seen from a query: its types, fields and the keys to enter it by.

A node of the graph is a pair (subgraph, type); `Place` names one. A `SubgraphField` is a move along
a field, a `Key` a move from another subgraph into this one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from graphql import SelectionSetNode, TypeNode

from router.supergraph.model import ContextArgument, Kind, Supergraph


@dataclass(frozen=True, slots=True)
class Label:
    """A progressive @override: the field is here only while the label is active (or is not)."""

    name: str
    is_here_when_active: bool


@dataclass(frozen=True, slots=True)
class SubgraphField:
    """A field as one subgraph has it. `type` is that subgraph's own, `target` its innermost name.

    An external field can be selected only where it is provided; `requires` must be sent along with
    the representation.
    """

    name: str
    type: TypeNode
    target: str
    is_external: bool = False
    requires: SelectionSetNode | None = None
    provides: SelectionSetNode | None = None
    label: Label | None = None
    context_arguments: tuple[ContextArgument, ...] = ()


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a type in a subgraph; only a resolvable one can be entered by."""

    selections: SelectionSetNode
    text: str
    is_resolvable: bool


@dataclass(frozen=True, slots=True)
class SubgraphType:
    """A type as one subgraph has it; `runtime` are the objects it may turn out to be there."""

    graph: str
    name: str
    kind: Kind
    fields: Mapping[str, SubgraphField] = field(default_factory=dict)
    keys: tuple[Key, ...] = ()
    runtime: tuple[str, ...] = ()
    is_interface_object: bool = False


@dataclass(frozen=True, slots=True)
class Graph:
    """Every subgraph's view, and what only the whole knows.

    `types[graph][name]` is a view; `runtime[name]` are the objects an abstract type may be in any
    subgraph; `interface_objects[name]` are the graphs that have interface `name` as an object;
    `interfaces[name]` are the interfaces an object (or interface) implements anywhere.
    """

    supergraph: Supergraph
    types: Mapping[str, Mapping[str, SubgraphType]]
    runtime: Mapping[str, tuple[str, ...]]
    interface_objects: Mapping[str, tuple[str, ...]]
    interfaces: Mapping[str, tuple[str, ...]]

    def view(self, graph: str, name: str) -> SubgraphType | None:
        """The subgraph's view of a type, or None where it has none."""
        return self.types[graph].get(name)

    def subgraph_name(self, graph: str) -> str:
        """The subgraph's own name (`products` for `PRODUCTS`)."""
        return self.supergraph.subgraphs[graph].name
