"""One PostgreSQL server with a database and a role a service, from PATH or from the wheel.

    server = start(Path(".data/postgres"), port=15432, log=Path(".data/logs/postgres.log"),
                   password="...")
    urls = await create_databases(server.admin_url, {"account": "secret", "order": "secret"})
    server.stop()
    wipe(Path(".data/postgres"))

A service's role owns its database and cannot connect to another's.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from local import children, displaced
from local.children import AwayFromRoot
from local.ports import LOOPBACK
from local.postgres_programs import PostgresError, Programs, find

ADMIN = "shop"
READY_SECONDS = 60.0
STOP_SECONDS = 40.0

__all__ = ["PostgresError", "RunningPostgres", "create_databases", "start", "wipe"]


@dataclass(frozen=True, slots=True)
class RunningPostgres:
    """A server we started. `admin_url` is the superuser's, to the database `postgres`.

    `name` is how people call it, as in "PostgreSQL 18.6 (embedded)". `command` and
    `away_from_root` start it again over the same data.
    """

    process: subprocess.Popen[bytes]
    port: int
    admin_url: str
    name: str
    command: tuple[str, ...]
    away_from_root: AwayFromRoot | None
    data: Path
    is_durable: bool

    def stop(self) -> None:
        """Fast shutdown: sessions are cut, committed work is on disk."""
        children.stop(self.process, signal.SIGINT, STOP_SECONDS)
        if not self.is_durable:
            displaced.remove(self.data)


def start(
    data: Path,
    port: int,
    *,
    log: Path,
    password: str,
    durable: bool = True,
    way: AwayFromRoot | None = None,
) -> RunningPostgres:
    """Start the server on 127.0.0.1:`port`, making `data` first where it is missing.

    `durable=False` trades safety at a power cut for speed: for tests only. `way` is for root
    alone: how the server leaves it, found out when left out. Raises PostgresError.
    """
    way = (way or children.way_from_root()) if os.geteuid() == 0 else None
    data = data.resolve()
    place = displaced.place(data) if way is AwayFromRoot.NOBODY else data
    programs = find(place)
    if way is AwayFromRoot.NOBODY:
        programs = displaced.programs(data, programs)
    if not (place / "PG_VERSION").exists():
        _initialise(programs, place, log, password, way)
    displaced.give(place, way)
    options = {"max_connections": "300", "shared_buffers": "128MB", "listen_addresses": LOOPBACK}
    if not durable:
        options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    command = [programs.path("postgres"), "-D", str(place), "-p", str(port), "-k", ""]
    for name, value in options.items():
        command += ["-c", f"{name}={value}"]
    process = children.spawn(
        command, log=log, folder=Path("/"), away_from_root=way, ends_with=signal.SIGINT
    )
    _wait_until_ready(programs, process, port, log)
    url = f"postgresql://{ADMIN}:{password}@{LOOPBACK}:{port}/postgres"
    return RunningPostgres(
        process, port, url, programs.name, tuple(command), way, data, is_durable=durable
    )


def wipe(data: Path) -> None:
    """Remove the data of a stopped server, wherever it had to be kept."""
    displaced.remove(data.resolve())
    shutil.rmtree(data, ignore_errors=True)


async def create_databases(admin_url: str, passwords: Mapping[str, str]) -> dict[str, str]:
    """Make role and database of each name where missing, and shut others out; their URLs.

    Roles get the password given, also when they exist already.
    """
    await asyncio.gather(
        *(_create_database(admin_url, name, secret) for name, secret in passwords.items())
    )
    address = admin_url.rsplit("@", 1)[1].split("/", 1)[0]
    return {
        name: f"postgresql://{name}:{secret}@{address}/{name}" for name, secret in passwords.items()
    }


async def _create_database(admin_url: str, name: str, password: str) -> None:
    connection = await asyncpg.connect(admin_url, timeout=READY_SECONDS)
    try:
        known = await connection.fetchval("select 1 from pg_roles where rolname=$1", name)
        verb = "alter" if known else "create"
        quoted = password.replace("'", "''")
        await connection.execute(f"{verb} role \"{name}\" login password '{quoted}'")
        if not await connection.fetchval("select 1 from pg_database where datname=$1", name):
            await connection.execute(f'create database "{name}" owner "{name}"')
        await connection.execute(f'revoke connect, temporary on database "{name}" from public')
    finally:
        await connection.close()


def _initialise(
    programs: Programs, place: Path, log: Path, password: str, way: AwayFromRoot | None
) -> None:
    """initdb into a fresh folder, so that an interrupted one leaves nothing half made."""
    fresh = place.with_name(place.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700, parents=True)
    displaced.give(fresh, way)
    with tempfile.NamedTemporaryFile("w", dir=place.parent, suffix=".pw") as secret:
        secret.write(password)
        secret.flush()
        displaced.give(Path(secret.name), way)
        command = [programs.path("initdb"), "-D", str(fresh), "-U", ADMIN, "-E", "UTF8"]
        command += ["--auth=scram-sha-256", f"--pwfile={secret.name}", "--no-sync"]
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        process = children.spawn(command, log=log, folder=Path("/"), away_from_root=way)
        try:
            failed = process.wait(READY_SECONDS) != 0
        except subprocess.TimeoutExpired:
            process.kill()
            failed = True
        if failed:
            raise PostgresError(f"initdb failed for {place}; see {log}.")
    fresh.rename(place)


def _wait_until_ready(
    programs: Programs, process: subprocess.Popen[bytes], port: int, log: Path
) -> None:
    probe = [programs.path("pg_isready"), "-q", "-h", LOOPBACK, "-p", str(port), "-t", "1"]
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise PostgresError(f"PostgreSQL ended while starting on port {port}; see {log}.")
        if subprocess.run(probe, check=False, timeout=READY_SECONDS).returncode == 0:
            return
        time.sleep(0.03)
    children.stop(process, signal.SIGINT, STOP_SECONDS)
    raise PostgresError(f"PostgreSQL was not ready in {READY_SECONDS:.0f} s; see {log}.")
