"""Changes of descriptions and deprecations, which no operation notices."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from router.check.change import Change, safe


class Described(Protocol):
    """What has a description."""

    description: str | None


def description_changes(
    coordinate: str, noun: str, old: Described, new: Described
) -> Iterator[Change]:
    """A change if the texts differ."""
    if (old.description or "") != (new.description or ""):
        word = "changed" if old.description and new.description else "added"
        word = word if new.description else "removed"
        code = f"{CODES[noun]}_DESCRIPTION_CHANGE"
        yield safe(code, coordinate, f'The description of "{coordinate}" was {word}.')


class Annotated(Described, Protocol):
    """What can be deprecated, too."""

    deprecation_reason: str | None


# What GraphOS calls it in its codes.
CODES = {
    "type": "TYPE",
    "field": "FIELD",
    "argument": "ARG",
    "input field": "INPUT_FIELD",
    "enum value": "ENUM_VALUE",
    "directive": "DIRECTIVE",
}


def annotation_changes(
    coordinate: str, noun: str, old: Annotated, new: Annotated
) -> Iterator[Change]:
    """Changes of the description and the deprecation of one element."""
    yield from description_changes(coordinate, noun, old, new)
    before, after = old.deprecation_reason, new.deprecation_reason
    kind = "ENUM" if noun == "enum value" else CODES[noun]
    if before is None and after is not None:
        yield safe(f"{kind}_DEPRECATED", coordinate, f'"{coordinate}" was deprecated: {after}')
    elif before is not None and after is None:
        yield safe(
            f"{kind}_DEPRECATION_REMOVED", coordinate, f'"{coordinate}" is deprecated no more.'
        )
    elif before != after:
        message = f'The reason why "{coordinate}" is deprecated was changed: {after}'
        yield safe(f"{kind}_DEPRECATED_REASON_CHANGE", coordinate, message)
