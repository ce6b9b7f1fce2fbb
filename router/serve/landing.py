"""The page for people: files of our own, served as they are, nothing from elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path

import msgspec

from router.execute.json_values import encode
from router.serve.http_messages import HttpResponse
from router.serve.settings.model import Homepage

FILES = Path(__file__).parent / "page"
PREFIX = "/.page/"
TYPES = {".js": b"text/javascript; charset=utf-8", ".css": b"text/css; charset=utf-8"}
POLICY = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    b"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True)
class Landing:
    """What a browser gets at the endpoint, and the files that the page asks for."""

    page: HttpResponse
    assets: dict[str, HttpResponse]

    def asset(self, path: str) -> HttpResponse | None:
        """One of its modules or its style sheet."""
        return self.assets.get(path)


def landing(homepage: Homepage, graphql_path: str, health_path: str | None) -> Landing:
    """Read the page's files and write the settings into it."""
    settings = msgspec.to_builtins(homepage) | {"path": graphql_path, "health": health_path}
    html = (FILES / "index.html").read_text()
    html = html.replace("{{title}}", escape(homepage.title))
    # In a script element only `<` could end it early; JSON may write it as an escape.
    html = html.replace("{{settings}}", encode(settings).decode().replace("<", "\\u003c"))
    assets = {
        f"{PREFIX}{file.name}": _asset(file)
        for file in sorted(FILES.iterdir())
        if file.suffix in TYPES
    }
    headers = (
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-security-policy", POLICY),
        (b"cache-control", b"no-cache"),
        (b"vary", b"accept"),
    )
    return Landing(HttpResponse(200, headers, html.encode()), assets)


def _asset(file: Path) -> HttpResponse:
    headers = (
        (b"content-type", TYPES[file.suffix]),
        (b"cache-control", b"no-cache"),
        (b"x-content-type-options", b"nosniff"),
    )
    return HttpResponse(200, headers, file.read_bytes())
