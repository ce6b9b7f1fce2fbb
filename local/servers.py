"""PostgreSQL and Redis for the platform: those the environment names, else our own."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass, field

from local import given, postgres, redis
from local.ports import LOOPBACK, free_port, is_free
from local.services import Layer, Service
from local.settings import SERVICES, Settings
from local.supervisor import Supervisor


@dataclass(frozen=True, slots=True)
class Servers:
    """What to tell services of the servers, and how each is called in the banner.

    `places` says of each service whose database it has, to remember what was done to it.
    """

    environment: dict[str, str] = field(default_factory=dict)
    described: list[str] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)


def start(
    settings: Settings,
    passwords: Mapping[str, str],
    supervisor: Supervisor,
    environment: Mapping[str, str] = os.environ,
) -> Servers:
    """Make sure there are databases and a Redis; `supervisor` keeps those that are ours running.

    Raises GivenError, PostgresError and RedisStartError.
    """
    servers = Servers()
    named = [name for name in SERVICES if database_variable(name) in environment]
    urls = {database_variable(name): environment[database_variable(name)] for name in named}
    if urls:
        servers.described.append(given.check_databases(urls))
        servers.environment.update(urls)
        servers.places.update({name: urls[database_variable(name)] for name in named})
    if len(named) < len(SERVICES):
        missing = [name for name in SERVICES if name not in named]
        _start_postgres(servers, settings, passwords, missing, supervisor)
    if "REDIS_URL" in environment:
        servers.described.append(given.check_redis(environment["REDIS_URL"]))
        servers.environment["REDIS_URL"] = environment["REDIS_URL"]
    else:
        _start_redis(servers, settings, passwords, supervisor)
    if "ELASTICSEARCH_URL" in environment:
        servers.described.append(given.check_elasticsearch(environment["ELASTICSEARCH_URL"]))
        servers.environment["ELASTICSEARCH_URL"] = environment["ELASTICSEARCH_URL"]
    return servers


def database_variable(name: str) -> str:
    """The environment variable with a service's database."""
    return f"DATABASE_URL_{name.upper()}"


def _start_postgres(
    servers: Servers,
    settings: Settings,
    passwords: Mapping[str, str],
    missing: list[str],
    supervisor: Supervisor,
) -> None:
    running = postgres.start(
        settings.data / "postgres",
        _near(settings.postgres),
        log=settings.logs / "postgres.log",
        password=passwords["postgres"],
    )
    service = Service(
        name="postgres",
        command=running.command,
        environment=None,
        ready_url=f"tcp://{LOOPBACK}:{running.port}",
        layer=Layer.SERVER,
        ends_with=signal.SIGINT,
        away_from_root=running.away_from_root,
    )
    supervisor.adopt(service, running.process)
    roles = {name: passwords[name] for name in missing}
    urls = asyncio.run(postgres.create_databases(running.admin_url, roles))
    servers.environment.update({database_variable(name): url for name, url in urls.items()})
    servers.places.update(dict.fromkeys(missing, "embedded"))
    servers.described.append(running.name)


def _start_redis(
    servers: Servers, settings: Settings, passwords: Mapping[str, str], supervisor: Supervisor
) -> None:
    running = redis.start(
        settings.data / "redis",
        _near(settings.redis),
        log=settings.logs / "redis.log",
        password=passwords["redis"],
    )
    ready = f"tcp://{LOOPBACK}:{running.port}"
    service = Service("redis", running.command, None, ready, Layer.SERVER)
    supervisor.adopt(service, running.process)
    servers.environment["REDIS_URL"] = running.url
    servers.described.append(running.name)


def _near(port: int) -> int:
    """The port, or a free one: nobody outside needs to know where our own servers listen."""
    return port if is_free(port) else free_port()
