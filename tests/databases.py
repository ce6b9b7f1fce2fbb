"""The services' databases for tests: emptied between tests, migrated once a session."""

from __future__ import annotations

from subgraphs.chassis.database import Database

SERVICES = ("account", "catalog", "inventory", "order", "payment")
SCRATCH = "scratch"
REVISIONS = "alembic_version"

_TABLES = """
select string_agg(format('%I', tablename), ', ') from pg_tables
where schemaname = 'public' and tablename <> all($1)
"""


async def empty(database: Database, *, keep: tuple[str, ...] = ()) -> None:
    """Delete every row of every table but `keep` and Alembic's; identities start again."""
    tables = await database.fetchval(_TABLES, [REVISIONS, *keep])
    if tables:
        await database.execute(f"truncate {tables} restart identity")
