"""Processes of a run: on which core, how much CPU time and memory they and their children took."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import psutil

GATEWAY_CORE, LOAD_CORE = 0, 1


class StartError(Exception):
    """A process did not come up; the message has the end of its log."""


def free_port() -> int:
    """A port nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def pinned(core: int, command: Sequence[str]) -> list[str]:
    """The command, kept on one core where the machine has several."""
    if (os.cpu_count() or 1) < 2 or shutil.which("taskset") is None:
        return list(command)
    return ["taskset", "-c", str(core), *command]


@contextlib.contextmanager
def running(
    command: Sequence[str], log: Path, *, cwd: Path, environment: Mapping[str, str] | None = None
) -> Iterator[psutil.Process]:
    """The process while the block runs; its whole session is ended afterwards."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            stdout=output,
            stderr=output,
            stdin=subprocess.DEVNULL,
            cwd=cwd,
            env={**os.environ, **(environment or {})},
            start_new_session=True,
        )
    try:
        yield psutil.Process(process.pid)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def tree(process: psutil.Process) -> list[psutil.Process]:
    """The process and all its descendants."""
    return [process, *process.children(recursive=True)]


def cpu_seconds(process: psutil.Process) -> float:
    """User and system time of the whole tree so far."""
    total = 0.0
    for item in tree(process):
        with contextlib.suppress(psutil.NoSuchProcess):
            times = item.cpu_times()
            total += times.user + times.system
    return total


def resident_mb(process: psutil.Process) -> float:
    """Memory of the whole tree right now, in MB (shared pages count in each process)."""
    total = 0
    for item in tree(process):
        with contextlib.suppress(psutil.NoSuchProcess):
            total += item.memory_info().rss
    return total / 1e6


def post(port: int, path: str, content: object, timeout: float = 10.0) -> object:
    """POST JSON and read JSON. Raises OSError, http.client.HTTPException, ValueError."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        headers = {"content-type": "application/json", "accept": "application/json"}
        connection.request("POST", path, json.dumps(content), headers)
        answer: object = json.loads(connection.getresponse().read())
        return answer
    finally:
        connection.close()


def get(port: int, path: str) -> dict[str, int]:
    """GET JSON."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        answer: dict[str, int] = json.loads(connection.getresponse().read())
        return answer
    finally:
        connection.close()


def wait_until_up(process: psutil.Process, port: int, log: Path, seconds: float = 60) -> None:
    """Until the port takes connections. Raises StartError."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
            break
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    end = log.read_text(errors="replace")[-2000:]
    raise StartError(f"nothing listens on port {port}; the log ends:\n{end}")
