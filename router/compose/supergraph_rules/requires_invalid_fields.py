"""REQUIRES_INVALID_FIELDS: a @requires gives each field the arguments that it has everywhere.

https://www.apollographql.com/docs/graphos/reference/federation/directives#requires
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from router.compose.merge.draft import Draft, DraftField, DraftType
from router.compose.merge.selection import selected
from router.compose.subgraph import Subgraph
from router.diagnostics import Diagnostic


def requires_invalid_fields(draft: Draft, _: Sequence[Subgraph]) -> Iterator[Diagnostic]:
    """Arguments that @requires leaves out or gives, which other subgraphs require or lack."""
    for type_ in draft.types.values():
        for field in type_.fields.values():
            for subgraph, text in field.requires.items():
                yield from _arguments(draft, type_, field, subgraph, text)


def _arguments(
    draft: Draft, type_: DraftType, field: DraftField, subgraph: str, text: str
) -> Iterator[Diagnostic]:
    for found in selected(draft, type_.name, text):
        given = {argument.name.value for argument in found.node.arguments or ()}
        for argument in found.field.arguments.values():
            if argument.is_required and argument.name not in given:
                yield field.problem(
                    "REQUIRES_INVALID_FIELDS",
                    f'[{subgraph}] @requires(fields: "{text}") on "{field.coordinate}" gives no '
                    f'value for "{argument.coordinate}", which another subgraph requires.',
                    f'Write "{found.field.name}({argument.name}: ...)".',
                    only=subgraph,
                )
        for name in sorted(given - found.field.arguments.keys()):
            yield field.problem(
                "REQUIRES_INVALID_FIELDS",
                f'[{subgraph}] @requires(fields: "{text}") on "{field.coordinate}" gives a value '
                f'for "{found.field.coordinate}({name}:)", which another subgraph does not define.',
                "Add the argument wherever the field is resolved, or leave it out here.",
                only=subgraph,
            )
