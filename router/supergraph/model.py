"""A supergraph as data: every type and field, and which subgraph resolves it (the join spec).

The types follow https://specs.apollo.dev/join/v0.5; older versions are read into the same shape.
Graphs are named by their `join__Graph` enum value throughout (`PRODUCTS`), and by the subgraph's
own name (`products`) only where a person or a plan reads it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from graphql import DocumentNode, InputValueDefinitionNode, TypeNode


class SupergraphError(Exception):
    """The supergraph SDL cannot be used; the message says what is wrong and where."""


class Kind(Enum):
    """What a type is."""

    OBJECT = "OBJECT"
    INTERFACE = "INTERFACE"
    UNION = "UNION"
    ENUM = "ENUM"
    SCALAR = "SCALAR"
    INPUT = "INPUT"


@dataclass(frozen=True, slots=True)
class SubgraphName:
    """A member of `join__Graph`: its enum value, its name and where it is served."""

    graph: str
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class JoinType:
    """That a subgraph has a type, and one key it can be entered (or only left) by."""

    graph: str
    key: str | None = None
    is_extension: bool = False
    is_resolvable: bool = True
    is_interface_object: bool = False


@dataclass(frozen=True, slots=True)
class ContextArgument:
    """A field argument whose value is taken from an ancestor (@fromContext)."""

    name: str
    type: str
    context: str
    selection: str


@dataclass(frozen=True, slots=True)
class JoinField:
    """That a subgraph has a field, and under which terms.

    `graph` is None for a field that an object has only through an @interfaceObject. `type` is the
    subgraph's own type where it differs from the merged one.
    """

    graph: str | None
    requires: str | None = None
    provides: str | None = None
    type: str | None = None
    is_external: bool = False
    override: str | None = None
    override_label: str | None = None
    is_used_overridden: bool = False
    context_arguments: tuple[ContextArgument, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the merged type; no joins mean that every graph of the type has it."""

    name: str
    type: TypeNode
    arguments: tuple[InputValueDefinitionNode, ...]
    joins: tuple[JoinField, ...]


@dataclass(frozen=True, slots=True)
class Type:
    """A merged type.

    `implements` and `members` are pairs (graph, type name); `values` gives the graphs of each
    enum value. `contexts` are the names under which the type offers a context, by graph.
    """

    name: str
    kind: Kind
    joins: tuple[JoinType, ...]
    fields: Mapping[str, Field] = field(default_factory=dict)
    implements: tuple[tuple[str, str], ...] = ()
    interfaces: tuple[str, ...] = ()
    members: tuple[tuple[str, str], ...] = ()
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    contexts: tuple[str, ...] = ()

    def graphs(self) -> tuple[str, ...]:
        """The graphs that have the type, each once, in the order of the SDL."""
        return tuple(dict.fromkeys(join.graph for join in self.joins))


@dataclass(frozen=True, slots=True)
class Supergraph:
    """The whole: subgraphs by graph name, types by name, root types by operation kind.

    `document` is the SDL as parsed; `directive_names` maps a core feature (`inaccessible`, `tag`,
    `authenticated`, ...) to the name its directive has in this document.
    """

    document: DocumentNode
    subgraphs: Mapping[str, SubgraphName]
    types: Mapping[str, Type]
    roots: Mapping[str, str]
    directive_names: Mapping[str, str]
