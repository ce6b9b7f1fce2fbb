"""The embedded PostgreSQL: who may connect where, how root starts it, what happens to data."""

import asyncio
import os
import signal
from pathlib import Path

import asyncpg
import pytest

from local import displaced, ports, postgres
from local.children import AwayFromRoot
from local.postgres_programs import PostgresError, find

SECRET = "secret"
WAYS = [None, AwayFromRoot.NAMESPACE, AwayFromRoot.NOBODY] if os.geteuid() == 0 else [None]


def start(folder: Path, way: AwayFromRoot | None = None) -> postgres.RunningPostgres:
    return postgres.start(
        folder / "data",
        ports.free_port(),
        log=folder / "postgres.log",
        password=SECRET,
        way=way,
    )


async def ask(url: str, sql: str) -> object:
    connection = await asyncpg.connect(url, timeout=10)
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


def test_a_services_role_cannot_connect_to_anothers_database(tmp_path: Path) -> None:
    server = start(tmp_path)
    try:
        names = {"order": "one", "payment": "two"}
        urls = asyncio.run(postgres.create_databases(server.admin_url, names))
        assert asyncio.run(ask(urls["order"], "select current_user")) == "order"
        foreign = urls["order"].rsplit("/", 1)[0] + "/payment"
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            asyncio.run(ask(foreign, "select 1"))
        wrong = urls["order"].replace(":one@", ":two@")
        with pytest.raises(asyncpg.InvalidPasswordError):
            asyncio.run(ask(wrong, "select 1"))
    finally:
        server.stop()


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.value if way else "found out")
def test_data_survives_a_restart_and_a_kill_however_root_is_left(
    tmp_path: Path, way: AwayFromRoot | None
) -> None:
    server = start(tmp_path, way)
    asyncio.run(ask(server.admin_url, "create table kept (n int)"))
    asyncio.run(ask(server.admin_url, "insert into kept values (42)"))
    server.process.send_signal(signal.SIGKILL)
    server.process.wait()
    again = start(tmp_path, way)
    try:
        assert asyncio.run(ask(again.admin_url, "select n from kept")) == 42
    finally:
        again.stop()
    postgres.wipe(tmp_path / "data")
    assert not (tmp_path / "data").exists()
    assert not displaced.folder_of(tmp_path / "data").exists()


def test_data_of_another_version_is_refused_with_both_versions(tmp_path: Path) -> None:
    (tmp_path / "PG_VERSION").write_text("12\n")
    with pytest.raises(PostgresError, match=r"of PostgreSQL 12, but here is PostgreSQL 1[78]"):
        find(tmp_path)
