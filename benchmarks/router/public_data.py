"""The public benchmark's files, and the shop its expected answers tell of."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

DEFAULT_FOLDER = Path(__file__).parents[3] / "shared" / "benchmark"
OPERATIONS = ("large", "medium", "small")

Entity = dict[str, Any]


class DataMissingError(Exception):
    """The benchmark's files are not where they should be."""


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation and the `data` every gateway must answer."""

    name: str
    text: str
    data: Any


@dataclass(frozen=True, slots=True)
class Benchmark:
    """The supergraph (with one base address for all subgraphs) and its operations."""

    supergraph: str
    operations: dict[str, Operation]

    def supergraph_at(self, port: int) -> str:
        """The supergraph with the subgraphs at a port of this machine."""
        return self.supergraph.replace("127.0.0.1:4200", f"127.0.0.1:{port}")


def read_benchmark(folder: Path = DEFAULT_FOLDER) -> Benchmark:
    """Read the folder. Raises DataMissingError."""
    try:
        supergraph = (folder / "supergraph.graphql").read_text()
        operations = {
            name: Operation(
                name,
                (folder / f"{name}.graphql").read_text(),
                json.loads((folder / f"{name}.expected.json").read_text())["data"],
            )
            for name in OPERATIONS
        }
    except OSError as error:
        raise DataMissingError(
            f"{error.filename}: {error.strerror}. Say with --data where the public benchmark's "
            "supergraph.graphql, *.graphql and *.expected.json are."
        ) from error
    return Benchmark(supergraph, operations)


@dataclass(slots=True)
class Shop:
    """What the four subgraphs know: entities by id, in the order of the expected answers."""

    users: dict[str, Entity] = field(default_factory=dict)
    products: dict[str, Entity] = field(default_factory=dict)
    reviews: dict[str, Entity] = field(default_factory=dict)


def shop_of(benchmark: Benchmark) -> Shop:
    """Read every entity out of the expected answer of the large operation."""
    shop = Shop()
    data = benchmark.operations["large"].data
    for user in data["users"]:
        _learn(shop, user)
    for product in data["topProducts"]:
        _learn(shop, product)
    return shop


def _learn(shop: Shop, seen: Entity) -> str:
    """Remember an entity and everything below it; returns its key."""
    kind, key = ("products", "upc") if "upc" in seen else ("users", "id")
    if "body" in seen:
        kind = "reviews"
    known = getattr(shop, kind).setdefault(seen[key], {})
    for name, value in seen.items():
        if isinstance(value, dict):
            known[name] = _learn(shop, value)
        elif isinstance(value, list):
            known[name] = [_learn(shop, item) for item in value]
            if kind == "products":
                for review in known[name]:
                    shop.reviews[review]["product"] = seen[key]
        else:
            known[name] = value
    return str(seen[key])
