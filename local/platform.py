"""Brings the platform up, step by step, and keeps it up until it is told to stop."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from types import FrameType

from rich.console import Console

from local import launcher_file, ports, preparation, secret_store, services
from local.launcher_file import Launcher
from local.servers import Servers
from local.servers import start as start_servers
from local.settings import SERVICES, Settings
from local.supervisor import Supervisor

READY_SECONDS = 60.0
TEND_SECONDS = 0.5


class PlatformError(Exception):
    """The platform cannot run as asked; the message says what is in the way."""


class Stopped(Exception):  # noqa: N818 - it is an order, not an error
    """Ctrl-C or SIGTERM."""


@dataclass(slots=True)
class Platform:
    """The platform while it runs."""

    settings: Settings
    console: Console
    supervisor: Supervisor
    servers: Servers = field(default_factory=Servers)

    def run(self) -> None:
        """Start everything, then tend it until Ctrl-C or SIGTERM. Raises PlatformError."""
        _refuse_second(self.settings)
        _refuse_taken_ports(self.settings)
        with _stops_on_signals():
            try:
                launcher = self._start()
                self._banner()
                launcher_file.write(self.settings.data, replace(launcher, is_ready=True))
                while True:
                    time.sleep(TEND_SECONDS)
                    self.supervisor.tend()
            except Stopped:
                self.console.print("\nstopping ...")
        self.stop()

    def stop(self) -> None:
        """Stop the router, then the subgraphs, then the servers below them."""
        with _ignoring_signals():
            self.supervisor.stop()
            launcher_file.remove(self.settings.data)

    def _start(self) -> Launcher:
        settings = self.settings
        names = ("postgres", "redis", "tokens", *SERVICES)
        passwords = secret_store.load_or_create(settings.data / "secrets.json", names)
        with self._step("PostgreSQL and Redis"):
            self.servers = start_servers(settings, passwords, self.supervisor)
        environment = services.base_environment(
            settings, self.servers.environment, passwords["tokens"]
        )
        secret_store.write_private(settings.data / "environment.json", environment)
        launcher = self._announce(environment)
        self._prepare(environment)
        with self._step("five subgraphs and the router"):
            for name in SERVICES:
                self.supervisor.start(services.subgraph(settings, environment, name))
            supergraph = settings.data / "supergraph.graphql"
            self.supervisor.start(services.router(settings, environment, supergraph))
            self.supervisor.wait(READY_SECONDS)
        return launcher

    def _announce(self, environment: dict[str, str]) -> Launcher:
        settings = self.settings
        after = [services.subgraph(settings, environment, name) for name in SERVICES]
        after.append(services.router(settings, environment, settings.data))
        pages = {
            one.service.name: one.service.ready_url for one in self.supervisor.running.values()
        }
        pages |= {service.name: service.ready_url for service in after}
        described = tuple(self.servers.described)
        launcher = Launcher(
            os.getpid(), launcher_file.own_start(), settings.endpoint, pages, described
        )
        launcher_file.write(settings.data, launcher)
        return launcher

    def _prepare(self, environment: dict[str, str]) -> None:
        settings, places = self.settings, self.servers.places
        supergraph = str(settings.data / "supergraph.graphql")
        compose = ("router", "compose", "--config", "supergraph.yaml", "--output", supergraph)
        steps: dict[str, tuple[str, ...]] = {"compose": compose}
        for name in SERVICES:
            if preparation.needs_migration(settings, name, places[name]):
                steps[f"migrate-{name}"] = ("subgraphs.chassis.migrate", name)
        label = "supergraph and migrations" if len(steps) > 1 else "supergraph"
        with self._step(label):
            started = {
                step: preparation.start_step(command, environment, settings.logs / f"{step}.log")
                for step, command in steps.items()
            }
            for step, process in started.items():
                preparation.finish_step(step, process, settings.logs / f"{step}.log")
            preparation.note_migration(settings, places)
        if not preparation.is_seeded(settings, places):
            with self._step(f"demo data ({settings.seed} products)"):
                log = settings.logs / "seed.log"
                command = ("db.seed", "--size", settings.seed, "--if-empty")
                preparation.finish_step(
                    "seed", preparation.start_step(command, environment, log), log
                )
                preparation.note_seed(settings, places)

    @contextmanager
    def _step(self, name: str) -> Iterator[None]:
        begun = time.monotonic()
        with self.console.status(f"{name} ..."):
            yield
        self.console.print(f"  [green]✓[/green] {name} [dim]{time.monotonic() - begun:.1f} s[/dim]")

    def _banner(self) -> None:
        described = " · ".join(self.servers.described)
        search = "Elasticsearch" if "ELASTICSEARCH_URL" in os.environ else "PostgreSQL"
        lines = [
            "",
            f"  [bold]The supergraph is up:[/bold] [cyan]{self.settings.endpoint}[/cyan]",
            "",
            f"  running   {described} · search in {search} · 5 subgraphs · router",
            "  try       open the address in a browser: sample operations and logins are there",
            "  logins    customer@demo.shop, admin@demo.shop, support@, catalog@, inventory@,",
            "            fulfilment@, finance@ - password: demo-password",
            f"  logs      {self.settings.logs}",
            "  stop      Ctrl-C, or make down",
            "",
        ]
        self.console.print("\n".join(lines), highlight=False)


def _refuse_second(settings: Settings) -> None:
    other = launcher_file.read(settings.data)
    if other is not None:
        raise PlatformError(
            f"The platform is running already (process {other.pid}) at {other.endpoint}; stop it "
            "with make down."
        )


def _refuse_taken_ports(settings: Settings) -> None:
    for use, (port, variable) in settings.ports().items():
        if not ports.is_free(port, settings.host):
            holder = ports.holder(port)
            by = f" by {holder}" if holder else ""
            raise PlatformError(
                f"Port {port}, wanted for {use}, is in use{by}. Stop it, or set {variable} to "
                "another port."
            )


@contextmanager
def _stops_on_signals() -> Iterator[None]:
    def stop(_number: int, _frame: FrameType | None) -> None:
        raise Stopped

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _ignoring_signals() -> Iterator[None]:
    """A second Ctrl-C does not interrupt stopping, which is bounded in time anyway."""
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, signal.SIG_IGN) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
