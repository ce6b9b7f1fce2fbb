"""Memory and file descriptors of a process over time, and whether they grow."""

from __future__ import annotations

import asyncio
import statistics
from dataclasses import dataclass, field

import psutil

from benchmarks.router.processes import cpu_seconds, resident_mb


@dataclass(frozen=True, slots=True)
class Sample:
    """At `second`: resident memory in MB, open files, CPU seconds so far."""

    second: float
    memory: float
    files: int
    cpu: float


@dataclass(slots=True)
class Watch:
    """Samples of a process; `at_rest` and `files_at_rest` are of the end, after the calm."""

    process: psutil.Process
    samples: list[Sample] = field(default_factory=list)
    at_rest: float = 0.0
    files_at_rest: int = 0

    async def run(self, every: float = 1.0) -> None:
        """Take samples until cancelled."""
        loop = asyncio.get_running_loop()
        begun = loop.time()
        while True:
            self.samples.append(
                Sample(
                    loop.time() - begun,
                    resident_mb(self.process),
                    self.process.num_fds(),
                    cpu_seconds(self.process),
                )
            )
            await asyncio.sleep(every)

    def slope(self) -> float:
        """Megabytes a minute over the second half of the time, least squares.

        What is looked at is the least of each twentieth: large answers under way come and go.
        """
        size = max(1, len(self.samples) // 20)
        parts = [self.samples[at : at + size] for at in range(0, len(self.samples), size)]
        late = parts[len(parts) // 2 :]
        if len(late) < 3:
            return 0.0
        seconds = [part[0].second for part in late]
        memory = [min(sample.memory for sample in part) for part in late]
        return statistics.linear_regression(seconds, memory).slope * 60

    def memory(self, times: int) -> list[int]:
        """Megabytes, so many times, from the first sample to the last."""
        every = max(1, len(self.samples) // times)
        return [round(sample.memory) for sample in self.samples[::every]]

    def cores(self) -> float:
        """How much of a core the process took, from the first sample to the last."""
        first, last = self.samples[0], self.samples[-1]
        return (last.cpu - first.cpu) / max(last.second - first.second, 1e-9)
