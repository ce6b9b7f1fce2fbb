"""Where the local platform keeps its data and which ports it takes, from the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from local.ports import LOOPBACK

ROOT = Path(__file__).parents[1]
SERVICES = ("account", "catalog", "inventory", "order", "payment")
SIZES = ("100", "10k", "200k")


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
    def endpoint(self) -> str:
        """Where clients send operations."""
        name = "localhost" if self.host == LOOPBACK else self.host
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
    return Settings(
        data=Path(environment.get("PLATFORM_DATA", str(ROOT / ".data"))).resolve(),
        host=environment.get("HOST", LOOPBACK),
        router=_port(environment, "ROUTER_PORT", 8080),
        graphql=_port(environment, "GRAPHQL_PORTS", 4001),
        grpc=_port(environment, "GRPC_PORTS", 5001),
        postgres=_port(environment, "POSTGRES_PORT", 15432),
        redis=_port(environment, "REDIS_PORT", 16379),
        seed=seed,
    )


def _port(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name, str(default))
    if not text.isdigit() or not 0 < int(text) < 65530:
        raise SettingsError(f'{name} is "{text}"; a port number is needed, as {default}.')
    return int(text)
