"""What runs: five subgraphs and the router, each with its command, environment and health page."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from local.children import AwayFromRoot
from local.settings import ROOT, SERVICES, Settings

# Orders that name no payment method use this token of the sandbox provider; production sets none.
SANDBOX_PAYMENT_TOKEN = "tok_sandbox_ok"  # noqa: S105 - a public test token
# Nothing of the caller's shell but these reaches a service: what it needs is named below.
INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "VIRTUAL_ENV")


class Layer(IntEnum):
    """What stands on what: a layer is stopped before those below it."""

    SERVER = 0
    SUBGRAPH = 1
    ROUTER = 2


@dataclass(frozen=True, slots=True)
class Service:
    """One process; ready when `ready_url` answers 200 (http) or can be connected to (tcp)."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] | None
    ready_url: str
    layer: Layer = Layer.SUBGRAPH
    ends_with: signal.Signals = signal.SIGTERM
    away_from_root: AwayFromRoot | None = None


def base_environment(
    settings: Settings, servers: Mapping[str, str], token_secret: str
) -> dict[str, str]:
    """What every process of the platform is told."""
    environment = {name: os.environ[name] for name in INHERITED if name in os.environ}
    environment |= servers
    environment |= {
        "HOST": settings.host,
        "JWKS_URL": f"http://{settings.address}:{settings.graphql}/.well-known/jwks.json",
        "SERVICE_TOKEN_SECRET": token_secret,
        "LOG_FORMAT": os.environ.get("LOG_FORMAT", "json"),
        "SANDBOX_PAYMENT_TOKEN": SANDBOX_PAYMENT_TOKEN,
        "PYTHONUNBUFFERED": "1",
    }
    for index, name in enumerate(SERVICES):
        grpc = f"{settings.address}:{settings.grpc + index}"
        graphql = f"http://{settings.address}:{settings.graphql + index}/graphql"
        environment[f"{name.upper()}_GRPC_URL"] = grpc
        environment[f"{name.upper()}_URL"] = graphql
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
        ready_url=f"http://{settings.address}:{settings.graphql + index}/health/ready",
    )


def router(settings: Settings, environment: Mapping[str, str], supergraph: Path) -> Service:
    """The router's process."""
    command = (
        *(sys.executable, "-m", "router", "serve"),
        *("--supergraph", str(supergraph)),
        *("--host", settings.host, "--port", str(settings.router)),
        *("--config", str(ROOT / "router" / "router.yaml")),
    )
    ready = f"http://{settings.address}:{settings.router}/health/ready"
    ports = {"PORT": str(settings.router)}
    return Service("router", command, {**environment, **ports}, ready, Layer.ROUTER)
