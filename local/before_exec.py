"""Run as a script by children.spawn (Linux): leave root, tie the process to its parent, exec.

before_exec.py PARENT_PID SIGNAL namespace|nobody|- COMMAND [ARGUMENT ...]
"""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

CLONE_NEWUSER = 0x10000000
PR_SET_PDEATHSIG = 1
NOBODY = 65534


def main(parent: int, ends_with: int, way: str, command: list[str]) -> None:
    """Become `command`, which gets the signal `ends_with` when the process `parent` ends."""
    libc = ctypes.CDLL(None, use_errno=True)
    if way == "namespace":
        _enter_user_namespace(libc)
    elif way == "nobody":
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    # Last, because a change of credentials clears it.
    libc.prctl(PR_SET_PDEATHSIG, ends_with, 0, 0, 0)
    if os.getppid() != parent:  # the parent ended before prctl was in force
        sys.exit(1)
    os.execvp(command[0], command)  # noqa: S606 - an argument list, no shell


def _enter_user_namespace(libc: ctypes.CDLL) -> None:
    if libc.unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "user namespaces are refused")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text("1000 0 1")
    Path("/proc/self/gid_map").write_text("1000 0 1")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4:])
