"""`compose`: subgraph schemas -> supergraph SDL, in the shapes of `rover supergraph compose`."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

# The reference version whose rules are followed, as Rover reports it.
FEDERATION_VERSION = "=2.14.0"
INTROSPECTION_SECONDS = 15.0
POLL_SECONDS = 0.5


class Format(StrEnum):
    """How the outcome is printed."""

    PLAIN = "plain"
    JSON = "json"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("compose")(compose)


def compose(
    config: Annotated[str, typer.Option(help="supergraph.yaml, or - for standard input.")],
    format: Annotated[Format, typer.Option(help="How to print the outcome.")] = Format.PLAIN,  # noqa: A002 - the flag's name
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write it here.")] = None,
    watch: Annotated[bool, typer.Option("--watch", help="Again on each change.")] = False,  # noqa: FBT002 - a flag
) -> None:
    """Compose the subgraphs of a supergraph.yaml, or say everything that is wrong with them."""
    if watch and config == "-":
        raise _refused("--watch needs a file to watch; standard input is read once.")
    status = _once(config, format, output)
    while watch:
        status = _again(config, format, output)
    raise typer.Exit(status)


def _again(config: str, format_: Format, output: Path | None) -> int:
    """Wait for a change of the configuration or a schema beside it, then compose anew."""
    before = _stamps(config)
    while _stamps(config) == before:
        time.sleep(POLL_SECONDS)
    return _once(config, format_, output)


def _stamps(config: str) -> dict[str, float]:
    from router.compose.config import schema_files  # noqa: PLC0415 - keeps other commands quick

    files = [Path(config), *schema_files(Path(config))]
    return {str(path): path.stat().st_mtime for path in files if path.exists()}


def _once(config: str, format_: Format, output: Path | None) -> int:
    # Imported here so that other commands start without the composer.
    from router.compose import compose as compose_sources  # noqa: PLC0415
    from router.compose.config import ConfigError, read_config  # noqa: PLC0415

    try:
        text = sys.stdin.read() if config == "-" else Path(config).read_text()
        folder = Path.cwd() if config == "-" else Path(config).resolve().parent
        sources = read_config(text, folder, _introspect)
    except OSError as error:
        raise _refused(f"{error.filename}: {error.strerror}") from error
    except ConfigError as error:
        raise _refused(str(error)) from error
    composition = compose_sources(sources)
    if composition.supergraph_sdl is None:
        return _failed(composition.errors, format_)
    return _succeeded(composition.supergraph_sdl, composition.hints, format_, output)


def _succeeded(sdl: str, hints: Any, format_: Format, output: Path | None) -> int:
    if format_ is Format.JSON:
        data = {
            "core_schema": sdl,
            "hints": [_listed(hint) for hint in hints],
            "federation_version": FEDERATION_VERSION,
            "success": True,
        }
        text = _json({"json_version": "1", "data": data, "error": None})
    else:
        for hint in hints:
            typer.echo(f"HINT: [{hint.code}]: {hint.message}", err=True)
        text = sdl
    if output is None:
        typer.echo(text, nl=False)
    else:
        # Written beside and renamed, so that whoever watches the file never reads half of it.
        beside = output.with_name(f"{output.name}.new")
        beside.write_text(text)
        beside.replace(output)
    return 0


def _failed(errors: Any, format_: Format) -> int:
    from router.diagnostics import show  # noqa: PLC0415 - keeps other commands quick

    count = len(errors)
    summary = (
        f"Encountered {count} build error{'s' if count != 1 else ''} while trying to build a "
        "supergraph."
    )
    if format_ is Format.JSON:
        listed = [{**_listed(error), "type": "composition"} for error in errors]
        error = {"message": summary, "details": {"build_errors": listed}, "code": "E029"}
        typer.echo(
            _json({"json_version": "1", "data": {"success": False}, "error": error}), nl=False
        )
        return 1
    typer.echo(f"error[E029]: {summary}\n\nCaused by:", err=True)
    for error in errors:
        typer.echo("".join(f"    {line}\n" for line in show(error).splitlines()), err=True)
    return 1


def _listed(diagnostic: Any) -> dict[str, Any]:
    nodes = [
        {
            "subgraph": place.subgraph,
            "source": place.file,
            "start": {"line": place.line, "column": place.column},
        }
        for place in diagnostic.locations
    ]
    return {
        "message": diagnostic.message,
        "code": diagnostic.code,
        "nodes": nodes,
        "omittedNodesCount": 0,
    }


def _json(value: dict[str, Any]) -> str:
    import orjson  # noqa: PLC0415 - only this format needs it

    return orjson.dumps(value).decode() + "\n"


def _introspect(url: str, headers: Mapping[str, str]) -> str:
    """The SDL a running subgraph gives for `{ _service { sdl } }`. Raises ConfigError."""
    import json  # noqa: PLC0415 - only introspection needs these
    from urllib.error import URLError  # noqa: PLC0415
    from urllib.request import Request, urlopen  # noqa: PLC0415

    from router.compose.config import ConfigError  # noqa: PLC0415

    if not url.startswith(("http://", "https://")):
        raise ConfigError(f'subgraph_url is "{url}": an http:// or https:// URL is needed.')
    request = Request(  # noqa: S310 - the scheme was checked
        url,
        data=b'{"query":"{_service{sdl}}"}',
        headers={"content-type": "application/json", **headers},
    )
    try:
        with urlopen(request, timeout=INTROSPECTION_SECONDS) as answer:  # noqa: S310 - the same
            return str(json.load(answer)["data"]["_service"]["sdl"])
    except (URLError, OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigError(
            f"{url} did not answer {{ _service {{ sdl }} }}: {error}. Is the subgraph running, and "
            "is it a Federation subgraph?"
        ) from error


def _refused(message: str) -> typer.Exit:
    typer.echo(f"error: {message}", err=True)
    return typer.Exit(2)
