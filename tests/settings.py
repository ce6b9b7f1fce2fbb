"""Settings of services in tests: given as values, never read from the environment."""

from __future__ import annotations

from typing import TypeVar

from subgraphs.chassis.settings import ServiceSettings

SECRET = "a secret only tests know, of 32 and more characters"
SettingsT = TypeVar("SettingsT", bound=ServiceSettings)


def settings_of(
    kind: type[SettingsT], database_urls: dict[str, str], redis_url: str, **more: object
) -> SettingsT:
    """Settings of one service against the session's servers; ports are left to the caller."""
    return kind.model_validate(
        {
            "database_url": database_urls[kind.service],
            "redis_url": redis_url,
            "jwks_url": "http://127.0.0.1:9/jwks.json",
            "service_token_secret": SECRET,
            "graphql_port": 0,
            "grpc_port": 0,
            "database_connections": 4,
            **more,
        }
    )
