"""Where PostgreSQL's files lie when root runs it as nobody and nobody cannot reach them.

Root without user namespaces (many containers) starts the server as nobody. Data and programs under
a closed home are then kept in a folder of ours under /var/tmp, named after the data's own place.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
from dataclasses import replace
from pathlib import Path

from local.before_exec import NOBODY
from local.children import AwayFromRoot
from local.postgres_programs import PostgresError, Programs

# Not /tmp: what is there may be gone after a restart of the machine.
SHARED = Path("/var/tmp")  # noqa: S108 - the folder is checked to be root's own


def place(data: Path) -> Path:
    """Where data meant for `data` really lies. Raises PostgresError when that is not ours."""
    return data if _is_reachable(data.parent) else _folder(data) / "data"


def programs(data: Path, found: Programs) -> Programs:
    """The programs, copied when nobody cannot reach them where they are."""
    if _is_reachable(found.folder):
        return found
    # initdb looks for its share/ and lib/ beside bin/.
    copied = _folder(data) / f"postgresql-{found.version}"
    if not copied.exists():
        beside = copied.with_suffix(".new")
        shutil.rmtree(beside, ignore_errors=True)
        shutil.copytree(found.folder.parent, beside, symlinks=True)
        _open_for_reading(beside)
        beside.rename(copied)
    return replace(found, folder=copied / found.folder.name)


def give(path: Path, way: AwayFromRoot | None) -> None:
    """Make `path` and all in it the server's: root's own, or nobody's."""
    if way is None:
        return
    owner = NOBODY if way is AwayFromRoot.NOBODY else os.geteuid()
    if path.stat().st_uid == owner:
        return
    for folder, names, files in os.walk(path):
        for name in (*names, *files):
            os.chown(Path(folder) / name, owner, owner, follow_symlinks=False)
    os.chown(path, owner, owner)


def remove(data: Path) -> None:
    """Remove what was kept elsewhere for `data`, if anything was."""
    if os.geteuid() == 0:
        shutil.rmtree(folder_of(data), ignore_errors=True)


def _folder(data: Path) -> Path:
    folder = folder_of(data)
    folder.mkdir(mode=0o711, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o022:
        raise PostgresError(f"{folder} is not a folder of root alone; remove it.")
    return folder


def folder_of(data: Path) -> Path:
    """Where files meant for `data` are kept when they have to be."""
    return SHARED / f"supergraph-{hashlib.sha256(str(data).encode()).hexdigest()[:16]}"


def _is_reachable(folder: Path) -> bool:
    """Whether nobody may enter the folder: it and all above it, as far as they exist."""
    return all(one.stat().st_mode & 0o001 for one in (folder, *folder.parents) if one.exists())


def _open_for_reading(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o055 if path.is_dir() else 0o044 | _run_bits(path)))


def _run_bits(path: Path) -> int:
    return 0o011 if path.stat().st_mode & 0o100 else 0
