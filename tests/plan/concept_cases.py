"""Cases by federation concept: `concepts/*.txt` hold subgraphs, operations and expected plans.

A file is a sentence, then sections: `=== subgraph NAME`, `=== operation: SENTENCE [LABELS]` and
after each operation `=== plan`.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from pathlib import Path

from router.compose import Source, compose

FOLDER = Path(__file__).parent / "concepts"
NAMES = tuple(sorted(path.stem for path in FOLDER.glob("*.txt")))
LINK = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", '
    '"@shareable", "@external", "@requires", "@provides", "@override", "@interfaceObject", '
    '"@inaccessible", "@context", "@fromContext"])\n'
)


@dataclass(frozen=True)
class Case:
    """One operation and the plan it must have."""

    concept: str
    title: str
    labels: frozenset[str]
    operation: str
    plan: str


def sections(concept: str) -> list[tuple[str, str]]:
    """(heading, text) of a file."""
    text = (FOLDER / f"{concept}.txt").read_text()
    parts = re.split(r"^=== (.*)\n", text, flags=re.MULTILINE)[1:]
    return [(heading, body.strip()) for heading, body in zip(parts[::2], parts[1::2], strict=True)]


@functools.cache
def supergraph(concept: str) -> str:
    """The supergraph SDL that our composer makes of the file's subgraphs."""
    sources = [
        Source(name := heading.removeprefix("subgraph "), f"http://{name}", LINK + body)
        for heading, body in sections(concept)
        if heading.startswith("subgraph ")
    ]
    composition = compose(sources)
    assert composition.supergraph_sdl is not None, composition.errors
    return composition.supergraph_sdl


def cases(concept: str) -> list[Case]:
    """The operations of a file."""
    found: list[Case] = []
    for heading, body in sections(concept):
        if heading.startswith("operation: "):
            title, _, labels = heading.removeprefix("operation: ").rstrip("]").partition(" [")
            named = frozenset(labels.split(", ")) if labels else frozenset()
            found.append(Case(concept, title, named, body, ""))
        elif heading == "plan":
            last = found.pop()
            found.append(Case(concept, last.title, last.labels, last.operation, body))
    return found
