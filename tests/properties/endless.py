"""How long property tests go on.

`make fuzz` looks for new cases without end and makes what it finds small; CI repeats the same few
hundred, so that it fails for a change and never by chance.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, Phase, settings

FUZZ = bool(os.environ.get("FUZZ"))
IN_TIME = pytest.mark.timeout(0 if FUZZ else 120)


def examples(count: int) -> settings:
    """So many, or without end."""
    return settings(
        max_examples=10_000_000 if FUZZ else count,
        phases=tuple(Phase) if FUZZ else (Phase.explicit, Phase.generate),
        derandomize=not FUZZ,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
