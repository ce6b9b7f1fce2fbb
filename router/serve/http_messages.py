"""An HTTP request and its answer as values, so that every server in front can use one handler."""

from __future__ import annotations

from msgspec import Struct

from router.execute.json_values import JSON, encode
from router.execute.transport import Headers

JSON_TYPE = b"application/json"
GRAPHQL_TYPE = b"application/graphql-response+json"


class HttpRequest(Struct, frozen=True, gc=False):
    """`headers` have lower-case names; `query` is the raw query string; `body` is complete."""

    method: str
    path: str
    query: bytes
    headers: Headers
    body: bytes

    def header(self, name: bytes) -> bytes | None:
        """The value of a header; several of one name are joined, as the RFC allows.

        https://www.rfc-editor.org/rfc/rfc9110.html#section-5.3
        """
        values = [value for key, value in self.headers if key == name]
        return b", ".join(values) if values else None


class HttpResponse(Struct, frozen=True, gc=False):
    """`content-length` is added by whoever sends it."""

    status: int
    headers: Headers
    body: bytes


def json_response(
    status: int, content: JSON, content_type: bytes = JSON_TYPE, headers: Headers = ()
) -> HttpResponse:
    """A JSON body with its type."""
    return HttpResponse(status, ((b"content-type", content_type), *headers), encode(content))
