"""`python -m router VERB`: imports only the verb that was asked for, so that each starts fast."""

from __future__ import annotations

import gc
import importlib
import importlib.util

import click

VERBS = {
    "compose": "router.commands.compose",
    "check": "router.commands.check",
    "graph": "router.commands.graph",
    "plan": "router.commands.plan",
    "serve": "router.commands.serve",
}


class Verbs(click.Group):
    """Finds a verb in its module: a function of the module's name."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Those there are, in the order of use."""
        return [name for name, module in VERBS.items() if importlib.util.find_spec(module)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The verb's module is imported here."""
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = getattr(importlib.import_module(VERBS[cmd_name]), cmd_name)
        return command


@click.command(cls=Verbs, name="supergraph", no_args_is_help=True)
def application() -> None:
    """Compose, plan and serve a federated GraphQL supergraph."""


def main() -> None:
    """Run the command line; the exit status is 0, 1 (the answer is no) or 2 (wrong usage)."""
    # A command that ends makes little garbage, and looking for it would take longer than composing.
    gc.disable()
    application(prog_name="supergraph")


if __name__ == "__main__":
    main()
