"""Subgraph SDLs in, a supergraph or diagnostics out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from router.compose.ingest import Unreadable, ingest
from router.compose.merge import merge
from router.compose.subgraph import Source, Subgraph
from router.diagnostics import Diagnostic

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
            subgraphs.append(ingest(source))
        except Unreadable as unreadable:
            problems += unreadable.diagnostics
    if problems:
        return Composition(None, tuple(problems))
    merged = merge(subgraphs)
    return Composition(merged.sdl, merged.errors, merged.hints)
