"""INTERFACE_FIELD_NO_IMPLEM: whoever implements an interface has all fields any subgraph gives it.

https://spec.graphql.org/draft/#IsValidImplementation()
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from router.compose.merge.draft import Draft
from router.compose.subgraph import Subgraph
from router.diagnostics import Diagnostic


def interface_field_no_implem(draft: Draft, _: Sequence[Subgraph]) -> Iterator[Diagnostic]:
    """A type that lacks a field which its interface has from another subgraph."""
    for type_ in draft.types.values():
        for name in type_.interfaces:
            interface = draft.types.get(name)
            for field in interface.fields.values() if interface else ():
                if field.name not in type_.fields:
                    declared = ", ".join(dict.fromkeys(graph.name for graph, _ in field.sources))
                    yield type_.problem(
                        "INTERFACE_FIELD_NO_IMPLEM",
                        f'Type "{type_.name}" implements "{name}", but has no field '
                        f'"{field.name}", which "{name}" has in {declared}.',
                        f'Add "{field.name}" to "{type_.name}", or remove it from "{name}".',
                    )
