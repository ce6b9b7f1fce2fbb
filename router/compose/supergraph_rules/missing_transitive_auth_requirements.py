"""MISSING_TRANSITIVE_AUTH_REQUIREMENTS: what a field reads for itself, its clients may read too.

A field that @requires protected data, or takes it from a context, would otherwise hand it on.
https://www.apollographql.com/docs/graphos/routing/security/authorization
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from router.compose.context_selections import read_context_value
from router.compose.merge.draft import Draft, DraftField, DraftType, Element
from router.compose.merge.requirements import implies
from router.compose.merge.selection import Selected, selected
from router.compose.merge.strategies import GUARDS
from router.compose.subgraph import Subgraph
from router.diagnostics import Diagnostic
from router.supergraph.model import Kind
from router.supergraph.type_names import innermost

Places = Mapping[str, Sequence[DraftType]]
Read = Iterator[tuple[str, str, Selected]]


def missing_transitive_auth_requirements(
    draft: Draft, subgraphs: Sequence[Subgraph]
) -> Iterator[Diagnostic]:
    """A field that asks for less than a field which it reads."""
    if not any(_is_protected(element) for element in _everything(draft)):
        return
    contexts = {subgraph.name: _contexts(draft, subgraph) for subgraph in subgraphs}
    for type_ in draft.types.values():
        for field in type_.fields.values():
            told: set[tuple[str, str]] = set()
            for graph, what, found in _read(draft, type_, field, contexts):
                at = graph, found.field.coordinate
                needed = (*found.types, found.field, *_answer(draft, found.field))
                if at not in told and not _covers((type_, field), needed):
                    told.add(at)
                    yield field.problem(
                        "MISSING_TRANSITIVE_AUTH_REQUIREMENTS",
                        f'[{graph}] "{field.coordinate}" does not ask for what is needed to access '
                        f'"{found.field.coordinate}", which it reads by {what}.',
                        "Repeat the @authenticated, @requiresScopes and @policy of that field.",
                        only=graph,
                    )


def _everything(draft: Draft) -> Iterator[Element]:
    for type_ in draft.types.values():
        yield type_
        yield from type_.fields.values()


def _is_protected(element: Element) -> bool:
    return element.has("authenticated") or any(element.has(name) for name in GUARDS)


def _contexts(draft: Draft, subgraph: Subgraph) -> dict[str, list[DraftType]]:
    """Context name -> the types of a subgraph that set it."""
    found: dict[str, list[DraftType]] = {}
    for type_ in subgraph.types.values():
        for context in type_.all_applied("context"):
            merged = draft.types.get(type_.name)
            if merged is not None:
                found.setdefault(context.text("name"), []).append(merged)
    return found


def _read(
    draft: Draft, type_: DraftType, field: DraftField, contexts: Mapping[str, Places]
) -> Read:
    """(subgraph, how, field) of every field that a field reads for itself."""
    for graph, text in field.requires.items():
        for found in selected(draft, type_.name, text):
            yield graph, "@requires", found
    for subgraph, _ in field.sources:
        definition = subgraph.types.get(type_.name)
        own = definition.fields.get(field.name) if definition else None
        for argument in own.arguments.values() if own else ():
            application = argument.applied("fromContext")
            value = read_context_value(application.text("field")) if application else None
            if value is None:
                continue
            for place in contexts[subgraph.name].get(value.context, ()):
                for found in selected(draft, place.name, value.selection):
                    if _may_be(place, found.types[-1]):
                        yield subgraph.name, "@fromContext", found


def _answer(draft: Draft, field: DraftField) -> Iterator[DraftType]:
    type_ = draft.types.get(innermost(field.type))
    if type_ is not None:
        yield type_


def _may_be(place: DraftType, condition: DraftType) -> bool:
    """Whether a value where the context is set may be of the type that is asked for."""
    if place is condition or place.kind is not Kind.OBJECT:
        return True
    return condition.name in place.interfaces or place.name in condition.members


def _covers(given: Iterable[Element], needed: Iterable[Element]) -> bool:
    """Whether whoever may access all of `given` may access all of `needed`."""
    given, needed = tuple(given), tuple(needed)
    if any(item.has("authenticated") for item in needed) and not any(
        item.has("authenticated") for item in given
    ):
        return False
    return all(
        implies(
            (item.requirement(name) for item in given),
            (item.requirement(name) for item in needed),
        )
        for name in GUARDS
    )
