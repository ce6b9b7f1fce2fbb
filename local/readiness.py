"""Whether a process answers: an HTTP page with 200, or a port that can be connected to."""

from __future__ import annotations

import socket
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

SECONDS = 2.0


def is_ready(url: str) -> bool:
    """Ask once, for two seconds at most; `url` is http://host:port/path or tcp://host:port."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port
    if parts.scheme == "tcp":
        try:
            with socket.create_connection((host, port or 0), timeout=SECONDS):
                return True
        except OSError:
            return False
    connection = HTTPConnection(host, port, timeout=SECONDS)
    try:
        connection.request("GET", parts.path)
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
