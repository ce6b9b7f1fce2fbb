"""The account service: settings → keys and passwords → GraphQL, gRPC and the JWKS page."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import ClassVar

from fastapi import Response
from pydantic import Field

from subgraphs.account.graphql_api import schema
from subgraphs.account.grpc_api import services
from subgraphs.account.handlers.passwords import Passwords
from subgraphs.account.handlers.resources import Resources
from subgraphs.account.handlers.signing_keys import open_signing_keys
from subgraphs.chassis.access_tokens import AccessTokens
from subgraphs.chassis.foundation import Foundation
from subgraphs.chassis.graphql_endpoint import GraphqlEndpoint
from subgraphs.chassis.pages import operations_pages
from subgraphs.chassis.process import Service, run
from subgraphs.chassis.settings import PostgresUrl, ServiceSettings

JWKS_PATH = "/.well-known/jwks.json"
JWKS_CACHE = "public, max-age=60"


class Settings(ServiceSettings):
    """The environment of the account service."""

    service: ClassVar[str] = "account"
    database_url: PostgresUrl = Field(validation_alias="DATABASE_URL_ACCOUNT")


@asynccontextmanager
async def build(settings: Settings, foundation: Foundation) -> AsyncIterator[Service]:
    """The service without its ports."""
    keys = await open_signing_keys(
        foundation.database, settings.token_issuer, settings.token_audience
    )
    passwords = Passwords()
    resources = Resources(foundation.database, foundation.outbox, passwords, keys)
    # The issuer knows its own keys; it does not ask itself over HTTP.
    tokens = AccessTokens(keys.jwks, issuer=keys.issuer, audience=keys.audience)
    pages = operations_pages(settings.service, foundation.checks)

    @pages.get(JWKS_PATH)
    async def jwks() -> Response:
        """The public keys of access tokens."""
        headers = {"cache-control": JWKS_CACHE}
        return Response(await keys.jwks(), media_type="application/json", headers=headers)

    try:
        yield Service(
            endpoint=GraphqlEndpoint(settings.service, schema, resources, tokens, pages),
            grpc=services(resources),
            checks=foundation.checks,
        )
    finally:
        passwords.close()


if __name__ == "__main__":
    run(Settings, build)
