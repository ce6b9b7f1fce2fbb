"""Where the local platform keeps its data and which ports it takes, from the environment."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from local.ports import LOOPBACK, can_listen

ROOT = Path(__file__).parents[1]
SERVICES = ("account", "catalog", "inventory", "order", "payment")
SIZES = ("100", "10k", "200k")
ANYWHERE = "0.0.0.0"  # noqa: S104 - compared with, not listened on


class SettingsError(Exception):
    """A variable has a value that cannot be used; the message names it and says why."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Ports are TCP ports on `host`; `graphql` and `grpc` are the first of five each."""

    data: Path
    host: str
    router: int
    graphql: int
    grpc: int
    postgres: int
    redis: int
    seed: str

    @property
    def logs(self) -> Path:
        """One log a process."""
        return self.data / "logs"

    @property
    def address(self) -> str:
        """Where processes of this machine reach what listens on `host`."""
        return LOOPBACK if self.host == ANYWHERE else self.host

    @property
    def endpoint(self) -> str:
        """Where clients send operations."""
        name = "localhost" if self.address == LOOPBACK else self.address
        return f"http://{name}:{self.router}/graphql"

    def ports(self) -> dict[str, tuple[int, str]]:
        """What each port is for -> (port, the variable that moves it)."""
        listed = {"the router": (self.router, "ROUTER_PORT")}
        for index, name in enumerate(SERVICES):
            listed[f"{name} (GraphQL)"] = (self.graphql + index, "GRAPHQL_PORTS")
            listed[f"{name} (gRPC)"] = (self.grpc + index, "GRPC_PORTS")
        return listed


def read(environment: Mapping[str, str] = os.environ) -> Settings:
    """Settings as the environment has them. Raises SettingsError."""
    seed = environment.get("SEED_SIZE", "10k")
    if seed not in SIZES:
        raise SettingsError(f'SEED_SIZE is "{seed}"; it can be {", ".join(SIZES)}.')
    settings = Settings(
        data=Path(environment.get("PLATFORM_DATA", str(ROOT / ".data"))).resolve(),
        host=_host(environment),
        router=_port(environment, "ROUTER_PORT", 8080),
        graphql=_port(environment, "GRAPHQL_PORTS", 4001),
        grpc=_port(environment, "GRPC_PORTS", 5001),
        postgres=_port(environment, "POSTGRES_PORT", 15432),
        redis=_port(environment, "REDIS_PORT", 16379),
        seed=seed,
    )
    _refuse_shared_ports(settings)
    return settings


def _host(environment: Mapping[str, str]) -> str:
    text = environment.get("PLATFORM_HOST", LOOPBACK)
    try:
        known = can_listen(str(ipaddress.IPv4Address(text)))
    except ValueError:
        known = False
    if not known:
        raise SettingsError(
            f'PLATFORM_HOST is "{text}"; an IPv4 address of this machine is needed, as '
            f"{LOOPBACK}, or {ANYWHERE} for all of them."
        )
    return text


def _port(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name, str(default))
    if not text.isdigit() or not 0 < int(text) < 65530:
        raise SettingsError(f'{name} is "{text}"; a port number is needed, as {default}.')
    return int(text)


def _refuse_shared_ports(settings: Settings) -> None:
    seen: dict[int, str] = {}
    for use, (port, variable) in settings.ports().items():
        if port in seen:
            raise SettingsError(
                f"Port {port} is for both {seen[port]} and {use}; set {variable} to another port."
            )
        seen[port] = use
