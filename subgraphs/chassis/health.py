"""Health: which parts a service stands on, asked with a deadline."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

PROBE_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Check:
    """A part of the service. `probe` raises when the part is down.

    Without a `required` part the service is not ready; without another it is only degraded.
    """

    name: str
    probe: Callable[[], Awaitable[object]]
    required: bool = True


@dataclass(frozen=True, slots=True)
class Health:
    """The answer of all checks: "up", or why not, by part."""

    ready: bool
    parts: dict[str, str]

    @property
    def status(self) -> str:
        """ "up", "degraded" (ready all the same) or "down"."""
        if not self.ready:
            return "down"
        return "up" if set(self.parts.values()) <= {"up"} else "degraded"


async def examine(checks: tuple[Check, ...]) -> Health:
    """Run all checks at once."""
    states = await asyncio.gather(*(_state(check) for check in checks))
    parts = {check.name: state for check, state in zip(checks, states, strict=True)}
    ready = all(parts[check.name] == "up" for check in checks if check.required)
    return Health(ready, parts)


async def _state(check: Check) -> str:
    try:
        async with asyncio.timeout(PROBE_SECONDS):
            await check.probe()
    except TimeoutError:
        return f"down: no answer in {PROBE_SECONDS:g} s"
    except Exception as error:  # noqa: BLE001 - whatever fails, the part is down
        return f"down: {str(error).splitlines()[0] if str(error) else type(error).__name__}"
    return "up"
