"""Changes of the directives that clients may write in operations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from graphql import GraphQLDirective, GraphQLSchema

from router.check.annotations import description_changes
from router.check.change import Change, breaking, safe
from router.check.input_changes import InputValue, directive_arguments, input_changes


def directive_changes(old: GraphQLSchema, new: GraphQLSchema) -> Iterator[Change]:
    """Every change of directives."""
    before = {directive.name: directive for directive in old.directives}
    after = {directive.name: directive for directive in new.directives}
    for name, directive in before.items():
        if name in after:
            yield from _changed(directive, after[name])
        else:
            yield breaking("DIRECTIVE_REMOVED", f"@{name}", f'"@{name}" was removed.')
    for name in after.keys() - before.keys():
        yield safe("DIRECTIVE_ADDED", f"@{name}", f'"@{name}" was added.')


def _changed(old: GraphQLDirective, new: GraphQLDirective) -> Iterator[Change]:
    place = f"@{old.name}"
    yield from input_changes(
        directive_arguments(place),
        cast("dict[str, InputValue]", old.args),
        cast("dict[str, InputValue]", new.args),
    )
    if old.is_repeatable and not new.is_repeatable:
        message = f'"{place}" can be repeated no more.'
        yield breaking("DIRECTIVE_REPEATABLE_REMOVED", place, message)
    elif new.is_repeatable and not old.is_repeatable:
        yield safe("DIRECTIVE_REPEATABLE_ADDED", place, f'"{place}" can be repeated now.')
    for location in old.locations:
        if location not in new.locations:
            message = f'"{place}" is allowed on {location.value} no more.'
            yield breaking("DIRECTIVE_LOCATION_REMOVED", place, message)
    for location in new.locations:
        if location not in old.locations:
            message = f'"{place}" is allowed on {location.value} now.'
            yield safe("DIRECTIVE_LOCATION_ADDED", place, message)
    yield from description_changes(place, "directive", old, new)
