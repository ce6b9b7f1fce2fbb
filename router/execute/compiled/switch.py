"""The switch of the compiled tier, for whoever runs the whole test suite in one way."""

from __future__ import annotations

import os
from typing import get_args

from router.execute.compiled.engine import Mode

VARIABLE = "ROUTER_COMPILED"


def chosen_mode(setting: Mode) -> Mode:
    """The setting, or what the environment says instead. Raises ValueError."""
    said = os.environ.get(VARIABLE) or setting
    for mode in get_args(Mode):
        if said == mode:
            return mode  # type: ignore[no-any-return]
    allowed = ", ".join(get_args(Mode))
    raise ValueError(f'{VARIABLE} is "{said}"; it may be one of: {allowed}.')
