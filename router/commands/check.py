"""`check`: would this change of a subgraph break composition, or clients?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from router.commands.contract_options import chosen_contract, contract_options
from router.commands.rover_shapes import (
    Format,
    print_build_errors,
    print_config_problems,
    to_json,
)

if TYPE_CHECKING:
    from graphql import GraphQLSchema

    from router.check.operations import Text
    from router.check.report import Report
    from router.commands.sources import Reading
    from router.compose.contract import Contract

CHECK_FAILED = "E030"
DOCUMENTS = frozenset({".graphql", ".gql"})


class Shape(StrEnum):
    """How the report is printed; markdown is for a comment on a pull request."""

    PLAIN = "plain"
    JSON = "json"
    MARKDOWN = "markdown"


@click.command()
@click.option("--config", required=True, help="supergraph.yaml, or - for standard input.")
@click.option("--against", type=Path, help="The last supergraph.graphql (or API schema).")
@click.option(
    "--subgraph", multiple=True, help="A changed schema, as name=schema.graphql; repeatable."
)
@click.option(
    "--operations",
    type=Path,
    multiple=True,
    help="Recorded operations: a file, a folder, or a manifest; repeatable.",
)
@contract_options
@click.option(
    "--format",
    "format_",
    type=click.Choice(Shape, case_sensitive=False),
    default=Shape.PLAIN,
    help="How to print the report.",
)
def check(  # noqa: PLR0913 - a command's flags
    *,
    config: str,
    against: Path | None,
    subgraph: tuple[str, ...],
    operations: tuple[Path, ...],
    contract: str | None,
    hide_unreachable_types: bool,
    format_: Shape,
) -> None:
    """Compose, and tell what changed since the last schema and which operations break.

    Exits with 1 on build errors, on breaking changes (of what recorded operations use, where there
    are any), and on operations that are valid no more.
    """
    # Imported here so that other commands start without it.
    from router.commands.sources import read_sources  # noqa: PLC0415

    chosen = chosen_contract(contract, hides_unreachable=hide_unreachable_types)
    reading = read_sources(config, dict(_replacement(item) for item in subgraph))
    if reading.problems:
        shape = Format.JSON if format_ is Shape.JSON else Format.PLAIN
        print_config_problems(config, reading.problems, shape)
        raise SystemExit(1)
    report = _report(reading, chosen, against, operations)
    _print(report, format_)
    raise SystemExit(0 if report.is_passed else 1)


def _replacement(text: str) -> tuple[str, Path]:
    name, equals, path = text.partition("=")
    if not equals or not name or not path:
        reason = f'"{text}" is not name=schema.graphql'
        raise click.BadParameter(reason, param_hint="--subgraph")
    return name, Path(path)


def _report(
    reading: Reading,
    contract: Contract | None,
    against: Path | None,
    operations: Sequence[Path],
) -> Report:
    from router.check.operations import OperationsError, read_operations  # noqa: PLC0415 - the same
    from router.check.report import Report, compare  # noqa: PLC0415
    from router.compose import Variant, compose  # noqa: PLC0415
    from router.supergraph.model import SupergraphError  # noqa: PLC0415

    try:
        old = _schema(against.read_text(), str(against)) if against else None
        recorded = read_operations(text for path in operations for text in _texts(path))
    except OSError as error:
        raise _refused(f"{error.filename}: {error.strerror}.") from error
    except OperationsError as error:
        raise _refused(*error.problems) from error
    except SupergraphError as error:
        raise _refused(str(error)) from error
    composition = compose(reading.sources, Variant(contract), reading.newest)
    number, name = len(reading.sources), str(against or "")
    if composition.supergraph_sdl is None:
        return Report(number, name, composition.errors)
    changes, broken, outdated = compare(old, _schema(composition.supergraph_sdl, ""), recorded)
    return Report(
        subgraphs=number,
        against=name,
        changes=changes,
        operations=len(recorded),
        broken=broken,
        outdated=outdated,
        has_operations=bool(operations),
    )


def _schema(text: str, name: str) -> GraphQLSchema:
    """The API schema of a supergraph, or one given as such. Raises SupergraphError."""
    from graphql import (  # noqa: PLC0415 - the same
        GraphQLDeferDirective,
        GraphQLError,
        GraphQLSchema,
        build_schema,
        parse,
    )

    from router.supergraph.api_schema import api_schema  # noqa: PLC0415
    from router.supergraph.links import links_of  # noqa: PLC0415
    from router.supergraph.model import SupergraphError  # noqa: PLC0415
    from router.supergraph.read_sdl import read_sdl  # noqa: PLC0415

    try:
        is_supergraph = any(link.name == "join" for link in links_of(parse(text)))
        schema = api_schema(read_sdl(text)) if is_supergraph else build_schema(text)
    except (GraphQLError, TypeError) as error:
        raise SupergraphError(f"{name} is neither a supergraph nor a schema: {error}") from error
    if schema.get_directive("defer") is not None:
        return schema
    # Operations may use @defer, which the router knows whatever the schema says.
    more: dict[str, Any] = {
        **schema.to_kwargs(),
        "directives": [*schema.directives, GraphQLDeferDirective],
    }
    return GraphQLSchema(**more)


def _texts(path: Path) -> Iterator[Text]:
    """The documents of a file or folder. Raises OperationsError and OSError."""
    from router.check.operations import OperationsError, Text, manifest_texts  # noqa: PLC0415

    if path.is_dir():
        found = sorted(it for it in path.rglob("*") if it.suffix in {*DOCUMENTS, ".json"})
        if not found:
            raise OperationsError(f"{path} has no .graphql, .gql or .json file.")
        for one in found:
            yield from _texts(one)
    elif path.suffix == ".json":
        yield from manifest_texts(str(path), path.read_text())
    else:
        yield Text(str(path), path.read_text())


def _print(report: Report, shape: Shape) -> None:
    from router.check.markdown import to_markdown  # noqa: PLC0415 - the same
    from router.check.plain import to_plain  # noqa: PLC0415

    if shape is Shape.MARKDOWN:
        click.echo(to_markdown(report), nl=False)
    elif shape is Shape.PLAIN:
        click.echo(to_plain(report))
    elif report.build_errors:
        print_build_errors(report.build_errors, Format.JSON)
    else:
        click.echo(to_json(_listing(report)), nl=False)


def _listing(report: Report) -> dict[str, object]:
    """The shape of `rover subgraph check`, and by coordinate who uses what."""
    changes = [
        {
            "code": item.change.code,
            "coordinate": item.change.coordinate,
            "description": item.change.message,
            "severity": "FAIL" if item in report.harmful else "PASS",
            "impact": item.change.severity.word,
            "operations": [operation.name for operation in item.operations],
        }
        for item in report.changes
    ]
    broken = [
        {"name": it.operation.name, "source": it.operation.place, "errors": list(it.errors)}
        for it in report.broken
    ]
    operations = {
        "task_status": "PASSED" if report.is_passed else "FAILED",
        "operation_check_count": report.operations,
        "changes": changes,
        "broken_operations": broken,
        "outdated_operations": [operation.name for operation in report.outdated],
    }
    error = {"message": f"{', '.join(report.reasons)}.", "code": CHECK_FAILED}
    return {
        "json_version": "2",
        "data": {"success": report.is_passed, "tasks": {"operations": operations}},
        "error": None if report.is_passed else error,
    }


def _refused(*problems: str) -> SystemExit:
    for problem in problems:
        click.echo(f"error: {problem}", err=True)
    return SystemExit(1)
