"""`serve`: the supergraph behind one GraphQL endpoint."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("serve")(serve)


def serve(
    supergraph: Annotated[Path, typer.Option(help="The composed schema (supergraph.graphql).")],
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
    config: Annotated[Path | None, typer.Option(help="Settings (router.yaml).")] = None,
) -> None:
    """Serve the supergraph at /graphql until stopped; a changed file is picked up at once."""
    from router.serve.process import run  # noqa: PLC0415 - keeps `--help` quick

    raise typer.Exit(run(supergraph, host, port, config))
