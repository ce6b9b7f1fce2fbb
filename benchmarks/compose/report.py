"""Runs as tables for people: the best of each, ratios to ours, and growth as subgraphs double."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from benchmarks.compose.composers import Taken
from benchmarks.compose.workloads import GROWTH, growing

# (workload, composer) -> its runs
Runs = Mapping[tuple[str, str], Sequence[Taken]]
HEAD = ("workload", "composer", "CPU s", "against ours", "wall s", "against ours", "peak MB")


def table(runs: Runs) -> str:
    """Whole processes, start-up included. Wall time means little where others use the machine."""
    rows: list[tuple[str, ...]] = []
    first: dict[str, tuple[float, float]] = {}
    for (workload, composer), taken in runs.items():
        good = [one for one in taken if not one.failure]
        if not good:
            rows.append((workload, composer, taken[0].failure.strip(), "-", "-", "-", "-"))
            continue
        cpu, wall = min(one.cpu for one in good), min(one.wall for one in good)
        cpu_first, wall_first = first.setdefault(workload, (cpu, wall))
        ratios = f"{cpu / cpu_first:.2f}×", f"{wall / wall_first:.2f}×"
        peak = f"{max(one.peak for one in good):.0f}"
        rows.append((workload, composer, f"{cpu:.2f}", ratios[0], f"{wall:.2f}", ratios[1], peak))
    return _markdown(HEAD, rows)


def growth(runs: Runs) -> str:
    """How CPU time and memory grow from each size to the next."""
    names = list(dict.fromkeys(composer for _, composer in runs))
    rows = []
    for less, more in pairwise(size for size in GROWTH if (growing(size), names[0]) in runs):
        row = [f"{less} → {more} subgraphs"]
        for name in names:
            few, many = (_best(runs, growing(size), name) for size in (less, more))
            pairs = zip(few, many, strict=True) if few and many else ()
            row += [f"{after / before:.2f}×" for before, after in pairs] or ["-", "-"]
        rows.append(row)
    head = ["growth", *(f"{name}, {what}" for name in names for what in ("CPU", "peak"))]
    return _markdown(head, rows)


def _best(runs: Runs, workload: str, composer: str) -> tuple[float, float] | None:
    good = [one for one in runs.get((workload, composer), ()) if not one.failure]
    return (min(one.cpu for one in good), max(one.peak for one in good)) if good else None


def _markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
