"""Rounds of measurements as a table for people: best and median, and ratios to the first row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Round:
    """One gateway under one load, once. `cpu_ms` a request; `calls` to subgraphs a request."""

    gateway: str
    load: str
    cpu_ms: float
    requests_per_second: float
    p50: float
    p99: float
    resident_mb: float
    calls: float
    failures: int
    wrong: int
    sampled: int


HEAD = (
    "gateway",
    "CPU ms/request best",
    "median",
    "against first",
    "requests/s best",
    "p50 ms",
    "p99 ms",
    "RSS MB",
    "subgraph calls",
    "failures",
    "wrong of sampled",
)


def table(load: str, rounds: Sequence[Round]) -> str:
    """One load's table in Markdown; rounds that answered nothing count as failures only."""
    names = list(dict.fromkeys(item.gateway for item in rounds if item.load == load))
    rows: list[tuple[str, ...]] = []
    first = 0.0
    for name in names:
        own = [item for item in rounds if item.load == load and item.gateway == name]
        good = [item for item in own if item.cpu_ms > 0]
        if not good:
            rows.append((name, *["–"] * (len(HEAD) - 1)))
            continue
        best = min(item.cpu_ms for item in good)
        first = first or best
        rows.append(
            (
                name,
                f"{best:.3f}",
                f"{median(item.cpu_ms for item in good):.3f}",
                f"{best / first:.2f}×",
                f"{max(item.requests_per_second for item in good):,.0f}",
                f"{min(item.p50 for item in good):.1f}",
                f"{median(item.p99 for item in good):.1f}",
                f"{max(item.resident_mb for item in good):.0f}",
                f"{median(item.calls for item in good):.2f}",
                str(sum(item.failures for item in own)),
                f"{sum(item.wrong for item in own)} of {sum(item.sampled for item in own)}",
            )
        )
    return f"### {load}\n\n" + _markdown(HEAD, rows)


def _markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
