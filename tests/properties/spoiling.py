"""Answers gone wrong: what a broken subgraph could say instead of what it should."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import orjson

from router.execute.json_values import encode
from router.execute.transport import SubgraphAnswer, failed

WRONG_VALUES: tuple[Any, ...] = (None, None, None, 7, "x", True, [], {}, [None], 2**40, "Nobody")
WHOLE: tuple[SubgraphAnswer, ...] = (
    failed("closed", "The connection ended."),
    SubgraphAnswer(500, b"oops"),
    SubgraphAnswer(200, b"{"),
    SubgraphAnswer(200, b"null"),
    SubgraphAnswer(200, b"\xef\xbb\xbf{}"),
    SubgraphAnswer(200, b'{"data":{}} '),
    SubgraphAnswer(200, b'{"data":null}'),
    SubgraphAnswer(200, b'{"data":null,"errors":[null]}'),
)
# What no JSON library writes by itself. (Bad UTF-8 and numbers out of range are left out: the
# compiled tier does not see them where nobody asked.)
STRANGE_TEXTS: tuple[bytes, ...] = (
    b"NaN",
    b"-0",
    b"1.0",
    b"1e2",
    b"123456789012345678901234567890",
    b'"\\ud800"',
    b'"\\u0041"',
    b'"a\tb"',
    b"tru",
    b"[" * 2000 + b"]" * 2000,
    b'{"id":"1","id":"2"}',
)
ERRORS: tuple[Any, ...] = (
    None,
    [],
    {},
    "no",
    [None],
    ["x"],
    [{"message": 3, "path": [True]}],
    [{"message": "No.", "path": "x", "extensions": []}],
    [{"message": "No.", "path": ["_entities", 10**6, "x"]}],
    [{"message": "No.", "path": ["_entities", -1]}],
    [{"message": "No.", "path": ["_entities", "0"]}],
    [{"message": "No.", "path": [2**70]}],
)
Dice = random.Random
Change = Callable[[Dice, Any, Sequence[str]], SubgraphAnswer]


def spoiled(
    body: bytes,
    seed: str,
    type_names: Sequence[str] = (),
    changes: Sequence[Change | None] | None = None,
) -> SubgraphAnswer:
    """The answer, changed in a way that depends on the seed alone."""
    dice = random.Random(seed)  # noqa: S311 - no secret
    change = dice.choice(CHANGES if changes is None else changes)
    if change is None:
        return SubgraphAnswer(200, body)
    return change(dice, orjson.loads(body), type_names)


def whole(dice: Dice, answer: Any, _names: Sequence[str]) -> SubgraphAnswer:
    """No answer at all, or the right one with a status that says the contrary."""
    return dice.choice((*WHOLE, SubgraphAnswer(503, encode(answer))))


def value(dice: Dice, answer: Any, _names: Sequence[str]) -> SubgraphAnswer:
    """Something else at some place."""
    return _changed(answer, dice, dice.choice(WRONG_VALUES))


def text(dice: Dice, answer: Any, _names: Sequence[str]) -> SubgraphAnswer:
    """The same with something that is written strangely."""
    mark = "\u2020\u2020"
    spoiled_body = _changed(answer, dice, mark).body
    return SubgraphAnswer(
        200, spoiled_body.replace(f'"{mark}"'.encode(), dice.choice(STRANGE_TEXTS))
    )


def missing(dice: Dice, answer: Any, _names: Sequence[str]) -> SubgraphAnswer:
    """A field is left out, or an item of a list."""
    places = list(_places(answer["data"]))
    if places:
        _, within, key = dice.choice(places)
        del within[key]
    return SubgraphAnswer(200, encode(answer))


def incomplete(dice: Dice, answer: Any, _names: Sequence[str]) -> SubgraphAnswer:
    """A field of an object is left out."""
    objects = [within for _, within, _ in _places(answer["data"]) if isinstance(within, dict)]
    if objects:
        found = dice.choice(objects)
        del found[dice.choice(list(found))]
    return SubgraphAnswer(200, encode(answer))


def surplus(dice: Dice, answer: Any, _names: Sequence[str]) -> SubgraphAnswer:
    """A field that nobody asked for, an item once more, or a key twice."""
    found = [within for _, within, _ in _places(answer["data"])]
    if found:
        within = dice.choice(found)
        if isinstance(within, list):
            within.insert(0, dice.choice(within))
        else:
            within[dice.choice(("unasked", "id", "name"))] = dice.choice(WRONG_VALUES)
    body = encode(answer)
    doubled = dice.choice((b'{"data":null,', b'{"data":{},', b'{"errors":[],', b"{"))
    return SubgraphAnswer(200, body.replace(b"{", doubled, 1))


def typename(dice: Dice, answer: Any, names: Sequence[str]) -> SubgraphAnswer:
    """An object calls itself something else, mostly one that was asked what it is."""
    objects = [within for _, within, _ in _places(answer["data"]) if isinstance(within, dict)]
    asked = [item for item in objects if "__typename" in item]
    objects = dice.choice((objects, asked, asked)) or objects
    if objects:
        dice.choice(objects)["__typename"] = dice.choice((*names, "Nobody", None, 7))
    return SubgraphAnswer(200, encode(answer))


def errors(dice: Dice, answer: Any, _names: Sequence[str]) -> SubgraphAnswer:
    """Errors, of a right or a wrong shape, beside data that is spoiled or not."""
    places = list(_places(answer["data"]))
    path = dice.choice([None, ["x"], *(path for path, _, _ in places[:5])])
    proper = [{"message": "No.", **({"path": path} if path else {})}]
    answer["errors"] = dice.choice((proper, dice.choice(ERRORS)))
    return dice.choice((value, missing))(dice, answer, ())


CHANGES: tuple[Change | None, ...] = (
    None,
    whole,
    value,
    value,
    value,
    text,
    missing,
    missing,
    surplus,
    typename,
    typename,
    errors,
)


# Nothing is said that is not true.
SILENCES: tuple[Change | None, ...] = (None, None, incomplete, incomplete, whole)


def _changed(answer: Any, dice: Dice, new: Any) -> SubgraphAnswer:
    places = list(_places(answer["data"]))
    if places:
        _, within, key = dice.choice(places)
        within[key] = new
    return SubgraphAnswer(200, encode(answer))


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
