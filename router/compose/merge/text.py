"""Pieces of SDL text."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from router.compose.merge.workspace import Workspace


def quoted(text: str) -> str:
    """A string value."""
    return json.dumps(text, ensure_ascii=False)


def merged_description(
    space: Workspace, coordinate: str, descriptions: Sequence[str | None]
) -> str:
    """The description most subgraphs give, the first of equals, with a hint where they differ."""
    given = [text for text in descriptions if text]
    if not given:
        return ""
    counts = Counter(given)
    best = max(given, key=lambda text: counts[text])
    if len(counts) > 1:
        space.hint(
            "INCONSISTENT_DESCRIPTION",
            coordinate,
            f"{coordinate} is described differently across subgraphs; the supergraph has the "
            "description that most of them give.",
        )
    return described(best)


def described(text: str) -> str:
    """A description before what it describes."""
    escaped = text.replace('"""', '\\"""')
    return f'"""\n{escaped}\n"""\n'
