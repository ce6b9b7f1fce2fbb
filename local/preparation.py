"""What has to be done once before services start: migrations, demo data, the supergraph."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from local.settings import ROOT, Settings

SECONDS = 300.0


class PreparationError(Exception):
    """A step failed; the message is what it said last, and names its log."""


def start_step(
    command: Sequence[str], environment: Mapping[str, str], log: Path
) -> subprocess.Popen[bytes]:
    """Run one step in the background, its output in `log`."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as out:
        return subprocess.Popen(
            [sys.executable, "-m", *command],
            env=dict(environment),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )


def finish_step(name: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait for a step. Raises PreparationError when it failed or took too long."""
    try:
        status = process.wait(SECONDS)
    except subprocess.TimeoutExpired as error:
        process.kill()
        raise PreparationError(f"{name} took more than {SECONDS:.0f} s; see {log}.") from error
    if status != 0:
        said = log.read_text(errors="replace").strip()
        raise PreparationError(f"{name} failed; see {log}.\n{said[-2000:]}")


def needs_migration(settings: Settings, name: str, place: str) -> bool:
    """Whether db/<name> changed since the database at `place` was last brought up to it."""
    return _marks(settings).get(name) != _fingerprint(name, place)


def note_migration(settings: Settings, places: Mapping[str, str]) -> None:
    """Remember what was migrated, so that the next start need not look."""
    marks = _marks(settings) | {name: _fingerprint(name, place) for name, place in places.items()}
    path = settings.data / "migrated.json"
    path.write_text(json.dumps(marks, indent=1))


def _marks(settings: Settings) -> dict[str, str]:
    path = settings.data / "migrated.json"
    found: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    return found


def _fingerprint(name: str, place: str) -> str:
    digest = hashlib.sha256(place.encode())
    for path in sorted((ROOT / "db" / name).rglob("*.py")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def is_seeded(settings: Settings, places: Mapping[str, str]) -> bool:
    """Whether demo data was loaded into these databases."""
    path = settings.data / "seeded"
    return path.exists() and path.read_text() == _places_mark(places)


def note_seed(settings: Settings, places: Mapping[str, str]) -> None:
    """Remember that it was."""
    (settings.data / "seeded").write_text(_places_mark(places))


def _places_mark(places: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps(dict(sorted(places.items()))).encode()).hexdigest()
