"""Stories that are told on either event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
import uvloop


@pytest.fixture(params=["asyncio", "uvloop"])
def run(request: pytest.FixtureRequest) -> Callable[[Any], Any]:
    """Runs a story to its end on a loop of its own."""
    factory = uvloop.new_event_loop if request.param == "uvloop" else None

    def run_(story: Any) -> Any:
        with asyncio.Runner(loop_factory=factory) as runner:
            return runner.run(story)

    return run_
