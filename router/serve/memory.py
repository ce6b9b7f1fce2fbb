"""How the process gives memory back."""

from __future__ import annotations

import contextlib
import ctypes

MMAP_THRESHOLD = -3  # M_MMAP_THRESHOLD of glibc's malloc.h
LARGE = 1024 * 1024


def return_large_blocks() -> None:
    """Buffers of a megabyte or more go back to the system as soon as they are freed.

    Left alone, glibc learns from the first large one to keep those after it: a burst of answers at
    their limit would stay in the process's size for ever. Other C libraries have no such knob.
    """
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(MMAP_THRESHOLD, LARGE)
