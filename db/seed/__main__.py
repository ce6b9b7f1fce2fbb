"""`python -m db.seed --size 10k`: demo data into the databases of DATABASE_URL_<NAME>."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping
from typing import Annotated

import asyncpg
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn

from db.seed.load import SERVICES, SIZES, NotEmptyError, Size, filled, load
from db.seed.people import PASSWORD

SEED = 20_260_101


def main(
    *,
    size: Annotated[str, typer.Option(help="100, 10k or 200k products.")] = "10k",
    if_empty: Annotated[bool, typer.Option("--if-empty", help="Nothing if there is data.")] = False,
    seed: Annotated[int, typer.Option(help="Another number makes another shop.")] = SEED,
) -> None:
    """Load demo data: the same shop for the same size and seed."""
    if size not in SIZES:
        raise _failed(f'--size is "{size}"; it can be {", ".join(SIZES)}.')
    urls = {}
    for name in SERVICES:
        variable = f"DATABASE_URL_{name.upper()}"
        if variable not in os.environ:
            raise _failed(f"{variable} is not set: it names the database to fill.")
        urls[name] = os.environ[variable]
    try:
        asyncio.run(_run(urls, SIZES[size], seed, if_empty=if_empty))
    except NotEmptyError as error:
        raise _failed(str(error)) from error
    except asyncpg.UndefinedTableError as error:
        raise _failed(
            f"{error}: run `python -m subgraphs.chassis.migrate NAME` for each database first."
        ) from error
    except (OSError, asyncpg.PostgresError) as error:
        raise _failed(f"The demo data could not be loaded: {error}") from error


async def _run(urls: Mapping[str, str], size: Size, seed: int, *, if_empty: bool) -> None:
    console = Console(stderr=True)
    if if_empty and (names := await filled(urls)):
        console.print(f"There is data already in {', '.join(names)}: nothing was written.")
        return
    columns = ("{task.description}", BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        # The seven demo logins, one for each role, are accounts too.
        totals = {"accounts": size.customers + 7, "products": size.products, "orders": size.orders}
        tasks = {name: progress.add_task(name, total=total) for name, total in totals.items()}
        await load(urls, size, seed, lambda name, more: progress.advance(tasks[name], more))
    console.print(f'Sign in as customer@demo.shop or admin@demo.shop, password "{PASSWORD}".')


def _failed(message: str) -> typer.Exit:
    sys.stderr.write(f"error: {message}\n")
    return typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
