"""Mistakes planted in the contracts: what is changed where, and which place must be told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from router.compose import Source

CONTRACTS = Path(__file__).parents[1] / "fixtures" / "contracts"
# Stands in the new text of an edit before what the diagnostic must point at.
CARET = "▲"


@dataclass(frozen=True)
class Edit:
    """In a subgraph's contract `old`, which is there once, becomes `new`.

    An empty `old` puts `new` at the end; in a subgraph without a contract that is all it has.
    """

    subgraph: str
    old: str
    new: str


@dataclass(frozen=True)
class Mistake:
    """An error code, the mistake in words, and the edits that make it."""

    code: str
    told: str
    edits: tuple[Edit, ...]


def mistake(code: str, told: str, *edits: tuple[str, str, str]) -> Mistake:
    """One row of the table; an edit is (subgraph, old, new)."""
    return Mistake(code, told, tuple(Edit(*edit) for edit in edits))


def contracts() -> dict[str, str]:
    """Subgraph name -> SDL of the whole shop."""
    return {path.stem: path.read_text() for path in sorted(CONTRACTS.glob("*.graphql"))}


def planted(found: Mistake) -> tuple[list[Source], set[tuple[str, int, int]]]:
    """The contracts with the mistake, and the places (file, line, column) it must be told at."""
    texts = contracts()
    for edit in found.edits:
        text = texts.get(edit.subgraph, "")
        if edit.old:
            assert text.count(edit.old) == 1, f"{edit.old!r} is not once in {edit.subgraph}"
            texts[edit.subgraph] = text.replace(edit.old, edit.new)
        else:
            texts[edit.subgraph] = f"{text}{edit.new}\n"
    return sources(texts), {
        (f"{name}.graphql", line, column)
        for name, text in texts.items()
        for line, column in _carets(text)
    }


def sources(texts: Mapping[str, str]) -> list[Source]:
    """Subgraphs as composition takes them, carets removed."""
    return [
        Source(name, f"http://{name}/graphql", text.replace(CARET, ""), f"{name}.graphql")
        for name, text in texts.items()
    ]


def _carets(text: str) -> list[tuple[int, int]]:
    return [
        (number, len(line[:at].replace(CARET, "")) + 1)
        for number, line in enumerate(text.splitlines(), 1)
        for at in range(len(line))
        if line[at] == CARET
    ]
