"""Where in the subgraphs' own SDL stands what was found in the supergraph."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from router.compose.subgraph import Subgraph
from router.diagnostics import Diagnostic, Location


def placed(found: Diagnostic, subgraphs: Sequence[Subgraph]) -> Diagnostic:
    """The diagnostic with a place in each of its subgraphs: the field, or the type without it."""
    locations = (place for item in subgraphs for place in _places(found, item))
    return replace(found, locations=tuple(locations))


def _places(found: Diagnostic, subgraph: Subgraph) -> Iterator[Location]:
    type_name, _, field_name = found.coordinate.partition(".")
    type_ = subgraph.types.get(type_name)
    if type_ is not None and subgraph.name in found.subgraphs:
        yield from subgraph.place(type_.fields.get(field_name, type_).node)
