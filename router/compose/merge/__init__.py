"""Several subgraphs -> one supergraph document, with every problem and hint found on the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graphql import parse

from router.compose.merge.custom import composed_directives
from router.compose.merge.executable import executable_directives
from router.compose.merge.field_uses import key_fields, used_fields
from router.compose.merge.fields import Uses
from router.compose.merge.machinery import features, head
from router.compose.merge.types import ROOT_TYPES, merged_type
from router.compose.merge.workspace import Workspace, open_workspace
from router.compose.subgraph import Subgraph
from router.diagnostics import Diagnostic
from router.supergraph.write_sdl import write_sdl

BUILT_IN = frozenset({"ID", "Int", "Float", "String", "Boolean"})


@dataclass(frozen=True, slots=True)
class Merged:
    """The supergraph SDL (None when there were errors), the errors and the hints."""

    sdl: str | None
    errors: tuple[Diagnostic, ...]
    hints: tuple[Diagnostic, ...]


def merge(subgraphs: Sequence[Subgraph]) -> Merged:
    """Merge subgraphs that are valid on their own."""
    space = open_workspace(subgraphs)
    uses = Uses(
        {subgraph.name: key_fields(subgraph) for subgraph in space.subgraphs},
        {subgraph.name: used_fields(subgraph) for subgraph in space.subgraphs},
    )
    links, custom = composed_directives(space)
    texts = [text for name in _names(space) if (text := merged_type(space, uses, name))]
    roots = {
        kind: name
        for kind, name in (
            ("query", "Query"),
            ("mutation", "Mutation"),
            ("subscription", "Subscription"),
        )
        if any(text.split(" ", 2)[1] == name for text in _heads(texts))
    }
    if "query" not in roots and not space.errors:
        space.error(
            "NO_QUERIES",
            "Query",
            "No queries found in any subgraph: a supergraph must have a query root type.",
            hint="Define a type Query in at least one subgraph.",
        )
    if space.errors:
        return Merged(None, tuple(space.errors), tuple(space.hints))
    feature_links, definitions = features(space)
    first = head(space, [*feature_links, *links], roots)
    parts = [first, *definitions, *custom, *executable_directives(space), *texts]
    sdl = write_sdl(parse("\n".join(parts), no_location=True))
    return Merged(sdl, (), tuple(space.hints))


def _heads(texts: Sequence[str]) -> list[str]:
    """The definition line of each type, its description aside."""
    return [_after(text) for text in texts]


def _after(text: str) -> str:
    if not text.startswith('"""'):
        return text
    return text[text.index('\n"""\n', 3) + 5 :]


def _names(space: Workspace) -> list[str]:
    names = {name for subgraph in space.subgraphs for name in subgraph.types}
    return sorted(name for name in names if name not in BUILT_IN or name in ROOT_TYPES)
