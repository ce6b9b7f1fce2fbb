"""`python -m benchmarks.compose`: whole processes that compose once, ours and Apollo's in turns.

`@apollo/composition` is found by `APOLLO_COMPOSITION` or `--apollo`: a node_modules folder with it.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from benchmarks.compose.composers import Taken, composers, taken, written
from benchmarks.compose.report import growth, table
from benchmarks.compose.workloads import workloads

MISSING = (
    "@apollo/composition is left out: `npm install @apollo/composition` in an empty folder, and "
    "set APOLLO_COMPOSITION to its node_modules.\n"
)


def run(options: argparse.Namespace, folder: Path) -> dict[tuple[str, str], list[Taken]]:
    """All rounds, composers in turns."""
    runs: dict[tuple[str, str], list[Taken]] = {}
    for name, make in workloads().items():
        if options.only and not any(part in name for part in options.only):
            continue
        own = folder / name.replace(" ", "-").replace(",", "")
        own.mkdir()
        written(make(), own)
        for number in range(options.rounds):
            for composer in composers(options.apollo):
                one = taken(composer, own, options.limit)
                runs.setdefault((name, composer.name), []).append(one)
                said = one.failure.strip() or f"{one.cpu:.2f} s CPU"
                sys.stderr.write(f"round {number + 1} {name} {composer.name}: {said}\n")
    return runs


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.compose", description=__doc__)
    found = os.environ.get("APOLLO_COMPOSITION")
    parser.add_argument("--apollo", type=Path, default=found, help="a node_modules folder")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--limit", type=float, default=300.0, help="seconds for each process")
    parser.add_argument("--only", nargs="*", help="parts of names of workloads; all")
    options = parser.parse_args()
    if options.apollo is None:
        sys.stderr.write(MISSING)
    with tempfile.TemporaryDirectory(prefix="compose-benchmark-") as folder:
        runs = run(options, Path(folder))
    if not runs:
        parser.error("no workload has a name like that")
    print(table(runs), growth(runs), sep="\n\n")


if __name__ == "__main__":
    main()
