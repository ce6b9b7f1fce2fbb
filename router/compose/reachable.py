"""Which types clients can come across: those that something visible leads to from a root."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from router.compose.merge.draft import Draft, DraftInput, DraftType
from router.supergraph.type_names import innermost


def reachable(draft: Draft) -> set[str]:
    """The names of visible types that root types and directives for clients lead to."""
    implementations = draft.implementations()
    waiting = list(draft.roots.values())
    for directive in draft.directives:
        waiting += _inputs(directive.arguments)
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        type_ = draft.types.get(name)
        if name not in found and type_ is not None and not type_.is_inaccessible:
            found.add(name)
            waiting += _next(type_, implementations)
    return found


def _next(type_: DraftType, implementations: Mapping[str, Sequence[DraftType]]) -> Iterator[str]:
    yield from type_.interfaces
    yield from type_.members
    yield from (other.name for other in implementations.get(type_.name, ()))
    yield from _inputs(type_.input_fields)
    for field in type_.fields.values():
        if not field.is_inaccessible:
            yield innermost(field.type)
            yield from _inputs(field.arguments)


def _inputs(items: Mapping[str, DraftInput]) -> Iterator[str]:
    return (innermost(item.type) for item in items.values() if not item.is_inaccessible)
