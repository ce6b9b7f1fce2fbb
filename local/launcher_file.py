"""The file by which `up`, `down` and `status` know of each other: who runs the platform."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil


@dataclass(frozen=True, slots=True)
class Launcher:
    """The process that runs the platform. `is_ready` once everything answers."""

    pid: int
    created: float
    endpoint: str
    services: dict[str, str]
    described: tuple[str, ...] = ()
    is_ready: bool = False


def write(data: Path, launcher: Launcher) -> None:
    """Say that this process runs the platform."""
    data.mkdir(parents=True, exist_ok=True)
    beside = data / "launcher.new"
    beside.write_text(json.dumps(asdict(launcher)))
    beside.replace(data / "launcher.json")


def read(data: Path) -> Launcher | None:
    """Who runs the platform; None when nobody does (a left-over file is no one)."""
    try:
        found = json.loads((data / "launcher.json").read_text())
        launcher = Launcher(**{**found, "described": tuple(found["described"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None
    try:
        # A process id is used again some day; its start time tells whose it is.
        alive = abs(psutil.Process(launcher.pid).create_time() - launcher.created) < 2
    except psutil.NoSuchProcess:
        return None
    return launcher if alive else None


def remove(data: Path) -> None:
    """Say that nobody does."""
    (data / "launcher.json").unlink(missing_ok=True)


def own_start() -> float:
    """When this process started, as seconds since the epoch."""
    return psutil.Process(os.getpid()).create_time()
