"""A subgraph that answers `{ _service { sdl } }` over real HTTP, and what it was asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class RunningSubgraph:
    """`sdl` may be changed while it runs; a `token` is asked for where it is not empty."""

    sdl: str
    token: str = ""
    answer: bytes = b""
    url: str = ""
    asked: list[dict[str, str]] = field(default_factory=list)

    def respond(self, headers: dict[str, str]) -> tuple[int, bytes]:
        self.asked.append(headers)
        if self.token and headers.get("authorization") != self.token:
            return 401, b"{}"
        return 200, self.answer or json.dumps({"data": {"_service": {"sdl": self.sdl}}}).encode()


@contextmanager
def running(subgraph: RunningSubgraph) -> Iterator[RunningSubgraph]:
    """Serve it on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, body = subgraph.respond(headers)
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    subgraph.url = f"http://127.0.0.1:{server.server_address[1]}/graphql"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield subgraph
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
