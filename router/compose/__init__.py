"""Subgraph SDLs in, a supergraph or diagnostics out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from router.compose.externals import resolved_fields
from router.compose.ingest import Unreadable, ingest, wrong_names
from router.compose.merge import merge
from router.compose.normal_literals import normal_literals
from router.compose.pinned import newer
from router.compose.placed import placed
from router.compose.satisfiability import unsatisfiable
from router.compose.settled import settled
from router.compose.subgraph import Source, Subgraph
from router.compose.subgraph_rules import check, check_federation
from router.compose.subgraph_rules.directive_definitions import upgraded_definitions
from router.compose.upgrade import conflicting_links, upgrade
from router.compose.variant import Variant, vary
from router.diagnostics import Diagnostic, Level
from router.federation.directives import NEWEST, Version
from router.supergraph.read_sdl import read_sdl

__all__ = ["Composition", "Source", "Variant", "compose"]
WHOLE = Variant()


@dataclass(frozen=True, slots=True)
class Composition:
    """What came of it: the supergraph's SDL, or errors; hints in either case."""

    supergraph_sdl: str | None
    errors: tuple[Diagnostic, ...] = ()
    hints: tuple[Diagnostic, ...] = ()


def compose(
    sources: Sequence[Source], variant: Variant = WHOLE, newest: Version = NEWEST
) -> Composition:
    """Compose subgraph schemas into one supergraph, or say why not: all problems at once.

    Subgraphs may link Federation up to `newest`. A `variant` is made of a supergraph that is valid
    as a whole.
    """
    subgraphs, problems = ingest_all(sources)
    problems += newer(subgraphs, newest)
    if problems:
        return Composition(None, tuple(problems))
    ready = [normal_literals(settled(subgraph)) for subgraph in subgraphs]
    merged = merge(ready)
    if merged.sdl is None:
        return Composition(None, merged.errors, merged.hints)
    found = [placed(one, ready) for one in unsatisfiable(read_sdl(merged.sdl))]
    errors = tuple(one for one in found if one.level is Level.ERROR)
    hints = (*merged.hints, *(one for one in found if one.level is not Level.ERROR))
    if errors or variant.is_whole or merged.whole is None:
        return Composition(None if errors else merged.sdl, errors, hints)
    varied = vary(merged.whole, variant)
    return Composition(varied.sdl, varied.errors, (*hints, *varied.hints))


def ingest_all(sources: Sequence[Source]) -> tuple[list[Subgraph], list[Diagnostic]]:
    """Subgraphs that are valid on their own, Federation 1 upgraded; or what is wrong with them."""
    subgraphs: list[Subgraph] = []
    problems: list[Diagnostic] = []
    for source in sources:
        try:
            subgraph = ingest(source)
        except Unreadable as unreadable:
            problems += unreadable.diagnostics
            continue
        subgraphs.append(subgraph)
        problems += check(subgraph) or (
            check_federation(subgraph) if subgraph.is_federation_2 else []
        )
    problems += wrong_names(sources)
    return (subgraphs, problems) if problems else upgrade_all(subgraphs)


def upgrade_all(subgraphs: Sequence[Subgraph]) -> tuple[list[Subgraph], list[Diagnostic]]:
    """Those of Federation 1 as if written for 2."""
    upgraded: list[Subgraph] = []
    problems: list[Diagnostic] = []
    resolved = {subgraph.name: resolved_fields(subgraph) for subgraph in subgraphs}
    for subgraph in subgraphs:
        if subgraph.is_federation_2:
            upgraded.append(subgraph)
            continue
        hindrances = [*upgraded_definitions(subgraph), *conflicting_links(subgraph)]
        if hindrances:
            problems += hindrances
            continue
        after, wrong = upgrade(subgraph, subgraphs, resolved)
        upgraded.append(after)
        problems += wrong or check_federation(after)
    return upgraded, problems
