"""Foundation: what every service stands on, opened together and closed in reverse."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from redis.asyncio import Redis

from subgraphs.chassis.access_tokens import AccessTokens, FetchKeys, fetch_from
from subgraphs.chassis.database import Database, open_database
from subgraphs.chassis.health import Check
from subgraphs.chassis.outbox import Outbox
from subgraphs.chassis.redis_streams import open_redis
from subgraphs.chassis.relay import Relay
from subgraphs.chassis.service_tokens import ServiceTokens
from subgraphs.chassis.settings import ServiceSettings


@dataclass(frozen=True, slots=True)
class Foundation:
    """Database, Redis, outbox with its relay, and both kinds of tokens, of one service."""

    name: str
    database: Database
    redis: Redis
    outbox: Outbox
    relay: Relay
    access_tokens: AccessTokens
    service_tokens: ServiceTokens

    @property
    def checks(self) -> tuple[Check, ...]:
        """The database is required; without Redis events wait in the outbox."""
        return (
            Check("database", self.database.ping),
            Check("redis", self.redis.ping, required=False),
        )


@asynccontextmanager
async def open_foundation(
    settings: ServiceSettings, *, fetch_keys: FetchKeys | None = None
) -> AsyncIterator[Foundation]:
    """Connect to everything the settings name. Raises UnreachableDatabaseError.

    `fetch_keys` replaces the HTTP fetch of the JWKS (the issuer itself, or tests).
    """
    name = settings.service
    database = await open_database(
        settings.database_url, connections=settings.database_connections, application=name
    )
    redis = open_redis(settings.redis_url)
    outbox = Outbox(database)
    try:
        yield Foundation(
            name=name,
            database=database,
            redis=redis,
            outbox=outbox,
            relay=Relay(name, database, redis, outbox),
            access_tokens=AccessTokens(
                fetch_keys or fetch_from(settings.jwks_url),
                issuer=settings.token_issuer,
                audience=settings.token_audience,
            ),
            service_tokens=ServiceTokens(name, settings.service_token_secret),
        )
    finally:
        await redis.aclose()
        await database.close()
