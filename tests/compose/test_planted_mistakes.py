"""Each mistake in the shop's contracts is told by its code, at the place it was made."""

from pathlib import Path

import pytest

from router.compose import compose
from tests.compose.mistakes import MISTAKES
from tests.compose.planting import Mistake, contracts, planted, sources

ROOT = Path(__file__).parents[2]
SERVED = {path.parent.name: path.read_text() for path in ROOT.glob("subgraphs/*/schema.graphql")}


@pytest.mark.parametrize("texts", [contracts(), SERVED], ids=["whole shop", "served today"])
def test_the_contracts_of_the_shop_compose(texts: dict[str, str]) -> None:
    assert len(texts) == 5
    assert compose(sources(texts)).errors == ()


@pytest.mark.parametrize("found", MISTAKES, ids=[f"{m.code}: {m.told}" for m in MISTAKES])
def test_a_planted_mistake_is_told_where_it_is_and_with_what_to_do(found: Mistake) -> None:
    subgraphs, places = planted(found)
    errors = compose(subgraphs).errors
    assert {error.code for error in errors} == {found.code}
    assert places <= {(at.file, at.line, at.column) for error in errors for at in error.locations}
    for error in errors:
        assert error.hint
        assert error.subgraphs
        # A text that cannot be read and a name that cannot be given have no coordinate.
        assert error.coordinate or error.code in {"INVALID_GRAPHQL", "INVALID_SUBGRAPH_NAME"}
