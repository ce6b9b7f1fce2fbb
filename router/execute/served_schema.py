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


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class ServedSchema:
    """`api` is what clients see, `graph` what the planner walks; `hash` is of the SDL (hex)."""

    hash: str
    supergraph: Supergraph
    api: GraphQLSchema
    graph: Graph
    conditions: TypeConditions
    keys: EntityKeys

    def urls(self) -> dict[str, str]:
        """Where each subgraph is, by its name."""
        return {item.name: item.url for item in self.supergraph.subgraphs.values()}


def served_schema(sdl: str) -> ServedSchema:
    """Read a supergraph. Raises SupergraphError."""
    supergraph = read_sdl(sdl)
    return ServedSchema(
        hash=hashlib.sha256(sdl.encode()).hexdigest(),
        supergraph=supergraph,
        api=api_schema(supergraph),
        graph=build(supergraph),
        conditions=type_conditions(supergraph),
        keys=entity_keys(supergraph),
    )
