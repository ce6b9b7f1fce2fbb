"""`compose`: subgraph schemas -> supergraph SDL, in the shapes of `rover supergraph compose`."""

from __future__ import annotations

import gc
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from router.commands.contract_options import chosen_contract, contract_options
from router.commands.rover_shapes import (
    Format,
    hint_text,
    node_listing,
    print_build_errors,
    print_config_problems,
    print_hints,
    success,
)

if TYPE_CHECKING:
    from router.commands.sources import Reading
    from router.compose import Composition, Variant

# The reference version whose rules are followed, as Rover reports it.
FEDERATION_VERSION = "=2.14.0"


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for on the command line."""

    config: str
    format: Format
    output: Path | None
    variant: Variant


@click.command()
@click.option("--config", required=True, help="supergraph.yaml, or - for standard input.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(Format, case_sensitive=False),
    default=Format.PLAIN,
    help="How to print the outcome.",
)
@click.option("--output", "-o", type=Path, help="Write it here.")
@click.option("--watch", is_flag=True, help="Again on each change.")
@click.option("--without-authorization", is_flag=True, help="For an Apollo Router with no licence.")
@contract_options
def compose(  # noqa: PLR0913 - a command's flags
    *,
    config: str,
    format_: Format,
    output: Path | None,
    watch: bool,
    without_authorization: bool,
    contract: str | None,
    hide_unreachable_types: bool,
) -> None:
    """Compose the subgraphs of a supergraph.yaml, or say everything that is wrong with them."""
    if watch and config == "-":
        reason = "a file is needed to watch; standard input is read once"
        raise click.BadParameter(reason, param_hint="--watch")
    chosen = chosen_contract(contract, hides_unreachable=hide_unreachable_types)
    # Imported here so that other commands start without them.
    from router.commands.sources import read_sources  # noqa: PLC0415
    from router.compose import Variant  # noqa: PLC0415

    variant = Variant(chosen, has_authorization=not without_authorization)
    request = Request(config, format_, output, variant)
    if not watch:
        raise SystemExit(compose_once(request, read_sources(config)))
    from router.commands.watch import readings  # noqa: PLC0415

    try:
        for reading in readings(config):
            compose_once(request, reading)
            gc.collect()  # nothing else does, see `router.__main__`
            click.echo(_watching(reading), err=True)
    except KeyboardInterrupt:
        raise SystemExit(0) from None


def _watching(reading: Reading) -> str:
    asked = " and asking running subgraphs" if reading.is_remote else ""
    return f"Watching {len(reading.files)} files{asked}; Ctrl-C stops."


def compose_once(request: Request, reading: Reading) -> int:
    """Compose what was read and print or write the outcome; the exit status, as Rover's."""
    from router.compose import compose as compose_sources  # noqa: PLC0415 - the same

    if reading.problems:
        print_config_problems(request.config, reading.problems, request.format)
        return 1
    composition = compose_sources(reading.sources, request.variant, reading.newest)
    if composition.supergraph_sdl is None:
        print_build_errors(composition.errors, request.format)
        return 1
    return _succeeded(request, composition.supergraph_sdl, composition)


def _succeeded(request: Request, sdl: str, composition: Composition) -> int:
    text = sdl
    if request.format is Format.JSON:
        hints = [{**node_listing(it), "message": hint_text(it)} for it in composition.hints]
        data = {"core_schema": sdl, "hints": hints, "federation_version": FEDERATION_VERSION}
        text = success(data)
    else:
        print_hints(composition.hints)
    if request.output is None:
        click.echo(text, nl=False)
        return 0
    try:
        write_whole(request.output, text)
    except OSError as error:
        click.echo(f"error: {request.output} cannot be written: {error.strerror}.", err=True)
        return 1
    return 0


def write_whole(path: Path, text: str) -> None:
    """Write beside and rename, so that whoever watches the file never reads half of it."""
    beside = path.with_name(f"{path.name}.new")
    beside.write_text(text)
    beside.replace(path)
