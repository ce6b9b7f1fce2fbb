"""A supergraph.yaml looked at again and again: a reading whenever something has changed."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from router.commands.sources import Reading, read_sources

POLL_SECONDS = 0.25
# An editor or a generator writes several files; composing between two of them tells nothing.
SETTLE_SECONDS = 0.1
# Running subgraphs give no sign of a new schema, so they are asked.
INTROSPECTION_SECONDS = 2.0

Stamps = dict[Path, tuple[int, int]]


def readings(config: str) -> Iterator[Reading]:
    """The first reading at once, then each that differs from the one before, without end.

    Problems are readings too: a file that is missing for a moment ends nothing.
    """
    reading = read_sources(config)
    stamps = _stamps(reading.files)
    yield reading
    asked = time.monotonic()
    while True:
        time.sleep(POLL_SECONDS)
        is_due = reading.is_remote and time.monotonic() - asked >= INTROSPECTION_SECONDS
        if _stamps(reading.files) == stamps and not is_due:
            continue
        stamps = _settled(reading.files)
        latest = read_sources(config)
        asked = time.monotonic()
        if latest.files != reading.files:
            stamps = _stamps(latest.files)
        if latest != reading:
            yield latest
        reading = latest


def _settled(files: Iterable[Path]) -> Stamps:
    """What the files are once they stay the same."""
    stamps = _stamps(files)
    while True:
        time.sleep(SETTLE_SECONDS)
        before, stamps = stamps, _stamps(files)
        if before == stamps:
            return stamps


def _stamps(files: Iterable[Path]) -> Stamps:
    """When each file was written and how long it is; nothing for one that is not there."""
    found: Stamps = {}
    for path in files:
        try:
            stat = path.stat()
        except OSError:
            continue
        found[path] = (stat.st_mtime_ns, stat.st_size)
    return found
