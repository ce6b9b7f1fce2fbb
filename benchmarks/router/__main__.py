"""The command line of the benchmark."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.router.gateways import ROOT, Gateway, Start, gateways
from benchmarks.router.load import load
from benchmarks.router.loads import Work, works
from benchmarks.router.processes import (
    GATEWAY_CORE,
    LOAD_CORE,
    cpu_seconds,
    free_port,
    get,
    pinned,
    post,
    resident_mb,
    running,
    wait_until_up,
)
from benchmarks.router.public_data import DEFAULT_FOLDER, read_benchmark
from benchmarks.router.report import Round, table

SETTLE_SECONDS = 0.5
# A wrong answer is shown once for each gateway and load.
TOLD: set[tuple[int, str]] = set()


@dataclass(frozen=True, slots=True)
class Up:
    """A gateway that listens."""

    gateway: Gateway
    process: psutil.Process
    port: int
    start: Start


@contextlib.contextmanager
def started(gateway: Gateway, supergraph: Path, folder: Path) -> Iterator[Up]:
    """The gateway while the block runs, on its own core."""
    own = folder / gateway.name.replace(" ", "-").replace(",", "")
    own.mkdir(exist_ok=True)
    port, log = free_port(), own / "log.txt"
    start = gateway.start(supergraph, port, own)
    command = pinned(GATEWAY_CORE, start.command)
    with running(command, log, cwd=ROOT, environment=start.environment) as process:
        wait_until_up(process, port, log)
        yield Up(gateway, process, port, start)


def is_right(up: Up, work: Work, index: int = 0) -> bool:
    """Whether the gateway answers as expected right now."""
    try:
        answer = post(up.port, up.start.path, work.requests[index].body)
    except (OSError, ValueError):
        return False
    expected = {"data": work.requests[index].data}
    if answer != expected and (up.port, work.name) not in TOLD:
        TOLD.add((up.port, work.name))
        sys.stderr.write(f"{up.gateway.name}, {work.name}: wrong: {json.dumps(answer)[:300]}\n")
    return answer == expected


def measured(
    up: Up, work: Work, options: argparse.Namespace, folder: Path, subgraphs: int
) -> Round:
    """One round. The answer is compared before, during and after."""
    until = time.monotonic() + 20
    while not is_right(up, work) and time.monotonic() < until:
        time.sleep(0.5)
    url = f"http://127.0.0.1:{up.port}{up.start.path}"
    bodies = [json.dumps(item.body) for item in work.requests]

    def press(seconds: float) -> object:
        return load(url, bodies, options.connections, seconds, lambda: is_right(up, work), folder)

    press(options.warm_up)
    time.sleep(SETTLE_SECONDS)
    cpu, calls = cpu_seconds(up.process), get(subgraphs, "/calls")["calls"]
    seen = load(
        url, bodies, options.connections, options.seconds, lambda: is_right(up, work), folder
    )
    time.sleep(SETTLE_SECONDS)
    cpu = cpu_seconds(up.process) - cpu
    calls = get(subgraphs, "/calls")["calls"] - calls
    wrong = seen.wrong + sum(
        not is_right(up, work, index) for index in range(0, len(bodies), max(1, len(bodies) // 20))
    )
    count = max(1, seen.requests)
    return Round(
        gateway=up.gateway.name,
        load=work.name,
        cpu_ms=cpu * 1000 / count if seen.requests > seen.sampled else 0.0,
        requests_per_second=seen.requests / seen.seconds,
        p50=seen.p50,
        p99=seen.p99,
        resident_mb=resident_mb(up.process),
        calls=calls / count,
        failures=seen.failures,
        wrong=wrong,
        sampled=seen.sampled,
    )


def run(options: argparse.Namespace, folder: Path) -> list[Round]:
    """All rounds, gateways in turns."""
    benchmark = read_benchmark(options.data)
    chosen = [item for item in gateways() if not options.only or item.name in options.only]
    todo = [item for item in works(benchmark) if item.name in options.operations]
    if (os.cpu_count() or 1) > LOAD_CORE:
        os.sched_setaffinity(0, {LOAD_CORE})
    port, log = free_port(), folder / "subgraphs.log"
    supergraph = folder / "supergraph.graphql"
    supergraph.write_text(benchmark.supergraph_at(port))
    server = [sys.executable, "-m", "benchmarks.router.subgraph_server", str(port)]
    rounds: list[Round] = []
    with running(pinned(LOAD_CORE, [*server, str(options.data)]), log, cwd=ROOT) as process:
        wait_until_up(process, port, log)
        for number in range(options.rounds):
            for work in todo:
                for gateway in chosen:
                    with started(gateway, supergraph, folder) as up:
                        rounds.append(measured(up, work, options, folder, port))
                    last = rounds[-1]
                    sys.stderr.write(
                        f"round {number + 1} {work.name} {gateway.name}: {last.cpu_ms:.3f} ms\n"
                    )
    return rounds


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.router", description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT_FOLDER, help="the public benchmark")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=6, help="of each measurement")
    parser.add_argument("--warm-up", type=int, default=2, help="seconds of load before it")
    parser.add_argument("--connections", type=int, default=50)
    parser.add_argument("--only", nargs="*", help="names of gateways; all that are installed")
    parser.add_argument("--operations", nargs="*", default=["large", "medium", "small"])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="router-benchmark-") as folder:
        rounds = run(options, Path(folder))
    for name in options.operations:
        print(table(name, rounds), end="\n\n")


if __name__ == "__main__":
    main()
