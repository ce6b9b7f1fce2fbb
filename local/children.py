"""How a server is started as a child that never outlives its parent, and never as root.

Linux only where it says so; elsewhere the children are plain subprocesses.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from enum import Enum
from functools import cache
from pathlib import Path

FIRST = Path(__file__).with_name("before_exec.py")
PROBE_SECONDS = 10.0


class AwayFromRoot(Enum):
    """How a child of root gets another user id, which PostgreSQL insists on."""

    # Uid 1000 in a user namespace of its own: files keep their owner (root outside), so that
    # programs and data under a 0700 home stay reachable.
    NAMESPACE = "namespace"
    # The user nobody, who must be able to reach programs and data.
    NOBODY = "nobody"


def spawn(
    command: Sequence[str],
    *,
    log: Path,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    away_from_root: AwayFromRoot | None = None,
    ends_with: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start `command` in its own session, its output appended to `log`.

    When the calling thread ends, even by kill -9, the kernel sends the child `ends_with` (Linux).
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as out:
        return subprocess.Popen(
            [*_first(away_from_root, ends_with), *command],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env=dict(environment) if environment is not None else None,
            cwd=folder,
            start_new_session=True,
        )


def _first(away_from_root: AwayFromRoot | None, ends_with: signal.Signals) -> list[str]:
    """What the child runs before the command, which then takes its place under the same pid.

    Not a preexec_fn: libraries that run threads (gRPC) run code of theirs after a fork, too.
    """
    if sys.platform != "linux":
        return []
    way = away_from_root.value if away_from_root else "-"
    return [sys.executable, "-I", "-S", str(FIRST), str(os.getpid()), str(int(ends_with)), way]


def way_from_root() -> AwayFromRoot | None:
    """How children of this process leave root behind; None when it is not root."""
    if os.geteuid() != 0:
        return None
    return AwayFromRoot.NAMESPACE if _namespaces_work() else AwayFromRoot.NOBODY


@cache
def _namespaces_work() -> bool:
    """Whether a child may open a user namespace; containers often forbid it."""
    try:
        subprocess.run(
            [*_first(AwayFromRoot.NAMESPACE, signal.SIGTERM), "true"],
            check=True,
            timeout=PROBE_SECONDS,
            capture_output=True,
        )
    except subprocess.SubprocessError:
        return False
    return True


def stop(process: subprocess.Popen[bytes], number: signal.Signals, seconds: float) -> None:
    """Ask with a signal, wait at most `seconds`, then kill. A process that ended is fine."""
    if process.poll() is not None:
        return
    process.send_signal(number)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
