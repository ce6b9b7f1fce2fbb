"""Redis as the transport of events: one stream a service, named here."""

from __future__ import annotations

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError

# Longer than any blocking read (BLOCK_MS), so that a dead server is noticed.
ANSWER_SECONDS = 5.0
BLOCK_MS = 2_000
# Redis forgets beyond this; PostgreSQL's outbox does not.
STREAM_LENGTH = 100_000

__all__ = ["RedisError", "dead_letters_of", "open_redis", "stream_of"]


def open_redis(url: str) -> Redis:
    """A client whose every call has a deadline of 5 s; connects on first use."""
    retry = Retry(ExponentialBackoff(cap=0.5, base=0.05), retries=2)
    return Redis.from_url(
        url,
        socket_timeout=ANSWER_SECONDS,
        socket_connect_timeout=2.0,
        health_check_interval=30,
        max_connections=20,
        retry=retry,
        retry_on_error=[RedisConnectionError, RedisTimeoutError],
    )


def stream_of(service: str) -> str:
    """Where a service's events flow."""
    return f"evt:{service}"


def dead_letters_of(service: str) -> str:
    """Where events go that a service could not apply."""
    return f"dlq:{service}"
