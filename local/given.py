"""Servers the environment names: asked once whether they are there, before anything starts."""

from __future__ import annotations

import asyncio
import json
import urllib.request
from collections.abc import Mapping
from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

import asyncpg

SECONDS = 5.0


class GivenError(Exception):
    """A variable names a server that cannot be used; the message says which, where and why."""


def check_databases(urls: Mapping[str, str]) -> str:
    """How the server of these variables -> URLs is called. Raises GivenError."""
    versions = asyncio.run(_versions(urls))
    return f"PostgreSQL {' and '.join(sorted(set(versions)))} (from DATABASE_URL_*)"


async def _versions(urls: Mapping[str, str]) -> list[str]:
    return await asyncio.gather(*(_version(variable, url) for variable, url in urls.items()))


async def _version(variable: str, url: str) -> str:
    _check_form(variable, url, "postgresql", "postgres")
    try:
        connection = await asyncpg.connect(url, timeout=SECONDS)
    except (OSError, TimeoutError, ValueError, asyncpg.PostgresError) as error:
        raise GivenError(_unreachable(variable, url, error)) from error
    version = connection.get_server_version()
    await connection.close()
    return f"{version.major}.{version.minor}"


def check_redis(url: str) -> str:
    """How the server of REDIS_URL is called. Raises GivenError."""
    from redis import Redis, RedisError  # noqa: PLC0415 - slow to import, rarely needed

    _check_form("REDIS_URL", url, "redis", "rediss", "unix")
    try:
        client = Redis.from_url(url, socket_connect_timeout=SECONDS, socket_timeout=SECONDS)
        found = client.info("server")
        client.close()
    except (OSError, ValueError, RedisError) as error:
        raise GivenError(_unreachable("REDIS_URL", url, error)) from error
    if "valkey_version" in found:
        return f"Valkey {found['valkey_version']} (from REDIS_URL)"
    return f"Redis {found['redis_version']} (from REDIS_URL)"


def check_elasticsearch(url: str) -> str:
    """How the server of ELASTICSEARCH_URL is called. Raises GivenError."""
    _check_form("ELASTICSEARCH_URL", url, "http", "https")
    parts = urlsplit(url)
    bare = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
    version = ""
    try:
        with urllib.request.urlopen(bare, timeout=SECONDS) as answer:  # noqa: S310 - http only
            version = json.load(answer)["version"]["number"]
    except HTTPError:
        pass  # It is there; who may use it is between it and the catalog.
    except (URLError, OSError, HTTPException, ValueError, TypeError, KeyError) as error:
        raise GivenError(_unreachable("ELASTICSEARCH_URL", url, error)) from error
    return f"Elasticsearch {version} (from ELASTICSEARCH_URL)".replace("  ", " ")


def _check_form(variable: str, url: str, *schemes: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in schemes or not (parts.hostname or parts.scheme == "unix"):
        wanted = " or ".join(f"{scheme}://" for scheme in schemes)
        raise GivenError(f"{variable}: expected {wanted}host:port/..., got {_place(url)!r}.")
    try:
        _ = parts.port
    except ValueError as error:
        raise GivenError(f"{variable}: the port in {_place(url)!r} is not a number.") from error


def _unreachable(variable: str, url: str, error: BaseException) -> str:
    reason = (str(error) or type(error).__name__).splitlines()[0]
    return f"{variable}: nothing usable at {_place(url)}: {reason}"


def _place(url: str) -> str:
    """The address without its password."""
    before, at, after = url.rpartition("@")
    return f"{before.split('://')[0]}://…@{after}" if at else url
