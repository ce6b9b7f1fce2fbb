"""Graphs composed of what the subgraphs s0, s1 and so on define."""

from router.compose import Source, compose
from router.graph.build import build
from router.graph.model import Graph
from router.supergraph.read_sdl import read_sdl
from tests.plan.concept_cases import LINK


def graph_of(*sdls: str) -> Graph:
    """The graph of subgraphs with these schemas; their graph names are S0, S1 and so on."""
    sources = [Source(f"s{n}", f"http://s{n}", LINK + sdl) for n, sdl in enumerate(sdls)]
    composition = compose(sources)
    assert composition.supergraph_sdl is not None, composition.errors
    return build(read_sdl(composition.supergraph_sdl))
