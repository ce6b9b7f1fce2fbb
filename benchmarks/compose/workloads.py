"""What is composed in a run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks.compose.graphs import Subgraphs, entangled, separate, shared

ROOT = Path(__file__).parents[2]
# Subgraphs of the graph whose growth is measured; its fifty have a thousand types.
GROWTH = (12, 25, 50, 100)


def contracts() -> Subgraphs:
    """The schemas of this platform."""
    files = sorted(ROOT.glob("subgraphs/*/schema.graphql"))
    return {file.parent.name: file.read_text() for file in files}


def workloads() -> Mapping[str, Callable[[], Subgraphs]]:
    """Name -> the subgraphs, made when they are wanted."""
    return {
        "5 contracts": contracts,
        "100 subgraphs x 50 types": lambda: separate(100, 50),
        **{growing(size): _shared(size) for size in GROWTH},
        "7 subgraphs, entangled": lambda: entangled(7, 8),
    }


def growing(subgraphs: int) -> str:
    """The name of the workload of that size."""
    return f"{subgraphs} subgraphs, shared entities"


def _shared(subgraphs: int) -> Callable[[], Subgraphs]:
    return lambda: shared(subgraphs)
