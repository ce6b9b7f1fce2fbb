"""wrk: the same requests over a number of connections for some seconds."""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.router.processes import LOAD_CORE, pinned

SAMPLE_SECONDS = 0.1
SCRIPT = """
local bodies = {%s}
local at = 0
wrk.method = "POST"
wrk.headers["content-type"] = "application/json"
wrk.headers["accept"] = "application/json"
if #bodies == 1 then
  wrk.body = bodies[1]
else
  request = function()
    at = at %% #bodies + 1
    return wrk.format(nil, nil, nil, bodies[at])
  end
end
done = function(summary, latency)
  local e = summary.errors
  io.write(string.format(
    '\\nRESULT {"requests":%%d,"microseconds":%%d,"p50":%%d,"p99":%%d,' ..
    '"socket":%%d,"status":%%d}\\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    e.connect + e.read + e.write + e.timeout, e.status))
end
"""


class WrkMissingError(Exception):
    """The load generator is not installed."""


@dataclass(frozen=True, slots=True)
class Load:
    """What wrk saw: latencies in ms; `wrong` counts sampled answers that were not as expected."""

    requests: int
    seconds: float
    p50: float
    p99: float
    failures: int
    sampled: int
    wrong: int


def load(
    url: str,
    bodies: Sequence[str],
    connections: int,
    seconds: float,
    is_right: Callable[[], bool],
    folder: Path,
) -> Load:
    """Send the bodies in turn, and compare an answer now and then. Raises WrkMissingError."""
    if shutil.which("wrk") is None:
        raise WrkMissingError("wrk is not installed: apt-get install wrk")
    script = folder / "post.lua"
    script.write_text(SCRIPT % ",".join(_lua(body) for body in bodies))
    options = ["-t1", f"-c{connections}", f"-d{seconds:g}s", "--timeout", "20s", "-s", str(script)]
    process = subprocess.Popen(
        pinned(LOAD_CORE, ["wrk", *options, url]), stdout=subprocess.PIPE, text=True
    )
    over = threading.Event()
    samples: list[bool] = []

    def sample() -> None:
        while not over.wait(SAMPLE_SECONDS):
            samples.append(is_right())

    sampler = threading.Thread(target=sample)
    sampler.start()
    output, _ = process.communicate(timeout=seconds + 60)
    over.set()
    sampler.join()
    result = json.loads(output.split("RESULT ", 1)[1])
    return Load(
        requests=result["requests"] + len(samples),
        seconds=result["microseconds"] / 1e6,
        p50=result["p50"] / 1000,
        p99=result["p99"] / 1000,
        failures=result["socket"] + result["status"],
        sampled=len(samples),
        wrong=samples.count(False),
    )


def _lua(text: str) -> str:
    level = "=" * 8
    return f"[{level}[{text}]{level}]"
