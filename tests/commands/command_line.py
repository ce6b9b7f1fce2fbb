"""The command line as a test sees it: arguments in; status, standard output and error out."""

from __future__ import annotations

from click.testing import Result
from typer.testing import CliRunner

from router.__main__ import application


def run(*arguments: str, given: str | None = None) -> Result:
    """Run `python -m router ARGUMENTS` in this process, with `given` on standard input."""
    app = application(arguments)
    return CliRunner().invoke(app, list(arguments), input=given, prog_name="supergraph")
