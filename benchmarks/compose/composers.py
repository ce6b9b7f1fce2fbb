"""The composers of a run, each a command that reads files, composes once and writes a file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.compose.graphs import Subgraphs

ROOT = Path(__file__).parents[2]
SCRIPT = Path(__file__).parent / "apollo_composition.mjs"
CONFIG, OUTPUT = "supergraph.yaml", "supergraph.graphql"


@dataclass(frozen=True, slots=True)
class Composer:
    """One column of the table. `command` is given the folder of `written`."""

    name: str
    command: Callable[[Path], list[str]]


@dataclass(frozen=True, slots=True)
class Taken:
    """What the whole process took: seconds, and MB at its peak. One with a `failure` counts not."""

    cpu: float
    wall: float
    peak: float
    failure: str = ""


def composers(modules: Path | None) -> Iterator[Composer]:
    """Ours, and `@apollo/composition` from a node_modules folder where there is one."""
    yield Composer("ours", _ours)
    if modules is not None:
        yield Composer("@apollo/composition", lambda folder: _apollo(modules, folder))


def written(subgraphs: Subgraphs, folder: Path) -> None:
    """The subgraphs as files, with the supergraph.yaml that names them (JSON is YAML)."""
    listed = {}
    for name, sdl in subgraphs.items():
        file = folder / f"{name}.graphql"
        file.write_text(sdl)
        listed[name] = {"routing_url": f"http://{name}", "schema": {"file": file.name}}
    (folder / CONFIG).write_text(json.dumps({"subgraphs": listed}))


def _ours(folder: Path) -> list[str]:
    files = ["--config", str(folder / CONFIG), "--output", str(folder / OUTPUT)]
    return [sys.executable, "-m", "router", "compose", *files]


def _apollo(modules: Path, folder: Path) -> list[str]:
    return ["node", str(SCRIPT), str(modules.resolve()), str(folder / CONFIG), str(folder / OUTPUT)]


def taken(composer: Composer, folder: Path, seconds: float) -> Taken:
    """Run it once over the folder, for so long at most."""
    output, log = folder / OUTPUT, folder / "log.txt"
    output.unlink(missing_ok=True)
    with log.open("wb") as errors:
        begun = time.monotonic()
        process = subprocess.Popen(
            composer.command(folder), cwd=ROOT, stdin=subprocess.DEVNULL, stderr=errors
        )
        limit = threading.Timer(seconds, process.kill)
        limit.start()
        try:
            _, status, used = os.wait4(process.pid, 0)
        finally:
            limit.cancel()
        wall = time.monotonic() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    failure = ""
    if wall >= seconds:
        failure = f"stopped after {seconds:.0f} s"
    elif process.returncode or not output.exists():
        failure = f"exit {process.returncode}: {log.read_text(errors='replace')[:200]}"
    kilobytes = used.ru_maxrss / (1024 if sys.platform == "darwin" else 1)
    return Taken(used.ru_utime + used.ru_stime, wall, kilobytes / 1000, failure)
