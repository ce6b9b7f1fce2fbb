"""Answers gone wrong: what a broken subgraph could say instead of what it should."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import orjson

from router.execute.transport import SubgraphAnswer, failed

WRONG_VALUES: tuple[Any, ...] = (None, None, None, 7, "x", True, [], {}, [None], 2**40, "Nobody")


def spoiled(body: bytes, seed: str) -> SubgraphAnswer:
    """The answer, changed in a way that depends on the seed alone."""
    dice = random.Random(seed)  # noqa: S311 - no secret
    kind = dice.choice(("fine", "value", "value", "value", "missing", "errors", "whole"))
    match kind:
        case "fine":
            return SubgraphAnswer(200, body)
        case "whole":
            return dice.choice(
                (
                    failed("closed", "The connection ended."),
                    SubgraphAnswer(500, b"oops"),
                    SubgraphAnswer(200, b"{"),
                    SubgraphAnswer(200, b"null"),
                    SubgraphAnswer(503, body),
                )
            )
    answer = orjson.loads(body)
    places = list(_places(answer["data"]))
    if kind == "errors":
        path = dice.choice([None, ["x"], *(path for path, _, _ in places[:5])])
        answer["errors"] = [{"message": "No.", **({"path": path} if path else {})}]
    if places:
        _, within, key = dice.choice(places)
        if kind == "missing" and isinstance(within, dict):
            del within[key]
        else:
            within[key] = dice.choice(WRONG_VALUES)
    return SubgraphAnswer(200, orjson.dumps(answer))


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[list[Any], Any, Any]]:
    items = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, inner in items:
        yield [*path, key], value, key
        yield from _places(inner, (*path, key))
