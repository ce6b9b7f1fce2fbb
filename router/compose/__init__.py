"""Subgraph SDLs in, a supergraph or diagnostics out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from router.compose.ingest import Unreadable, ingest
from router.compose.merge import merge
from router.compose.satisfiability import unreachable_fields
from router.compose.subgraph import Source, Subgraph
from router.compose.subgraph_rules import check
from router.diagnostics import Diagnostic
from router.supergraph.read_sdl import read_sdl

__all__ = ["Composition", "Source", "compose"]


@dataclass(frozen=True, slots=True)
class Composition:
    """What came of it: the supergraph's SDL, or errors; hints in either case."""

    supergraph_sdl: str | None
    errors: tuple[Diagnostic, ...] = ()
    hints: tuple[Diagnostic, ...] = ()


def compose(sources: Sequence[Source]) -> Composition:
    """Compose subgraph schemas into one supergraph, or say why not: all problems at once."""
    subgraphs: list[Subgraph] = []
    problems: list[Diagnostic] = []
    for source in sources:
        try:
            subgraph = ingest(source)
        except Unreadable as unreadable:
            problems += unreadable.diagnostics
        else:
            subgraphs.append(subgraph)
            problems += check(subgraph)
    if problems:
        return Composition(None, tuple(problems))
    merged = merge(subgraphs)
    if merged.sdl is None:
        return Composition(None, merged.errors, merged.hints)
    unreachable = unreachable_fields(read_sdl(merged.sdl))
    return Composition(None if unreachable else merged.sdl, unreachable, merged.hints)
