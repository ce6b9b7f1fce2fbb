"""`plan`: the query plan of an operation, for people and for tools."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Format(StrEnum):
    """How a plan is shown."""

    TEXT = "text"
    JSON = "json"
    MERMAID = "mermaid"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("plan")(plan)


def plan(
    operation: Annotated[Path, typer.Argument(help="A file with the operation.")],
    supergraph: Annotated[Path, typer.Option(help="The composed schema (supergraph.graphql).")],
    override_labels: Annotated[str, typer.Option(help="Active @override labels, as A,B.")] = "",
    operation_name: Annotated[str | None, typer.Option(help="Which, if there are several.")] = None,
    format: Annotated[Format, typer.Option(help="How to show the plan.")] = Format.TEXT,  # noqa: A002 - the flag's name
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
    match format:
        case Format.JSON:
            typer.echo(orjson.dumps(to_json(found), option=orjson.OPT_INDENT_2).decode())
        case Format.MERMAID:
            typer.echo(to_mermaid(found))
        case _:
            typer.echo(to_text(found), nl=False)


def _failed(message: str) -> typer.Exit:
    typer.echo(f"error: {message}", err=True)
    return typer.Exit(1)
