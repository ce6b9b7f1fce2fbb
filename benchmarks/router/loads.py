"""What is asked: the three operations, and a thousand that no cache has seen together."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Any

from benchmarks.router.public_data import Benchmark, Operation

DISTINCT = 1000
ALIASES = "abcdefghij"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request body and the `data` that answers it."""

    body: dict[str, Any]
    data: Any


@dataclass(frozen=True, slots=True)
class Work:
    """Requests sent in turn."""

    name: str
    requests: tuple[Asked, ...]


def works(benchmark: Benchmark) -> list[Work]:
    """Every load by name."""
    single = [Work(name, (_asked(item),)) for name, item in benchmark.operations.items()]
    return [*single, distinct(benchmark)]


def _asked(operation: Operation) -> Asked:
    return Asked({"query": operation.text}, operation.data)


def distinct(benchmark: Benchmark) -> Work:
    """A thousand operations of middle size: other fields, aliases and depths, the same shop."""
    medium = benchmark.operations["medium"].data["topProducts"]
    asked: list[Asked] = []
    fields = ("upc", "name", "price", "inStock")
    chosen = [item for size in range(1, 5) for item in combinations(fields, size)]
    for number in range(DISTINCT):
        own = chosen[number % len(chosen)]
        alias = f"{ALIASES[number // 15 % 10]}{number}"
        first = number % 3 + 1
        is_deep = number % 2 == 0
        deep = " reviews { id author { username } }" if is_deep else ""
        field = f"{alias}: topProducts(first: {first})"
        text = f"query Distinct{number} {{ {field} {{ {' '.join(own)}{deep} }} }}"
        data = {alias: [_product(item, own, is_deep=is_deep) for item in medium[:first]]}
        asked.append(Asked({"query": text}, data))
    return Work("distinct", tuple(asked))


def _product(known: dict[str, Any], fields: tuple[str, ...], *, is_deep: bool) -> dict[str, Any]:
    product = {name: known[name] for name in fields}
    if is_deep:
        product["reviews"] = [
            {"id": review["id"], "author": review["author"]} for review in known["reviews"]
        ]
    return product
