"""Keeps processes running: starts them, restarts one that ends, stops all in order."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlsplit

from local import children
from local.services import Service
from local.settings import ROOT

DRAIN_SECONDS = 15.0
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
        self.running[service.name] = Running(service, self._spawn(service), time.monotonic())

    def _spawn(self, service: Service) -> subprocess.Popen[bytes]:
        log = self.logs / f"{service.name}.log"
        return children.spawn(
            service.command, log=log, environment=service.environment, folder=ROOT
        )

    def wait(self, name: str, seconds: float) -> None:
        """Return when the service is ready. Raises StartError."""
        found = self.running[name]
        log = self.logs / f"{name}.log"
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if found.process.poll() is not None:
                raise StartError(f"{name} ended while starting: {last_line(log)} (see {log})")
            if is_ready(found.service.ready_url):
                return
            time.sleep(0.05)
        raise StartError(f"{name} was not ready in {seconds:.0f} s: {last_line(log)} (see {log})")

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
            log = self.logs / f"{name}.log"
            self.warn(
                f"{name} ended ({_how(status)}): {last_line(log)} - starting it again in "
                f"{pause:.0f} s (see {log})"
            )

    def stop(self) -> None:
        """Stop everything, what clients talk to first; each drains, all at once."""
        processes = [found.process for found in reversed(self.running.values())]
        for process in processes:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + DRAIN_SECONDS
        for process in processes:
            left = max(deadline - time.monotonic(), 0.1)
            try:
                process.wait(left)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.running.clear()


def is_ready(url: str) -> bool:
    """Whether a health page answers 200 within two seconds."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=2)
    try:
        connection.request("GET", parts.path)
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def last_line(log: Path) -> str:
    """What a process said last, shortened."""
    try:
        with log.open("rb") as file:
            file.seek(max(log.stat().st_size - 4096, 0))
            lines = file.read().decode(errors="replace").strip().splitlines()
    except OSError:
        return "it said nothing"
    return lines[-1][:200] if lines else "it said nothing"


def _how(status: int) -> str:
    return f"signal {-status}" if status < 0 else f"exit status {status}"
