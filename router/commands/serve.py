"""`serve`: the supergraph behind one GraphQL endpoint."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.option(
    "--supergraph", type=Path, required=True, help="The composed schema (supergraph.graphql)."
)
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=int, help="Port to listen on.")
@click.option("--config", type=Path, help="Settings (router.yaml).")
@click.pass_context
def serve(
    context: click.Context,
    supergraph: Path,
    host: str | None,
    port: int | None,
    config: Path | None,
) -> None:
    """Serve the supergraph at /graphql until stopped; a changed file is picked up at once."""
    from router.serve.process import run  # noqa: PLC0415 - keeps `--help` quick

    context.exit(run(supergraph, host, port, config))
