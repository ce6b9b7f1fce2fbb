"""The payment service: settings → the sandbox provider, GraphQL, gRPC and recovery."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Annotated, ClassVar

from pydantic import Field

from subgraphs.chassis.foundation import Foundation
from subgraphs.chassis.graphql_endpoint import GraphqlEndpoint
from subgraphs.chassis.pages import operations_pages
from subgraphs.chassis.process import Service, run
from subgraphs.chassis.settings import PostgresUrl, ServiceSettings
from subgraphs.payment.graphql_api.operations import schema
from subgraphs.payment.grpc_api import services
from subgraphs.payment.handlers.recovery import recover_for_ever
from subgraphs.payment.handlers.resources import Resources
from subgraphs.payment.provider.sandbox import Sandbox


class Settings(ServiceSettings):
    """The environment of the payment service."""

    service: ClassVar[str] = "payment"
    database_url: PostgresUrl = Field(validation_alias="DATABASE_URL_PAYMENT")
    provider_seconds: Annotated[float, Field(gt=0, le=30)] = 5.0


@asynccontextmanager
async def build(settings: Settings, foundation: Foundation) -> AsyncIterator[Service]:
    """The service without its ports."""
    resources = Resources(
        foundation.database,
        foundation.outbox,
        Sandbox(foundation.database),
        settings.provider_seconds,
        # Twice as long as we wait, nothing of a request is under way any more.
        settings.provider_seconds * 2,
    )
    pages = operations_pages(settings.service, foundation.checks)
    tokens = foundation.access_tokens
    yield Service(
        endpoint=GraphqlEndpoint(settings.service, schema, resources, tokens, pages),
        grpc=services(resources),
        workers=(partial(recover_for_ever, resources),),
        checks=foundation.checks,
    )


if __name__ == "__main__":
    run(Settings, build)
