"""Each recorded case of the reference composes to the same supergraph, or fails with its codes."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from graphql import parse

from router.compose import Composition, Source, compose
from router.supergraph.read_sdl import read_sdl
from router.supergraph.write_sdl import write_sdl
from tests.compose.normal_form import differing

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
CONNECTORS = "specs.apollo.dev/connect/"
# Found by the step after merging, which the cases recorded of merging alone leave out.
AFTER_MERGING = "INCONSISTENT_RUNTIME_TYPES_FOR_SHAREABLE_RETURN"
# What a subgraph alone may be short of without being wrong.
ONLY_TOGETHER = {"NO_QUERIES", "SATISFIABILITY_ERROR"}


def cases(name: str) -> list[dict[str, Any]]:
    path = CORPUS / name
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def each(found: list[dict[str, Any]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", found, ids=[case["case"] for case in found])


COMPOSITIONS = cases("composition.jsonl")
CONNECTING = [
    case for case in COMPOSITIONS if any(CONNECTORS in s["sdl"] for s in case["subgraphs"])
]
OTHERS = [case for case in COMPOSITIONS if case not in CONNECTING]
COMPOSING = [case for case in OTHERS if "errors" not in case]
FAILING = [case for case in OTHERS if "errors" in case]
ALONE = cases("subgraph-validation.jsonl")
HINTING = cases("merge-hints.jsonl")

if not COMPOSITIONS:
    pytest.skip("the reference cases are not beside this checkout", allow_module_level=True)


def composed(subgraphs: Iterable[dict[str, Any]]) -> Composition:
    return compose(
        [
            Source(given["name"], given.get("url") or f"http://{given['name']}", given["sdl"])
            for given in subgraphs
        ]
    )


def codes(found: Iterable[Any]) -> set[str]:
    return {item["code"] if isinstance(item, dict) else item.code for item in found}


@each(COMPOSING)
def test_what_the_reference_composes_becomes_the_same_supergraph_with_the_same_hints(
    case: dict[str, Any],
) -> None:
    found = composed(case["subgraphs"])
    assert found.supergraph_sdl is not None, found.errors
    assert differing(case["supergraph"], found.supergraph_sdl) == []
    assert codes(found.hints) == codes(case["hints"])


@each(COMPOSING)
def test_a_supergraph_of_the_reference_stays_the_same_when_read_and_written(
    case: dict[str, Any],
) -> None:
    written = write_sdl(read_sdl(case["supergraph"]).document)
    assert differing(case["supergraph"], written) == []
    assert write_sdl(parse(written)) == written


@each(FAILING)
def test_what_the_reference_refuses_is_refused_with_the_same_codes(case: dict[str, Any]) -> None:
    found = composed(case["subgraphs"])
    assert found.supergraph_sdl is None
    assert codes(found.errors) == codes(case["errors"])


@each(CONNECTING)
def test_connectors_are_refused(case: dict[str, Any]) -> None:
    assert "UNSUPPORTED_LINKED_FEATURE" in codes(composed(case["subgraphs"]).errors)


@each(ALONE)
def test_a_subgraph_alone_has_the_problems_that_the_reference_finds(case: dict[str, Any]) -> None:
    wanted = {code for code, _ in case["errors"]}
    found = codes(composed([case]).errors)
    assert (found if wanted else found - ONLY_TOGETHER) == wanted


@each(HINTING)
def test_merging_gives_the_hints_of_the_reference(case: dict[str, Any]) -> None:
    found = composed(case["subgraphs"])
    assert found.supergraph_sdl is not None, found.errors
    assert codes(found.hints) - {AFTER_MERGING} == codes(case["hints"])
