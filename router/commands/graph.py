"""`graph`: a supergraph as a Mermaid flow chart."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

import click


class What(StrEnum):
    """Which picture: where queries can go, or which subgraph owns what."""

    QUERY = "query"
    OWNERSHIP = "ownership"


@click.command()
@click.option(
    "--supergraph", type=Path, required=True, help="The composed schema (supergraph.graphql)."
)
@click.option(
    "--what",
    type=click.Choice(What, case_sensitive=False),
    default=What.OWNERSHIP,
    help="Which subgraph owns what, or where queries can go.",
)
def graph(supergraph: Path, what: What) -> None:
    """Draw the supergraph: a Mermaid flow chart for a page or a pull request."""
    # Imported here so that other commands start without them.
    from router.graph.build import build  # noqa: PLC0415
    from router.graph.mermaid import to_mermaid  # noqa: PLC0415
    from router.supergraph.model import SupergraphError  # noqa: PLC0415
    from router.supergraph.ownership import ownership_map  # noqa: PLC0415
    from router.supergraph.read_sdl import read_sdl  # noqa: PLC0415

    try:
        read = read_sdl(supergraph.read_text())
    except OSError as error:
        click.echo(f"error: {error.filename}: {error.strerror}", err=True)
        raise SystemExit(1) from error
    except SupergraphError as error:
        click.echo(f"error: {error}", err=True)
        raise SystemExit(1) from error
    click.echo(ownership_map(read) if what is What.OWNERSHIP else to_mermaid(build(read)))
