"""The command line as a test sees it: arguments in; status, standard output and error out."""

from __future__ import annotations

from click.testing import CliRunner, Result

from router.__main__ import application


def run(*arguments: str, given: str | None = None) -> Result:
    """Run `python -m router ARGUMENTS` in this process, with `given` on standard input."""
    return CliRunner().invoke(application, list(arguments), input=given, prog_name="supergraph")
