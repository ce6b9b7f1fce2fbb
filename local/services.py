"""What runs: five subgraphs and the router, each with its command, environment and health page."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from local.settings import ROOT, SERVICES, Settings

# Orders that name no payment method use this token of the sandbox provider; production sets none.
SANDBOX_PAYMENT_TOKEN = "tok_sandbox_ok"  # noqa: S105 - a public test token
# Nothing of the caller's shell but these reaches a service: what it needs is named below.
INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "VIRTUAL_ENV")


@dataclass(frozen=True, slots=True)
class Service:
    """One process; it is ready when `ready_url` answers 200."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    ready_url: str


def base_environment(
    settings: Settings, servers: Mapping[str, str], token_secret: str
) -> dict[str, str]:
    """What every process of the platform is told."""
    environment = {name: os.environ[name] for name in INHERITED if name in os.environ}
    environment |= servers
    environment |= {
        "HOST": settings.host,
        "JWKS_URL": f"http://{settings.host}:{settings.graphql}/.well-known/jwks.json",
        "SERVICE_TOKEN_SECRET": token_secret,
        "LOG_FORMAT": os.environ.get("LOG_FORMAT", "json"),
        "SANDBOX_PAYMENT_TOKEN": SANDBOX_PAYMENT_TOKEN,
        "PYTHONUNBUFFERED": "1",
    }
    if "ELASTICSEARCH_URL" in os.environ:
        environment["ELASTICSEARCH_URL"] = os.environ["ELASTICSEARCH_URL"]
    for index, name in enumerate(SERVICES):
        environment[f"{name.upper()}_GRPC_URL"] = f"{settings.host}:{settings.grpc + index}"
        environment[f"{name.upper()}_URL"] = (
            f"http://{settings.host}:{settings.graphql + index}/graphql"
        )
    return environment


def subgraph(settings: Settings, environment: Mapping[str, str], name: str) -> Service:
    """A subgraph's process."""
    index = SERVICES.index(name)
    ports = {
        "GRAPHQL_PORT": str(settings.graphql + index),
        "GRPC_PORT": str(settings.grpc + index),
    }
    return Service(
        name=name,
        command=(sys.executable, "-m", f"subgraphs.{name}"),
        environment={**environment, **ports},
        ready_url=f"http://{settings.host}:{settings.graphql + index}/health/ready",
    )


def router(settings: Settings, environment: Mapping[str, str], supergraph: Path) -> Service:
    """The router's process."""
    command = (
        *(sys.executable, "-m", "router", "serve"),
        *("--supergraph", str(supergraph)),
        *("--host", settings.host, "--port", str(settings.router)),
        *("--config", str(ROOT / "router" / "router.yaml")),
    )
    ready = f"http://{settings.host}:{settings.router}/health/ready"
    return Service("router", command, {**environment, "PORT": str(settings.router)}, ready)
