"""Whatever is wrong with a schema, composition composes it or tells: no traceback, no hang."""

from __future__ import annotations

import json
import os
import random
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from router.compose import Composition, Source, compose
from router.supergraph.api_schema import api_schema
from router.supergraph.read_sdl import read_sdl
from tests.properties.endless import FUZZ, IN_TIME
from tests.properties.sdl_mutations import mutated

ROOT = Path(__file__).parents[2]
CONTRACTS = ROOT / "tests" / "fixtures" / "contracts"
CORPUS = ROOT.parent / "shared" / "corpus" / "composition.jsonl"
FIRST = int(os.environ.get("FUZZ_FROM", "0"))
# Far more than any of them needs; one that goes on for so long goes on for ever.
SECONDS = 120
# Subgraphs that compose without the others, so that most cases are small ones.
TOGETHER = (
    ("account", "payment"),
    ("catalog", "inventory"),
    ("catalog",),
    ("account", "catalog", "inventory", "order", "payment"),
)


def seeds() -> list[dict[str, str]]:
    """What is mutated: the shop's contracts, and recorded cases where they are at hand."""
    contracts = {path.stem: path.read_text() for path in CONTRACTS.glob("*.graphql")}
    found = [{name: contracts[name] for name in names} for names in TOGETHER]
    if CORPUS.exists():
        cases = (json.loads(line)["subgraphs"] for line in CORPUS.read_text().splitlines())
        found += [{given["name"]: given["sdl"] for given in case} for case in cases if case]
    return found


SEEDS = seeds()


@contextmanager
def in_time() -> Iterator[None]:
    def ended(*_: object) -> None:
        raise TimeoutError(f"still composing after {SECONDS} seconds")

    before = signal.signal(signal.SIGALRM, ended)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def composed(texts: dict[str, str]) -> Composition:
    with in_time():
        return compose([Source(name, f"http://{name}", sdl) for name, sdl in texts.items()])


def check(number: int) -> None:
    dice = random.Random(number)  # noqa: S311 - no secret
    texts = mutated(dice, dice.choice(SEEDS))
    try:
        found = composed(texts)
        if found.supergraph_sdl is not None:
            api_schema(read_sdl(found.supergraph_sdl))
    except Exception as error:
        shown = "\n".join(f"# {name}\n{sdl}" for name, sdl in texts.items())
        raise AssertionError(f"case {number}: {error!r}\n{shown}") from error
    assert bool(found.errors) == (found.supergraph_sdl is None), number
    assert all(error.hint for error in found.errors), number


@IN_TIME
def test_a_mutated_schema_is_composed_or_told_what_is_wrong_with_it() -> None:
    for number in count(FIRST) if FUZZ else range(300):
        check(number)
