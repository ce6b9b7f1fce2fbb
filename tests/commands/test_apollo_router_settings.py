"""router/apollo-router.yaml: an Apollo Router without a licence starts with it.

https://www.apollographql.com/docs/graphos/routing/license
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

ROUTER = Path(__file__).parents[2] / "router"
# Each stops an unlicensed router by being there, whatever its value.
LICENSED = (
    "apq.router.cache.redis",
    "authentication.router",
    "authorization.directives",
    "batching",
    "coprocessor",
    "demand_control",
    "limits.max_aliases",
    "limits.max_depth",
    "limits.max_height",
    "limits.max_root_fields",
    "limits.router",
    "persisted_queries",
    "preview_entity_cache",
    "response_cache",
    "subscription",
    "supergraph.query_planning.cache.redis",
)


def settings(name: str) -> Any:
    return yaml.safe_load((ROUTER / name).read_text())


@pytest.mark.parametrize("path", LICENSED)
def test_it_has_no_key_that_needs_a_licence(path: str) -> None:
    value = settings("apollo-router.yaml")
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    assert value is None


def test_it_passes_on_and_waits_as_long_as_the_router_it_stands_in_for() -> None:
    ours, theirs = settings("router.yaml"), settings("apollo-router.yaml")
    assert theirs["headers"] == ours["headers"]
    assert theirs["supergraph"] == ours["supergraph"]
    for scope in ("router", "all"):
        timeout = ours["traffic_shaping"][scope]["timeout"]
        assert theirs["traffic_shaping"][scope]["timeout"] == timeout
