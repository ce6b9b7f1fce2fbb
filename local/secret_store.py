"""Passwords of the local platform: made once, kept in a file only its owner can read."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path

BYTES = 32


def load_or_create(path: Path, names: Iterable[str]) -> dict[str, str]:
    """A secret for each name; names new since the last time get one, others keep theirs."""
    known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    missing = [name for name in names if name not in known]
    if missing:
        known |= {name: secrets.token_urlsafe(BYTES) for name in missing}
        write_private(path, known)
    return known


def write_private(path: Path, values: Mapping[str, str]) -> None:
    """Write values to a file only its owner can read, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".new")
    beside.touch(mode=0o600)
    beside.write_text(json.dumps(values, indent=1))
    beside.replace(path)
