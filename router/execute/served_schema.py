"""One supergraph as it is served: everything that is derived from its SDL, made once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from graphql import GraphQLSchema

from router.execute.entity_keys import EntityKeys, entity_keys
from router.execute.type_conditions import TypeConditions, type_conditions
from router.graph.build import build
from router.graph.model import Graph
from router.supergraph.api_schema import api_schema
from router.supergraph.model import Supergraph
from router.supergraph.read_sdl import read_sdl


@dataclass(frozen=True, slots=True, eq=False)
class ServedSchema:
    """`api` is what clients see, `graph` what the planner walks; `hash` is of the SDL (hex).

    `override_labels` are those of progressive @override that any field has.
    """

    hash: str
    supergraph: Supergraph
    api: GraphQLSchema
    graph: Graph
    conditions: TypeConditions
    keys: EntityKeys
    override_labels: frozenset[str]

    def urls(self) -> dict[str, str]:
        """Where each subgraph is, by its name."""
        return {item.name: item.url for item in self.supergraph.subgraphs.values()}


def served_schema(sdl: str, *, can_defer: bool = True) -> ServedSchema:
    """Read a supergraph; clients may use @defer if they `can_defer`. Raises SupergraphError."""
    supergraph = read_sdl(sdl)
    return ServedSchema(
        hash=hashlib.sha256(sdl.encode()).hexdigest(),
        supergraph=supergraph,
        api=api_schema(supergraph, can_defer=can_defer),
        graph=build(supergraph),
        conditions=type_conditions(supergraph),
        keys=entity_keys(supergraph),
        override_labels=_override_labels(supergraph),
    )


def _override_labels(supergraph: Supergraph) -> frozenset[str]:
    return frozenset(
        join.override_label
        for owner in supergraph.types.values()
        for field in owner.fields.values()
        for join in field.joins
        if join.override_label
    )
