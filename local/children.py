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
from pathlib import Path

CLONE_NEWUSER = 0x10000000
PR_SET_PDEATHSIG = 1
NOBODY = 65534


def spawn(
    command: Sequence[str],
    *,
    log: Path,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    unprivileged: bool = False,
    ends_with: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start `command` in its own session, its output appended to `log`.

    When the calling thread ends, even by kill -9, the kernel sends the child `ends_with` (Linux).
    `unprivileged` gives a child of root another user id, which PostgreSQL insists on.
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
            preexec_fn=_before_exec(unprivileged=unprivileged, ends_with=ends_with),  # noqa: PLW1509
        )


def _before_exec(*, unprivileged: bool, ends_with: signal.Signals) -> Callable[[], None] | None:
    """What the child does between fork and exec; nothing where the platform has no prctl."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    drop = unprivileged and os.geteuid() == 0
    parent = os.getpid()

    def before_exec() -> None:
        if drop:
            _leave_root(libc)
        # Last, because a change of credentials clears it.
        libc.prctl(PR_SET_PDEATHSIG, int(ends_with), 0, 0, 0)
        if os.getppid() != parent:  # the parent ended before prctl was in force
            os._exit(1)

    return before_exec


def _leave_root(libc: ctypes.CDLL) -> None:
    """Become uid 1000 in a user namespace of our own; where that is refused, become nobody.

    In a namespace files keep their owner (root outside), so that data under a 0700 home stays
    reachable; as nobody the caller must keep binaries and data where nobody can reach them.
    """
    if libc.unshare(CLONE_NEWUSER) == 0:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text("1000 0 1")
        Path("/proc/self/gid_map").write_text("1000 0 1")
        return
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)


def can_use_user_namespace() -> bool:
    """Whether this process may open a user namespace (containers often forbid it)."""
    if sys.platform != "linux":
        return False
    pid = os.fork()
    if pid == 0:
        libc = ctypes.CDLL(None, use_errno=True)
        os._exit(0 if libc.unshare(CLONE_NEWUSER) == 0 else 1)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


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
