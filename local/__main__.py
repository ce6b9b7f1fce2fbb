"""`python -m local up|down|status|seed|logs`."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from typing import Annotated

import psutil
import typer
from rich.console import Console

from local import launcher_file, postgres
from local.given import GivenError
from local.platform import Platform, PlatformError
from local.postgres import PostgresError
from local.preparation import PreparationError
from local.readiness import is_ready
from local.redis import RedisStartError
from local.settings import ROOT, Settings, SettingsError, read
from local.supervisor import STOP_SECONDS, StartError, Supervisor

UP_SECONDS = 300.0
# Three layers, each with its own time to end.
DOWN_SECONDS = 3 * STOP_SECONDS + 5.0
app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.command()
def up(
    detach: Annotated[bool, typer.Option("--detach", help="Return when it is ready.")] = False,  # noqa: FBT002 - a flag
) -> None:
    """Start the platform; in the foreground Ctrl-C stops it."""
    settings = _settings()
    if detach:
        _up_in_background(settings)
        return
    console = Console()
    platform = Platform(
        settings,
        console,
        Supervisor(settings.logs, lambda text: console.print(f"[yellow]! {text}[/yellow]")),
    )
    try:
        platform.run()
    except PlatformError as error:
        raise _failed(str(error)) from error
    except (GivenError, PostgresError, PreparationError, RedisStartError, StartError) as error:
        platform.stop()
        raise _failed(str(error)) from error


def _up_in_background(settings: Settings) -> None:
    log = settings.logs / "launcher.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "local", "up"],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    deadline = time.monotonic() + UP_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise _failed(log.read_text(errors="replace").strip())
        running = launcher_file.read(settings.data)
        if running is not None and running.pid == process.pid and running.is_ready:
            typer.echo(f"The supergraph is up: {settings.endpoint}")
            return
        time.sleep(0.1)
    raise _failed(f"The platform was not up in {UP_SECONDS:.0f} s; see {log}.")


@app.command()
def down(
    wipe: Annotated[bool, typer.Option("--wipe", help="Remove its data as well.")] = False,  # noqa: FBT002 - a flag
) -> None:
    """Stop a running platform."""
    settings = _settings()
    running = launcher_file.read(settings.data)
    if running is not None:
        process = psutil.Process(running.pid)
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(DOWN_SECONDS)
        except psutil.TimeoutExpired as error:
            raise _failed(f"Process {running.pid} has not ended; see {settings.logs}.") from error
    if wipe:
        postgres.wipe(settings.data / "postgres")
        shutil.rmtree(settings.data, ignore_errors=True)
    what = "stopped" if running is not None else "not running"
    typer.echo(f"The platform is {what}{', its data removed' if wipe else ''}.")


@app.command()
def status() -> None:
    """Say what runs and whether it is ready; exit status 1 when something is not."""
    running = launcher_file.read(_settings().data)
    if running is None:
        raise _failed("The platform is not running; start it with make up.")
    typer.echo(f"{running.endpoint}  (process {running.pid}; {' · '.join(running.described)})")
    states = {name: is_ready(url) for name, url in running.services.items()}
    for name, ready in states.items():
        typer.echo(f"  {name:<10} {'ready' if ready else 'NOT READY'}")
    raise typer.Exit(0 if all(states.values()) else 1)


@app.command()
def logs(
    service: Annotated[str | None, typer.Argument(help="One service; all when left out.")] = None,
    lines: Annotated[int, typer.Option("--lines", "-n", help="How many of the last lines.")] = 40,
) -> None:
    """Print the last lines of the logs."""
    folder = _settings().logs
    found = sorted(folder.glob("*.log")) if service is None else [folder / f"{service}.log"]
    if not all(path.exists() for path in found):
        known = ", ".join(path.stem for path in sorted(folder.glob("*.log")))
        raise _failed(f'There is no log of "{service}"; there are: {known or "none yet"}.')
    for path in found:
        text = path.read_text(errors="replace").splitlines()[-lines:]
        typer.echo("\n".join([f"== {path.stem}", *text] if service is None else text))


@app.command()
def seed(
    size: Annotated[str, typer.Option(help="100, 10k or 200k products.")] = "10k",
) -> None:
    """Load demo data into the running platform's databases, or those of DATABASE_URL_<NAME>."""
    settings = _settings()
    if launcher_file.read(settings.data) is not None:
        os.environ.update(json.loads((settings.data / "environment.json").read_text()))
    os.execv(sys.executable, [sys.executable, "-m", "db.seed", "--size", size])  # noqa: S606 - no shell


def _settings() -> Settings:
    try:
        return read()
    except SettingsError as error:
        raise _failed(str(error)) from error


def _failed(message: str) -> typer.Exit:
    typer.echo(f"error: {message}", err=True)
    return typer.Exit(1)


if __name__ == "__main__":
    app(prog_name="local")
