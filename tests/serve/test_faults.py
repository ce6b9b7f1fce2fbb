"""The router as a process, for a moment, in front of subgraphs on their worst days.

`python -m benchmarks.faults` does the same for minutes, at saturation, and watches memory.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import orjson
import psutil
import pytest

from benchmarks.faults.clients import Clients, Question
from benchmarks.faults.subgraph_server import FaultySubgraphs
from benchmarks.router.processes import free_port, running, wait_until_up
from tests.execute.canned_subgraphs import CannedSubgraphs, entities
from tests.execute.shop import SDL_BY_NAME, shop_sdl

ROOT = Path(__file__).parents[2]
OPERATION = "{ products { id name inStock reviews { stars author { name email } } } }"
ADA = {"__typename": "User", "id": "u"}
LAMP = {"__typename": "Product", "id": "1", "name": "Lamp"}
DESK = {"__typename": "Product", "id": "2", "name": "Desk"}
ANSWERS = {
    "catalog": {"data": {"products": [LAMP, DESK]}},
    "inventory": entities({"1": {"inStock": True}, "2": {"inStock": False}}),
    "reviews": entities({"1": {"reviews": [{"stars": 5, "author": ADA}]}, "2": {"reviews": []}}),
    "accounts": entities({"u": {"name": "Ada", "email": None}}),
}
REVIEW = {"stars": 5, "author": {"name": "Ada", "email": None}}
RIGHT = {
    "products": [
        {"id": "1", "name": "Lamp", "inStock": True, "reviews": [REVIEW]},
        {"id": "2", "name": "Desk", "inStock": False, "reviews": []},
    ]
}
SETTINGS = {
    "traffic_shaping": {
        "router": {"timeout": "3s"},
        "all": {"timeout": "500ms", "pool_idle_timeout": "200ms"},
        "subgraphs": {"reviews": {"deduplicate_query": True}},
    },
    "limits": {"subgraph": {"all": {"http_max_response_size": 100_000}}},
    "execution": {"compile_after": 5, "adaptive_limit": {"enabled": True}},
}


def answer(line: bytes, body: bytes) -> bytes:
    """The right answer of the subgraph that the path names."""
    name = line.split(b" ")[1].strip(b"/").decode()
    given = CannedSubgraphs(dict(ANSWERS)).answer(name, body, (), 0.0).body
    return b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%b" % (len(given), given)


@pytest.fixture
def supergraph(tmp_path: Path) -> tuple[Path, int]:
    """The shop's supergraph in a file, with all subgraphs at one port."""
    port, sdl = free_port(), shop_sdl()
    for name in SDL_BY_NAME:
        sdl = sdl.replace(f"http://{name}.test/graphql", f"http://127.0.0.1:{port}/{name}")
    file = tmp_path / "supergraph.graphql"
    file.write_text(sdl)
    return file, port


async def files_again(process: psutil.Process, count: int) -> int:
    """The number of open files, once it is back where it was (or ten seconds have passed)."""
    for _ in range(100):
        if process.num_fds() <= count:
            break
        await asyncio.sleep(0.1)
    return process.num_fds()


async def test_whatever_subgraphs_do_answers_are_right_in_time_and_nothing_stays_open(
    supergraph: tuple[Path, int], tmp_path: Path
) -> None:
    file, subgraphs_port = supergraph
    config, log, port = tmp_path / "router.yaml", tmp_path / "router.log", free_port()
    config.write_text(json.dumps(SETTINGS))
    options = ["--supergraph", str(file), "--config", str(config), "--port", str(port)]
    question = Question(orjson.dumps({"query": OPERATION}), RIGHT)
    subgraphs = FaultySubgraphs(answer, per_thousand=0)
    serving = asyncio.create_task(subgraphs.serve(subgraphs_port, is_dying=False))
    command = [sys.executable, "-m", "router", "serve", *options]
    with running(command, log, cwd=ROOT) as process:
        await asyncio.to_thread(wait_until_up, process, port, log)
        before = process.num_fds() + 1  # libuv keeps one in reserve from its first client on
        subgraphs.per_thousand = 150
        stormy = Clients(port, [question], deadline=30)
        await stormy.run(16, 3)
        subgraphs.per_thousand = 0
        await asyncio.sleep(0.6)  # what hangs has ended
        calm = Clients(port, [question], deadline=30)
        await calm.run(4, 0.5)
        files = await files_again(process, before)
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)
    assert (stormy.seen.wrong, stormy.seen.stuck, stormy.seen.broken) == ([], 0, 0)
    assert (calm.seen.wrong, calm.seen.stuck, calm.seen.partial) == ([], 0, 0)
    assert calm.seen.complete > 0
    assert stormy.seen.partial > 0
    assert files <= before
    assert b"Traceback" not in log.read_bytes()
