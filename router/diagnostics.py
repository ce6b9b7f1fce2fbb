"""A problem or a hint about a schema, and how it is shown: code, place, cause, next step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import IntEnum


class Level(IntEnum):
    """How much it matters. ERROR stops composition; the hint levels are Apollo's."""

    DEBUG = 20
    INFO = 40
    WARN = 60
    ERROR = 100


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a subgraph's SDL; `line` and `column` count from 1."""

    subgraph: str
    file: str
    line: int
    column: int
    source_line: str = ""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem or hint.

    `code` is Apollo's where Apollo has one, empty where it has an error without one; `coordinate`
    is `Type.field(arg:)`; `message` says what is wrong and where, `hint` what to do next.
    """

    code: str
    message: str
    coordinate: str = ""
    subgraphs: tuple[str, ...] = ()
    hint: str = ""
    level: Level = Level.ERROR
    locations: tuple[Location, ...] = field(default=())


def show(diagnostic: Diagnostic) -> str:
    """A diagnostic as people read it, with a caret under each place."""
    lines = [f"{diagnostic.code}  {diagnostic.coordinate}".strip(), f"  {diagnostic.message}"]
    for place in diagnostic.locations:
        lines.append(f"  {place.file}:{place.line}:{place.column}")
        if place.source_line:
            margin = f"{place.line:>5} | "
            caret = " " * (len(margin) - 2) + "| " + " " * (place.column - 1) + "^"
            lines += [f"{margin}{place.source_line}", caret]
    if diagnostic.hint:
        lines.append(f"  {diagnostic.hint}")
    return "\n".join(lines)


def show_all(diagnostics: Sequence[Diagnostic]) -> str:
    """Several diagnostics, a blank line between them."""
    return "\n\n".join(show(diagnostic) for diagnostic in diagnostics)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A suggestion to append to a message about an unknown name; empty when nothing is near."""
    near = get_close_matches(name, list(known), n=1)
    return f' Did you mean "{near[0]}"?' if near else ""
