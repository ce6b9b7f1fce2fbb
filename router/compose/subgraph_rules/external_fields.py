"""EXTERNAL_UNUSED, EXTERNAL_ON_INTERFACE, EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE.

https://www.apollographql.com/docs/graphos/reference/federation/directives#external
"""

from __future__ import annotations

from collections.abc import Iterator

from router.compose.externals import externals_of
from router.compose.subgraph import Subgraph
from router.diagnostics import Diagnostic
from router.supergraph.model import Kind


def external_fields(subgraph: Subgraph) -> Iterator[Diagnostic]:
    """A field is @external for a use of it, and then nothing else."""
    externals = externals_of(subgraph)
    for type_ in subgraph.types.values():
        for field in type_.fields.values():
            at = (type_.name, field.name)
            coordinate = f"{type_.name}.{field.name}"
            if at not in externals.marked:
                continue
            if type_.kind is Kind.INTERFACE and externals.is_external(*at):
                yield subgraph.problem(
                    "EXTERNAL_ON_INTERFACE",
                    coordinate,
                    f'"{coordinate}" is @external, but no subgraph resolves a field of an '
                    "interface: types that implement it do.",
                    field.node,
                    hint="Remove @external here; mark the implementations' fields.",
                )
            if at not in externals.used:
                yield subgraph.problem(
                    "EXTERNAL_UNUSED",
                    coordinate,
                    f'"{coordinate}" is @external, but no @key, @requires, @provides or interface '
                    "of this subgraph uses it.",
                    field.node,
                    hint="Remove the field, or @external if this subgraph resolves it.",
                )


def external_collisions(subgraph: Subgraph) -> Iterator[Diagnostic]:
    """Who does not resolve a field cannot provide what is below it."""
    externals = externals_of(subgraph)
    for type_ in subgraph.types.values():
        for field in type_.fields.values():
            if field.applied("provides") and externals.is_external(type_.name, field.name):
                coordinate = f"{type_.name}.{field.name}"
                yield subgraph.problem(
                    "EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE",
                    coordinate,
                    f'"{coordinate}" is @external and has @provides, which only the subgraph that '
                    "resolves it can have.",
                    field.node,
                    hint="Remove one of the two directives.",
                )
