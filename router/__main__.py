"""`python -m router VERB`: imports only the verb that was asked for, so that each starts fast."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Sequence

import typer

VERBS = {
    "compose": "router.commands.compose",
    "check": "router.commands.check",
    "graph": "router.commands.graph",
    "plan": "router.commands.plan",
    "serve": "router.commands.serve",
}


def application(arguments: Sequence[str]) -> typer.Typer:
    """The command line with the verb of `arguments`, or with all of them when it names none."""
    app = typer.Typer(
        name="supergraph",
        help="Compose, plan and serve a federated GraphQL supergraph.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )

    @app.callback()
    def supergraph() -> None:
        """Keep the verb in the command line even when a single one is registered."""

    verb = next((item for item in arguments if not item.startswith("-")), None)
    for name, module in VERBS.items():
        if (verb == name or verb not in VERBS) and importlib.util.find_spec(module):
            importlib.import_module(module).register(app)
    return app


def main() -> None:
    """Run the command line; the exit status is 0, 1 (the answer is no) or 2 (wrong usage)."""
    application(sys.argv[1:])(prog_name="supergraph")


if __name__ == "__main__":
    main()
