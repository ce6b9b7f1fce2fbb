"""The inventory service: settings → GraphQL, gRPC and the sweeper over the same stock."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import ClassVar

from pydantic import Field

from subgraphs.chassis.foundation import Foundation
from subgraphs.chassis.graphql_endpoint import GraphqlEndpoint
from subgraphs.chassis.pages import operations_pages
from subgraphs.chassis.process import Service, run
from subgraphs.chassis.settings import PostgresUrl, ServiceSettings
from subgraphs.inventory.graphql_api.operations import schema
from subgraphs.inventory.grpc_api import services
from subgraphs.inventory.handlers.expiry import sweep_for_ever
from subgraphs.inventory.handlers.resources import Resources


class Settings(ServiceSettings):
    """The environment of the inventory service."""

    service: ClassVar[str] = "inventory"
    database_url: PostgresUrl = Field(validation_alias="DATABASE_URL_INVENTORY")


@asynccontextmanager
async def build(settings: Settings, foundation: Foundation) -> AsyncIterator[Service]:
    """The service without its ports."""
    resources = Resources(foundation.database, foundation.outbox)
    pages = operations_pages(settings.service, foundation.checks)
    tokens = foundation.access_tokens
    yield Service(
        endpoint=GraphqlEndpoint(settings.service, schema, resources, tokens, pages),
        grpc=services(resources),
        workers=(partial(sweep_for_ever, resources),),
        checks=foundation.checks,
    )


if __name__ == "__main__":
    run(Settings, build)
