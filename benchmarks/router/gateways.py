"""The gateways of a run: how each is started over the same supergraph, sharing nothing in flight.

Peers are found by environment: `NODE_PEERS` is a node_modules folder with @apollo/gateway,
@apollo/server and @graphql-hive/gateway; `APOLLO_ROUTER` and `HIVE_ROUTER` are binaries.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

JSON = dict[str, Any]
ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Start:
    """A command line, where it runs, what it finds in its environment, where GraphQL is."""

    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    path: str = "/graphql"


# (supergraph file, port, an empty folder for its files) -> how to start it
Starter = Callable[[Path, int, Path], Start]


@dataclass(frozen=True, slots=True)
class Gateway:
    """One row of the table."""

    name: str
    start: Starter


def gateways() -> Iterator[Gateway]:
    """Ours, and every peer that is installed here."""
    shared = {"traffic_shaping": {"all": {"deduplicate_query": True}}}
    yield Gateway("ours", ours({}))
    yield Gateway("ours, interpreter only", ours({"execution": {"compiled": "off"}}))
    yield Gateway("ours, sharing", ours(shared))
    limited = {"execution": {"adaptive_limit": {"enabled": True}}}
    yield Gateway("ours, adaptive limit", ours(limited))
    if binary := os.environ.get("HIVE_ROUTER"):
        yield Gateway("hive-router", hive_router(binary, is_sharing=False))
        yield Gateway("hive-router, sharing", hive_router(binary, is_sharing=True))
    if binary := os.environ.get("APOLLO_ROUTER"):
        yield Gateway("apollo-router", apollo_router(binary))
    if folder := os.environ.get("NODE_PEERS"):
        yield Gateway("apollo-gateway", apollo_gateway(Path(folder)))
        yield Gateway("hive-gateway", hive_gateway(Path(folder), ("--jit",)))
        runtime = ("--hive-router-runtime",)  # with --jit beside it, every field is null
        yield Gateway("hive-gateway router-runtime", hive_gateway(Path(folder), runtime))


def ours(settings: JSON) -> Starter:
    """This router with its default settings but for these (of router.yaml)."""

    def start(supergraph: Path, port: int, folder: Path) -> Start:
        command = (sys.executable, "-m", "router", "serve", "--supergraph", str(supergraph))
        if not settings:
            return Start((*command, "--port", str(port)))
        config = folder / "router.yaml"
        config.write_text(json.dumps(settings))
        return Start((*command, "--port", str(port), "--config", str(config)))

    return start


def hive_router(binary: str, *, is_sharing: bool) -> Starter:
    """Hive Router (Rust)."""

    def start(supergraph: Path, port: int, folder: Path) -> Start:
        config = folder / "router.config.json"
        shaping = {
            "router": {"dedupe": {"enabled": is_sharing}},
            "all": {"dedupe_enabled": is_sharing},
        }
        config.write_text(
            json.dumps(
                {
                    "supergraph": {"source": "file", "path": str(supergraph)},
                    "http": {"host": "127.0.0.1", "port": port},
                    "log": {"level": "error"},
                    "traffic_shaping": shaping,
                }
            )
        )
        return Start((binary, str(config)), {"ROUTER_CONFIG_FILE_PATH": str(config)})

    return start


def apollo_router(binary: str) -> Starter:
    """Apollo Router (Rust), unlicensed."""

    def start(supergraph: Path, port: int, folder: Path) -> Start:
        config = folder / "apollo-router.yaml"
        config.write_text(
            json.dumps(
                {
                    "supergraph": {"listen": f"127.0.0.1:{port}", "path": "/graphql"},
                    "health_check": {"enabled": False},
                    "telemetry": {"exporters": {"logging": {"stdout": {"enabled": False}}}},
                }
            )
        )
        options = ("--supergraph", str(supergraph), "--config", str(config))
        return Start((binary, *options), {"APOLLO_TELEMETRY_DISABLED": "true"})

    return start


def apollo_gateway(modules: Path) -> Starter:
    """@apollo/gateway in @apollo/server (Node)."""

    def start(supergraph: Path, port: int, folder: Path) -> Start:  # noqa: ARG001 - one shape for all
        script = str(HERE / "apollo_gateway.cjs")
        environment = {"NODE_PATH": str(modules), "NODE_ENV": "production"}
        return Start(("node", script, str(supergraph), str(port)), environment, "/")

    return start


def hive_gateway(modules: Path, options: tuple[str, ...]) -> Starter:
    """@graphql-hive/gateway (Node), with its own or the Rust planner."""

    def start(supergraph: Path, port: int, folder: Path) -> Start:  # noqa: ARG001 - one shape for all
        binary = str(modules / ".bin" / "hive-gateway")
        command = ("node", binary, "supergraph", str(supergraph), "--port", str(port))
        return Start((*command, *options), {"NODE_ENV": "production", "LOG_LEVEL": "error"})

    return start
