"""How the process gives memory back."""

from __future__ import annotations

import contextlib
import ctypes

MMAP_THRESHOLD, ARENA_MAX = -3, -8  # M_… of glibc's malloc.h
LARGE = 1024 * 1024


def keep_little() -> None:
    """One heap, whose large blocks go back to the system.

    Threads plan and compile now and then, under Python's lock: a heap of each one's own would only
    lie there with holes in it.

    Buffers of a megabyte or more go back to the system as soon as they are freed.

    Left alone, glibc learns from the first large one to keep those after it: a burst of answers at
    their limit would stay in the process's size for ever. Other C libraries have no such knob.
    """
    with contextlib.suppress(OSError, AttributeError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(MMAP_THRESHOLD, LARGE)
        mallopt(ARENA_MAX, 1)
