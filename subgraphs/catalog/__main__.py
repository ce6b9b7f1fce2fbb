"""The catalog service: settings → GraphQL and gRPC over the same reads."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, ClassVar

from pydantic import Field

from subgraphs.catalog.graphql_api.operations import schema
from subgraphs.catalog.grpc_api import services
from subgraphs.catalog.handlers import Resources
from subgraphs.chassis.foundation import Foundation
from subgraphs.chassis.graphql_endpoint import GraphqlEndpoint
from subgraphs.chassis.pages import operations_pages
from subgraphs.chassis.process import Service, run
from subgraphs.chassis.settings import PostgresUrl, ServiceSettings


class Settings(ServiceSettings):
    """The environment of the catalog service."""

    service: ClassVar[str] = "catalog"
    database_url: PostgresUrl = Field(validation_alias="DATABASE_URL_CATALOG")
    default_currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] = "USD"


@asynccontextmanager
async def build(settings: Settings, foundation: Foundation) -> AsyncIterator[Service]:
    """The service without its ports."""
    resources = Resources(foundation.database, foundation.outbox, settings.default_currency)
    pages = operations_pages(settings.service, foundation.checks)
    tokens = foundation.access_tokens
    yield Service(
        endpoint=GraphqlEndpoint(settings.service, schema, resources, tokens, pages),
        grpc=services(resources),
        checks=foundation.checks,
    )


if __name__ == "__main__":
    run(Settings, build)
