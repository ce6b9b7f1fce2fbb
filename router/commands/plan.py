"""`plan`: the query plan of an operation, for people and for tools."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

import click


class Format(StrEnum):
    """How a plan is shown."""

    TEXT = "text"
    JSON = "json"
    MERMAID = "mermaid"


@click.command()
@click.argument("operation", type=Path)
@click.option(
    "--supergraph", type=Path, required=True, help="The composed schema (supergraph.graphql)."
)
@click.option("--override-labels", default="", help="Active @override labels, as A,B.")
@click.option("--operation-name", help="Which, if there are several.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(Format, case_sensitive=False),
    default=Format.TEXT,
    help="How to show the plan.",
)
def plan(
    operation: Path,
    supergraph: Path,
    override_labels: str,
    operation_name: str | None,
    format_: Format,
) -> None:
    """Show how an operation would be answered: which fetches, in which order."""
    # Imported here so that other commands start without the planner.
    import orjson  # noqa: PLC0415
    from graphql import GraphQLSyntaxError, parse  # noqa: PLC0415

    from router.graph.build import build  # noqa: PLC0415
    from router.graph.deferral import labelled  # noqa: PLC0415
    from router.plan import PlanningError  # noqa: PLC0415
    from router.plan import plan as make_plan  # noqa: PLC0415
    from router.plan.display import to_json, to_text  # noqa: PLC0415
    from router.plan.mermaid import to_mermaid  # noqa: PLC0415
    from router.supergraph.model import SupergraphError  # noqa: PLC0415
    from router.supergraph.read_sdl import read_sdl  # noqa: PLC0415

    labels = frozenset(label for label in override_labels.split(",") if label)
    try:
        graph = build(read_sdl(supergraph.read_text()))
        document = labelled(parse(operation.read_text()))
        found = make_plan(document, graph, operation_name, labels, in_parts=True)
    except OSError as error:
        raise _failed(f"{error.filename}: {error.strerror}") from error
    except (GraphQLSyntaxError, PlanningError, SupergraphError) as error:
        raise _failed(str(error)) from error
    match format_:
        case Format.JSON:
            click.echo(orjson.dumps(to_json(found), option=orjson.OPT_INDENT_2).decode())
        case Format.MERMAID:
            click.echo(to_mermaid(found))
        case _:
            click.echo(to_text(found), nl=False)


def _failed(message: str) -> SystemExit:
    click.echo(f"error: {message}", err=True)
    return SystemExit(1)
