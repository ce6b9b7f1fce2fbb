"""PostgreSQL and Redis for the platform: those the environment names, else our own."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from local import postgres, redis
from local.ports import free_port, is_free
from local.settings import SERVICES, Settings


@dataclass(slots=True)
class Servers:
    """URLs to hand to services, how each server is called in the banner, and what we started."""

    urls: dict[str, str]
    described: list[str]
    postgres: postgres.RunningPostgres | None = None
    redis: redis.RunningRedis | None = None
    environment: dict[str, str] = field(default_factory=dict)

    def stop(self) -> None:
        """Stop what we started; what was given stays."""
        if self.redis is not None:
            self.redis.stop()
        if self.postgres is not None:
            self.postgres.stop()


def start(
    settings: Settings, passwords: Mapping[str, str], environment: Mapping[str, str] = os.environ
) -> Servers:
    """Make sure there are databases and a Redis. Raises PostgresError and RedisStartError."""
    given = {
        name: environment[variable]
        for name in SERVICES
        if (variable := database_variable(name)) in environment
    }
    servers = Servers(urls=dict(given), described=[])
    try:
        _start_postgres(servers, settings, passwords, [n for n in SERVICES if n not in given])
        _start_redis(servers, settings, passwords, environment.get("REDIS_URL"))
    except BaseException:
        servers.stop()
        raise
    servers.environment |= {database_variable(name): url for name, url in servers.urls.items()}
    return servers


def database_variable(name: str) -> str:
    """The environment variable with a service's database."""
    return f"DATABASE_URL_{name.upper()}"


def _start_postgres(
    servers: Servers, settings: Settings, passwords: Mapping[str, str], missing: list[str]
) -> None:
    if not missing:
        servers.described.append("PostgreSQL from DATABASE_URL_*")
        return
    servers.postgres = postgres.start(
        settings.data / "postgres",
        _near(settings.postgres),
        log=settings.logs / "postgres.log",
        password=passwords["postgres"],
    )
    roles = {name: passwords[name] for name in missing}
    servers.urls |= asyncio.run(postgres.create_databases(servers.postgres.admin_url, roles))
    servers.described.append(servers.postgres.name)


def _start_redis(
    servers: Servers, settings: Settings, passwords: Mapping[str, str], given: str | None
) -> None:
    if given is not None:
        servers.environment["REDIS_URL"] = given
        servers.described.append("Redis from REDIS_URL")
        return
    servers.redis = redis.start(
        settings.data / "redis",
        _near(settings.redis),
        log=settings.logs / "redis.log",
        password=passwords["redis"],
    )
    servers.environment["REDIS_URL"] = servers.redis.url
    servers.described.append(servers.redis.name)


def _near(port: int) -> int:
    """The port, or a free one: nobody outside needs to know where our own servers listen."""
    return port if is_free(port) else free_port()
