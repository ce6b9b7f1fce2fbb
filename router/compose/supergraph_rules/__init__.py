"""Rules about the merged schema, in the order in which they are checked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from router.compose.merge.draft import Draft
from router.compose.subgraph import Subgraph
from router.diagnostics import Diagnostic

Rule = Callable[[Draft, Sequence[Subgraph]], Iterator[Diagnostic]]
RULES: tuple[Rule, ...] = ()


def check(draft: Draft, subgraphs: Sequence[Subgraph]) -> Iterator[Diagnostic]:
    """Everything that is wrong with a merged schema."""
    for rule in RULES:
        yield from rule(draft, subgraphs)
