"""The local platform's parts, with a small web server in place of a service."""

import os
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from local import ports, secret_store
from local.services import Layer, Service
from local.settings import SettingsError, read
from local.supervisor import StartError, Supervisor

# A stand-in service: answers 200 to everything on the port it is given.
PAGE = """
import http.server, sys
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
    def log_message(self, *_): pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Page).serve_forever()
"""


def page_service(port: int, program: str = PAGE) -> Service:
    command = (sys.executable, "-c", program, str(port))
    return Service("page", command, dict(os.environ), f"http://127.0.0.1:{port}/")


def test_a_port_in_use_is_not_free_and_its_holder_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert not ports.is_free(port)
        assert str(os.getpid()) in (ports.holder(port) or "")
    assert ports.free_port() < 32_768


def test_a_wrong_setting_is_told_with_its_name_and_what_it_can_be() -> None:
    with pytest.raises(SettingsError, match=r'ROUTER_PORT is "eighty"'):
        read({"ROUTER_PORT": "eighty"})
    with pytest.raises(SettingsError, match=r"SEED_SIZE.*100, 10k, 200k"):
        read({"SEED_SIZE": "1M"})
    with pytest.raises(SettingsError, match=r'PLATFORM_HOST is "nowhere".*127\.0\.0\.1'):
        read({"PLATFORM_HOST": "nowhere"})
    with pytest.raises(SettingsError, match=r"Port 4003 is for both .* set GRAPHQL_PORTS"):
        read({"ROUTER_PORT": "4003"})


def test_secrets_are_made_once_and_only_their_owner_can_read_them(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    first = secret_store.load_or_create(path, ["postgres", "redis"])
    again = secret_store.load_or_create(path, ["postgres", "redis", "tokens"])
    assert again["postgres"] == first["postgres"] != first["redis"]
    assert len(again["tokens"]) >= 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_crashed_service_is_told_of_and_started_again(tmp_path: Path) -> None:
    told: list[str] = []
    supervisor = Supervisor(tmp_path, told.append)
    supervisor.start(page_service(ports.free_port()))
    try:
        supervisor.wait(10)
        first = supervisor.running["page"].process
        first.kill()
        first.wait()
        deadline = time.monotonic() + 10
        while len(told) < 2 and time.monotonic() < deadline:
            supervisor.tend()
            time.sleep(0.05)
        assert told[0].startswith("page ended (signal 9)")
        assert told[1] == "page was started again"
        supervisor.wait(10)
    finally:
        supervisor.stop()
    assert supervisor.running == {}


def test_a_service_that_ends_while_starting_is_told_with_its_last_words(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path, lambda _: None)
    supervisor.start(page_service(1, "raise SystemExit('DATABASE_URL_PAGE is not set')"))
    with pytest.raises(
        StartError, match=r"page ended while starting: DATABASE_URL_PAGE is not set"
    ):
        supervisor.wait(10)


def test_a_layer_is_stopped_only_when_those_above_it_have_ended(tmp_path: Path) -> None:
    ended = tmp_path / "ended"
    program = (
        "import pathlib, signal, sys, time\n"
        "def end(*_):\n"
        "    with pathlib.Path(sys.argv[1]).open('a') as file: file.write(sys.argv[2] + '\\n')\n"
        "    sys.exit()\n"
        "signal.signal(signal.SIGTERM, end)\n"
        "pathlib.Path(sys.argv[2]).touch()\n"
        "while True: time.sleep(0.1)\n"
    )
    supervisor = Supervisor(tmp_path, lambda _: None)
    names = [tmp_path / layer.name for layer in Layer]
    for layer, name in zip(Layer, names, strict=True):
        command = (sys.executable, "-c", program, str(ended), str(name))
        supervisor.start(Service(layer.name, command, dict(os.environ), "http://none/", layer))
    while not all(name.exists() for name in names):
        time.sleep(0.02)
    supervisor.stop()
    assert ended.read_text().split() == [str(name) for name in reversed(names)]


def test_nothing_outlives_a_launcher_that_is_killed(tmp_path: Path) -> None:
    launcher = (
        "import sys, time; from pathlib import Path; from local import children\n"
        "child = children.spawn([sys.executable, '-c', 'import time; time.sleep(60)'],"
        " log=Path(sys.argv[1]))\n"
        "print(child.pid, flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", launcher, str(tmp_path / "log")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        child = psutil.Process(int(process.stdout.readline()))
        process.send_signal(signal.SIGKILL)
    _, alive = psutil.wait_procs([child], timeout=10)
    assert alive == [] or all(one.status() == psutil.STATUS_ZOMBIE for one in alive)
