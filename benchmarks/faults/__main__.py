"""The command line of the fault benchmark."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from http.client import HTTPException
from pathlib import Path

import psutil
import uvloop

from benchmarks.faults.clients import Clients, Question, Seen
from benchmarks.faults.growth import Watch
from benchmarks.router.processes import (
    GATEWAY_CORE,
    LOAD_CORE,
    free_port,
    get,
    pinned,
    resident_mb,
    running,
    wait_until_up,
)
from benchmarks.router.public_data import DEFAULT_FOLDER, Benchmark, read_benchmark

ROOT = Path(__file__).parents[2]
SUBGRAPH_SECONDS, ROUTER_SECONDS = 1.0, 3.0
# What a loaded machine may add to the router's own deadline before a request counts as stuck.
GRACE_SECONDS = 4.0
CALM_SECONDS = 5.0
MOST_MB_A_MINUTE, MOST_FILES_LEFT = 1.0, 4
# In a run of a minute so much is noise.
LEAST_MB_TOLD = 5.0


def settings(options: argparse.Namespace) -> dict[str, object]:
    """The router's: short deadlines, and what the options switch on."""
    return {
        "traffic_shaping": {
            "router": {"timeout": f"{ROUTER_SECONDS}s"},
            "all": {"timeout": f"{SUBGRAPH_SECONDS}s", "deduplicate_query": options.sharing},
        },
        "limits": {"subgraph": {"all": {"http_max_response_size": 8_000_000}}},
        "include_subgraph_errors": {"all": True},
        "telemetry": {"exporters": {"logging": {"stdout": {"level": "error"}}}},
    }


def questions(benchmark: Benchmark) -> list[Question]:
    """The three operations; mostly the large one, which has many subgraph requests to fail."""
    asked = []
    for name, share in (("large", 4), ("medium", 2), ("small", 1)):
        operation = benchmark.operations[name]
        body = json.dumps({"query": operation.text}).encode()
        asked += [Question(body, operation.data)] * share
    return asked


async def press(router: psutil.Process, port: int, options: argparse.Namespace) -> tuple[int, str]:
    """Faults for the minutes asked for, then a calm: the number of complaints, and a report."""
    asked = questions(read_benchmark(options.data))
    watch = Watch(router)
    watching = asyncio.create_task(watch.run())
    stormy = Clients(port, asked, ROUTER_SECONDS + GRACE_SECONDS)
    await stormy.run(options.clients, options.minutes * 60)
    watching.cancel()
    await of_subgraphs(options, "/well")
    await asyncio.sleep(SUBGRAPH_SECONDS + 1)  # what hangs has ended, and who died is back
    calm = Clients(port, asked, ROUTER_SECONDS + GRACE_SECONDS)
    await calm.run(options.clients, CALM_SECONDS)
    await asyncio.sleep(CALM_SECONDS)  # idle connections to subgraphs are closed by then
    watch.at_rest, watch.files_at_rest = resident_mb(router), router.num_fds()
    told = await of_subgraphs(options, "/told")
    return report(stormy.seen, calm.seen, watch, told)


async def of_subgraphs(options: argparse.Namespace, path: str) -> dict[str, int]:
    """What the subgraphs' server says, once it is alive."""
    while True:
        try:
            return await asyncio.to_thread(get, options.subgraphs_port, path)
        except (OSError, HTTPException):
            await asyncio.sleep(0.2)


def report(stormy: Seen, calm: Seen, watch: Watch, told: dict[str, int]) -> tuple[int, str]:
    """What was seen, and how many things are not as they must be."""
    memory = watch.slope()
    first, last = watch.samples[len(watch.samples) // 2], watch.samples[-1]
    checks = {
        f"wrong answers: {len(stormy.wrong) + len(calm.wrong)}": not stormy.wrong + calm.wrong,
        f"stuck requests: {stormy.stuck + calm.stuck}": not stormy.stuck + calm.stuck,
        f"connections broken by the router: {stormy.broken}": not stormy.broken + calm.broken,
        f"answers that are not complete in the calm after: {calm.partial}": not calm.partial,
        f"memory: {first.memory:.0f} -> {last.memory:.0f} MB, {memory:+.2f} MB a minute": (
            memory < MOST_MB_A_MINUTE or watch.at_rest < first.memory + LEAST_MB_TOLD
        ),
        f"files: {watch.samples[0].files} at first, {watch.files_at_rest} at rest again": (
            watch.files_at_rest <= watch.samples[0].files + MOST_FILES_LEFT
        ),
    }
    lines = [
        f"{stormy.complete} complete answers, {stormy.partial} partial, {stormy.left} clients left",
        f"slowest {stormy.slowest:.2f} s; router used {watch.cores():.0%} of a core",
        f"memory in MB, twenty times: {watch.memory(20)}, and after the calm {watch.at_rest:.0f}",
        f"codes: {dict(stormy.codes)}",
        f"subgraphs: {told}",
        *(f"{'ok   ' if is_met else 'FAILS'} {check}" for check, is_met in checks.items()),
        *(f"wrong: {wrong}" for wrong in stormy.wrong + calm.wrong),
    ]
    return list(checks.values()).count(False), "\n".join(lines)


def run(options: argparse.Namespace, folder: Path) -> tuple[int, str]:
    """Start everything, press, stop everything."""
    port, options.subgraphs_port = free_port(), free_port()
    supergraph, config = folder / "supergraph.graphql", folder / "router.yaml"
    supergraph.write_text(read_benchmark(options.data).supergraph_at(options.subgraphs_port))
    config.write_text(json.dumps(settings(options)))
    own = ("benchmarks.faults.subgraph_server", str(options.subgraphs_port), str(options.data))
    subgraphs = [sys.executable, "-m", *own, str(options.per_thousand)]
    files = ("--supergraph", str(supergraph), "--config", str(config))
    router = [sys.executable, "-m", "router", "serve", *files, "--port", str(port)]
    logs = folder / "subgraphs.log", folder / "router.log"
    with (
        running(pinned(LOAD_CORE, subgraphs), logs[0], cwd=ROOT) as server,
        running(pinned(GATEWAY_CORE, router), logs[1], cwd=ROOT) as process,
    ):
        wait_until_up(server, options.subgraphs_port, logs[0])
        wait_until_up(process, port, logs[1])
        complaints, text = uvloop.run(press(process, port, options))
    logged = logs[1].read_text(errors="replace")
    if '"level": "error"' in logged:
        return complaints + 1, f"{text}\nFAILS the router's log has errors:\n{logged[-3000:]}"
    return complaints, text


def main() -> None:
    """Press and report; the exit status is 1 when something is not as it must be."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faults")
    parser.add_argument("--data", type=Path, default=DEFAULT_FOLDER, help="the public benchmark")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--per-thousand", type=int, default=20, help="requests that meet a fault")
    parser.add_argument("--sharing", action="store_true", help="share identical queries in flight")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="router-faults-") as folder:
        complaints, text = run(options, Path(folder))
    print(text)
    sys.exit(1 if complaints else 0)


if __name__ == "__main__":
    main()
