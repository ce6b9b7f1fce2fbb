"""`python -m db.seed --size 10k`: demo data into the databases of DATABASE_URL_<NAME>."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import Annotated

import asyncpg
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn

from db.seed.load import NotEmptyError, is_empty, load

SIZES = {"100": 100, "10k": 10_000, "200k": 200_000}
SEED = 20_260_101


def main(
    *,
    size: Annotated[str, typer.Option(help="100, 10k or 200k products.")] = "10k",
    if_empty: Annotated[bool, typer.Option("--if-empty", help="Nothing if there is data.")] = False,
    seed: Annotated[int, typer.Option(help="Another number makes another shop.")] = SEED,
) -> None:
    """Load demo data."""
    if size not in SIZES:
        raise _failed(f'--size is "{size}"; it can be {", ".join(SIZES)}.')
    urls = {}
    for name in ("account", "catalog", "inventory"):
        variable = f"DATABASE_URL_{name.upper()}"
        if variable not in os.environ:
            raise _failed(f"{variable} is not set: it names the database to fill.")
        urls[name] = os.environ[variable]
    try:
        asyncio.run(_run(urls, SIZES[size], seed, if_empty=if_empty))
    except NotEmptyError as error:
        raise _failed(str(error)) from error
    except (OSError, asyncpg.PostgresError) as error:
        raise _failed(f"The demo data could not be loaded: {error}") from error


async def _run(urls: dict[str, str], count: int, seed: int, *, if_empty: bool) -> None:
    if if_empty and not await is_empty(urls):
        return
    columns = ("{task.description}", BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("products", total=count)
        await load(urls, count, seed, lambda written: progress.advance(task, written))


def _failed(message: str) -> typer.Exit:
    sys.stderr.write(f"error: {message}\n")
    return typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
