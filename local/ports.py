"""Ports on the loopback interface: a free one, or who holds the one we want."""

from __future__ import annotations

import random
import socket

import psutil

LOOPBACK = "127.0.0.1"
# Below the range the kernel gives to clients (32768 and up): a port picked there can be taken by
# an outgoing connection between picking and listening.
LOWEST, HIGHEST = 10_000, 32_000


def is_free(port: int, host: str = LOOPBACK) -> bool:
    """Whether a server could listen on this port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def can_listen(host: str) -> bool:
    """Whether `host` is an address of this machine."""
    return is_free(0, host)


def free_port() -> int:
    """A port nobody listens on. Raises OSError when a hundred tries found none."""
    for _ in range(100):
        port = random.randint(LOWEST, HIGHEST)  # noqa: S311 - not a secret
        if is_free(port):
            return port
    raise OSError(f"No free port between {LOWEST} and {HIGHEST} was found.")


def holder(port: int) -> str | None:
    """Name and process id of whoever listens on `port`, where the system tells us."""
    try:
        for connection in psutil.net_connections(kind="tcp"):
            if connection.status != psutil.CONN_LISTEN or not connection.laddr:
                continue
            if connection.laddr.port == port and connection.pid:
                return f"{psutil.Process(connection.pid).name()} (process {connection.pid})"
    except (psutil.AccessDenied, psutil.NoSuchProcess):
        return None
    return None
