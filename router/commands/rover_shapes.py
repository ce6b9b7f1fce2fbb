"""How composition's outcome is printed: the shapes of `rover supergraph compose`.

https://www.apollographql.com/docs/rover/commands/supergraphs#output-format
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from router.diagnostics import Diagnostic

BUILD_ERRORS = "E029"
UNRESOLVED_CONFIG = "E038"


class Format(StrEnum):
    """How the outcome is printed."""

    PLAIN = "plain"
    JSON = "json"


def success(data: Mapping[str, object]) -> str:
    """The JSON of what went well."""
    return to_json({"json_version": "1", "data": {**data, "success": True}, "error": None})


def failure(error: Mapping[str, object]) -> str:
    """The JSON of what did not."""
    return to_json({"json_version": "1", "data": {"success": False}, "error": error})


def print_hints(hints: Sequence[Diagnostic]) -> None:
    """A line each on standard error; what must not be overlooked is called a warning."""
    from router.compose.authorization import DROPPED  # noqa: PLC0415 - only composing needs it

    for hint in hints:
        word = "WARNING" if hint.code == DROPPED else "HINT"
        click.echo(f"{word}: {hint_text(hint)}", err=True)


def hint_text(hint: Diagnostic) -> str:
    """A hint's message as the reference gives it, code in front."""
    return f"[{hint.code}]: {hint.message}"


def print_build_errors(errors: Sequence[Diagnostic], format_: Format) -> None:
    """Everything that keeps subgraphs from composing."""
    from router.diagnostics import show  # noqa: PLC0415 - keeps other outcomes quick

    summary = build_summary(errors)
    if format_ is Format.JSON:
        listed = [{**node_listing(error), "type": "composition"} for error in errors]
        details = {"build_errors": listed}
        error = {"message": summary, "details": details, "code": BUILD_ERRORS}
        click.echo(failure(error), nl=False)
        return
    click.echo(f"error[{BUILD_ERRORS}]: {summary}\n\nCaused by:", err=True)
    for one in errors:
        click.echo("".join(f"    {line}\n" for line in show(one).splitlines()), err=True)


def build_summary(errors: Sequence[Diagnostic]) -> str:
    """One sentence on how many there are."""
    count = f"{len(errors)} build error{'s' * (len(errors) != 1)}"
    return f"Encountered {count} while trying to build a supergraph."


def print_config_problems(config: str, problems: Sequence[str], format_: Format) -> None:
    """Everything that keeps a supergraph.yaml from being read."""
    name = "The supergraph.yaml on standard input" if config == "-" else config
    message = f"{name} cannot be used."
    if format_ is Format.JSON:
        error = {"message": message, "causes": list(problems), "code": UNRESOLVED_CONFIG}
        click.echo(failure(error), nl=False)
        return
    causes = "".join(f"\n    {problem}" for problem in problems)
    click.echo(f"error[{UNRESOLVED_CONFIG}]: {message}\n\nCaused by:{causes}", err=True)


def node_listing(diagnostic: Diagnostic) -> Mapping[str, object]:
    """A diagnostic with its places."""
    nodes = [
        {
            "subgraph": place.subgraph,
            "source": place.file,
            "start": {"line": place.line, "column": place.column},
        }
        for place in diagnostic.locations
    ]
    return {
        "message": diagnostic.message,
        "code": diagnostic.code or None,
        "nodes": nodes,
        "omittedNodesCount": 0,
    }


def to_json(value: Mapping[str, Any]) -> str:
    """One line of JSON."""
    import orjson  # noqa: PLC0415 - only this format needs it

    return orjson.dumps(value).decode() + "\n"
