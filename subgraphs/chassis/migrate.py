"""Alembic for every service: `python -m subgraphs.chassis.migrate NAME [REVISION]`.

Runs the revisions in `db/NAME` against DATABASE_URL_<NAME>, to `head` when no revision is named.
A lock keeps two migrations of one database from running at once.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from pathlib import Path

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from subgraphs.chassis.database import place, sqlalchemy_url
from subgraphs.chassis.settings import PostgresUrl, stop

ROOT = Path(__file__).parents[2]
WAIT_SECONDS = 30.0
_LOCK = 7_303_013


class NoSuchDatabaseError(Exception):
    """There are no migrations of that name; the message lists the names there are."""


async def migrate(name: str, url: str, revision: str = "head") -> None:
    """Bring the database at `url` to `revision` of `db/<name>`.

    Raises NoSuchDatabaseError, or SQLAlchemyError and OSError as the driver gives them.
    """
    script = _script(name)
    engine = create_async_engine(
        sqlalchemy_url(url), poolclass=NullPool, connect_args={"timeout": WAIT_SECONDS}
    )
    try:
        async with engine.connect() as connection:
            await connection.run_sync(_upgrade, script, revision)
            await connection.commit()
    finally:
        await engine.dispose()


def _script(name: str) -> ScriptDirectory:
    folder = ROOT / "db" / name
    if not (folder / "versions").is_dir():
        known = sorted(path.parent.name for path in (ROOT / "db").glob("*/versions"))
        raise NoSuchDatabaseError(f"db/{name} has no migrations; there are: {', '.join(known)}")
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.set_main_option("path_separator", "os")
    return ScriptDirectory.from_config(config)


def _upgrade(connection: Connection, script: ScriptDirectory, revision: str) -> None:
    logging.getLogger("alembic").setLevel(logging.WARNING)
    connection.execute(text(f"select pg_advisory_xact_lock({_LOCK})"))
    config = Config()
    down = revision == "base" or revision.startswith("-")

    def steps(current: object, _context: object) -> object:
        known = current or ()
        if down:
            return script._downgrade_revs(revision, known)  # type: ignore[arg-type]  # noqa: SLF001
        return script._upgrade_revs(revision, known)  # type: ignore[arg-type]  # noqa: SLF001

    with EnvironmentContext(config, script, fn=steps, destination_rev=revision) as environment:
        environment.configure(connection=connection, transactional_ddl=True)
        environment.run_migrations()


def main(arguments: list[str]) -> None:
    """The command line; one line on stderr and exit code 2 when something is wrong."""
    if not 1 <= len(arguments) <= 2:
        stop("usage: python -m subgraphs.chassis.migrate NAME [REVISION]")
    name, revision = arguments[0], (arguments[1:] or ["head"])[0]
    variable = f"DATABASE_URL_{name.upper()}"
    try:
        url = TypeAdapter(PostgresUrl).validate_python(os.environ[variable])
    except KeyError:
        stop(f"migrate {name}: {variable} is not set")
    except ValidationError as error:
        stop(f"migrate {name}: {variable}: {error.errors()[0]['msg']}")
    try:
        asyncio.run(migrate(name, url, revision))
    except NoSuchDatabaseError as error:
        stop(f"migrate: {error}")
    except (SQLAlchemyError, OSError) as error:
        reason = str(error).splitlines()[0]
        stop(f"migrate {name}: {place(url)}: {reason}")


if __name__ == "__main__":
    main(sys.argv[1:])
