"""INVALID_SHAREABLE_USAGE: only fields of objects are resolved, so only they are shared.

https://www.apollographql.com/docs/graphos/reference/federation/directives#shareable
"""

from __future__ import annotations

from collections.abc import Iterator

from router.compose.subgraph import Application, Subgraph, TypeDefinition
from router.diagnostics import Diagnostic
from router.supergraph.model import Kind

CODE = "INVALID_SHAREABLE_USAGE"


def shareable_usage(subgraph: Subgraph) -> Iterator[Diagnostic]:
    """@shareable stands on objects and their fields, once on each declaration."""
    for type_ in subgraph.types.values():
        yield from _twice_on_type(subgraph, type_)
        for field in type_.fields.values():
            applied = list(field.all_applied("shareable"))
            coordinate = f"{type_.name}.{field.name}"
            if applied and type_.kind is Kind.INTERFACE:
                yield subgraph.problem(
                    CODE,
                    coordinate,
                    f'"{coordinate}" is a field of an interface, which nobody resolves.',
                    applied[0].node,
                    hint="Put @shareable on the fields of the types that implement it.",
                )
            if len(applied) > 1:
                yield _twice(subgraph, coordinate, applied)


def _twice_on_type(subgraph: Subgraph, type_: TypeDefinition) -> Iterator[Diagnostic]:
    for part in type_.parts:
        applied = [item for item in type_.all_applied("shareable") if item.part is part]
        if len(applied) > 1:
            yield _twice(subgraph, type_.name, applied)


def _twice(subgraph: Subgraph, coordinate: str, applied: list[Application]) -> Diagnostic:
    return subgraph.problem(
        CODE,
        coordinate,
        f'One declaration of "{coordinate}" has @shareable {len(applied)} times.',
        *(item.node for item in applied[1:]),
        hint="Keep one; an extension of the type may have its own.",
    )
