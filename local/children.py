"""How a server is started as a child that never outlives its parent, and never as root.

Linux only where it says so; elsewhere the children are plain subprocesses.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from functools import cache
from pathlib import Path

CLONE_NEWUSER = 0x10000000
PR_SET_PDEATHSIG = 1
NOBODY = 65534
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
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env=dict(environment) if environment is not None else None,
            cwd=folder,
            start_new_session=True,
            # The child only makes system calls before exec, so threads do no harm.
            preexec_fn=_before_exec(away_from_root, ends_with),  # noqa: PLW1509
        )


def _before_exec(
    away_from_root: AwayFromRoot | None, ends_with: signal.Signals
) -> Callable[[], None] | None:
    """What the child does between fork and exec; nothing where the platform has no prctl."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def before_exec() -> None:
        if away_from_root is AwayFromRoot.NAMESPACE:
            _enter_user_namespace(libc)
        elif away_from_root is AwayFromRoot.NOBODY:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        # Last, because a change of credentials clears it.
        libc.prctl(PR_SET_PDEATHSIG, int(ends_with), 0, 0, 0)
        if os.getppid() != parent:  # the parent ended before prctl was in force
            os._exit(1)

    return before_exec


def _enter_user_namespace(libc: ctypes.CDLL) -> None:
    if libc.unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "user namespaces are refused")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text("1000 0 1")
    Path("/proc/self/gid_map").write_text("1000 0 1")


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
            [sys.executable, "-I", "-S", "-c", ""],
            check=True,
            timeout=PROBE_SECONDS,
            preexec_fn=_before_exec(AwayFromRoot.NAMESPACE, signal.SIGTERM),
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
