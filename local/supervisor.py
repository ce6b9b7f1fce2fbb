"""Keeps processes running: starts them, restarts one that ends, stops all in order."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from local import children
from local.readiness import is_ready
from local.services import Service
from local.settings import ROOT

# A service drains for up to 10 s by itself; PostgreSQL writes what is not on disk yet.
STOP_SECONDS = 40.0
FIRST_BACKOFF, LONGEST_BACKOFF = 1.0, 30.0
# A process that lived this long had started well: its next crash is a first one again.
SETTLED_SECONDS = 60.0


class StartError(Exception):
    """A process ended while starting or was not ready in time; says which, why and its log."""


@dataclass(slots=True)
class Running:
    """One service's current process, and how often it crashed of late."""

    service: Service
    process: subprocess.Popen[bytes]
    started: float
    crashes: int = 0
    restart_at: float | None = None


@dataclass(slots=True)
class Supervisor:
    """All services; `warn` is told of crashes and restarts."""

    logs: Path
    warn: Callable[[str], None]
    running: dict[str, Running] = field(default_factory=dict)

    def start(self, service: Service) -> None:
        """Start a service; `wait` tells when it is ready."""
        self.adopt(service, self._spawn(service))

    def adopt(self, service: Service, process: subprocess.Popen[bytes]) -> None:
        """Look after a process that somebody else started."""
        self.running[service.name] = Running(service, process, time.monotonic())

    def _spawn(self, service: Service) -> subprocess.Popen[bytes]:
        return children.spawn(
            service.command,
            log=self.logs / f"{service.name}.log",
            environment=service.environment,
            folder=ROOT if service.environment is not None else Path("/"),
            away_from_root=service.away_from_root,
            ends_with=service.ends_with,
        )

    def wait(self, seconds: float) -> None:
        """Return when everything is ready. Raises StartError as soon as one process ended."""
        deadline = time.monotonic() + seconds
        waiting = list(self.running)
        while waiting:
            for name in waiting:
                if self.running[name].process.poll() is not None:
                    raise StartError(f"{name} ended while starting: {self._last_words(name)}")
            if time.monotonic() > deadline:
                raise StartError(
                    f"{waiting[0]} was not ready in {seconds:.0f} s: {self._last_words(waiting[0])}"
                )
            time.sleep(0.05)
            waiting = [one for one in waiting if not is_ready(self.running[one].service.ready_url)]

    def tend(self) -> None:
        """Look once at every process; restart those that ended, later each time."""
        now = time.monotonic()
        for name, found in self.running.items():
            if found.restart_at is not None:
                if now >= found.restart_at:
                    found.process = self._spawn(found.service)
                    found.started, found.restart_at = now, None
                    self.warn(f"{name} was started again")
                continue
            status = found.process.poll()
            if status is None:
                continue
            found.crashes = 1 if now - found.started > SETTLED_SECONDS else found.crashes + 1
            pause = min(FIRST_BACKOFF * 2 ** (found.crashes - 1), LONGEST_BACKOFF)
            found.restart_at = now + pause
            self.warn(
                f"{name} ended ({_how(status)}), starting it again in {pause:.0f} s: "
                f"{self._last_words(name)}"
            )

    def stop(self) -> None:
        """Stop the router, then all subgraphs at once, then the servers they stand on."""
        ordered = sorted(self.running.values(), key=lambda found: -found.service.layer)
        for _, layer in groupby(ordered, key=lambda found: found.service.layer):
            _stop_together(list(layer))
        self.running.clear()

    def _last_words(self, name: str) -> str:
        log = self.logs / f"{name}.log"
        return f"{last_line(log)} (see {log})"


def _stop_together(layer: list[Running]) -> None:
    for found in layer:
        if found.process.poll() is None:
            found.process.send_signal(found.service.ends_with)
    deadline = time.monotonic() + STOP_SECONDS
    for found in layer:
        try:
            found.process.wait(max(deadline - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            found.process.kill()
            found.process.wait()


def last_line(log: Path) -> str:
    """What a process said last, shortened."""
    try:
        with log.open("rb") as file:
            file.seek(max(log.stat().st_size - 4096, 0))
            lines = file.read().decode(errors="replace").strip().splitlines()
    except OSError:
        return "it said nothing"
    return lines[-1][:300] if lines else "it said nothing"


def _how(status: int) -> str:
    return f"signal {-status}" if status < 0 else f"exit status {status}"
