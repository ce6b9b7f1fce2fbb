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
    """Samples of a process."""

    process: psutil.Process
    samples: list[Sample] = field(default_factory=list)

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

    def slopes(self) -> tuple[float, float]:
        """(MB a minute, files a minute) over the second half of the samples, least squares."""
        late = self.samples[len(self.samples) // 2 :]
        if len(late) < 3:
            return 0.0, 0.0
        seconds = [sample.second for sample in late]
        memory = statistics.linear_regression(seconds, [sample.memory for sample in late]).slope
        files = statistics.linear_regression(seconds, [float(s.files) for s in late]).slope
        return memory * 60, files * 60

    def memory(self, times: int) -> list[int]:
        """Megabytes, so many times, from the first sample to the last."""
        every = max(1, len(self.samples) // times)
        return [round(sample.memory) for sample in self.samples[::every]]

    def cores(self) -> float:
        """How much of a core the process took, from the first sample to the last."""
        first, last = self.samples[0], self.samples[-1]
        return (last.cpu - first.cpu) / max(last.second - first.second, 1e-9)
