"""A GraphQL request out of an HTTP request, or the 4xx that says what is wrong with it.

https://graphql.github.io/graphql-over-http/draft/#sec-Request
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import parse_qs

import msgspec
from msgspec import Struct, field

from router.execute.errors import request_error
from router.execute.json_values import JSON, Value, decode
from router.execute.transport import Headers
from router.serve.http_messages import HttpRequest

# What a form of any web page can send without the browser asking first.
SIMPLE_TYPES = frozenset(
    {b"text/plain", b"application/x-www-form-urlencoded", b"multipart/form-data"}
)
INVALID = "INVALID_GRAPHQL_REQUEST"


class Refused(Exception):  # noqa: N818 - a refusal is an answer
    """The request is not carried out: `status`, the errors for the client, headers to add."""

    def __init__(self, status: int, message: str, code: str, headers: Headers = ()) -> None:
        super().__init__(message)
        self.status = status
        self.errors = [request_error(message, code)]
        self.headers = headers


class GraphQLRequest(Struct, frozen=True):
    """The parameters of a request; `query` is the document's text."""

    query: str
    operation_name: str | None = None
    variables: JSON = field(default_factory=dict)
    extensions: JSON = field(default_factory=dict)


def graphql_request(
    http: HttpRequest, required_headers: Iterable[str], *, is_csrf_checked: bool = True
) -> GraphQLRequest:
    """Read the parameters. Raises Refused.

    One of `required_headers` lets a request pass that a web page elsewhere could have sent.
    """
    content_type = http.header(b"content-type")
    if is_csrf_checked:
        _check_csrf(http, content_type, required_headers)
    if http.method == "GET":
        return _from_query(http.query)
    if http.method != "POST":
        raise Refused(
            405,
            f"{http.method} is not supported: send a POST, or a GET for a query.",
            "METHOD_NOT_ALLOWED",
            ((b"allow", b"GET, POST, OPTIONS"),),
        )
    _check_content_type(content_type)
    return _from_body(http.body)


def _check_csrf(
    http: HttpRequest, content_type: bytes | None, required_headers: Iterable[str]
) -> None:
    """https://www.apollographql.com/docs/graphos/routing/security/csrf"""
    if content_type is None or content_type == b"application/json":
        return
    if _essence(content_type) not in SIMPLE_TYPES | {b""}:
        return
    if any(http.header(name.lower().encode()) for name in required_headers):
        return
    raise Refused(
        400,
        "This request could have been sent by any web page. Send content-type application/json, "
        f"or one of these headers with any value: {', '.join(required_headers)}.",
        "CSRF_ERROR",
    )


def _essence(content_type: bytes) -> bytes:
    essence = content_type.partition(b";")[0].strip().lower()
    return essence if essence.count(b"/") == 1 else b""


def _check_content_type(content_type: bytes | None) -> None:
    if content_type == b"application/json":
        return
    if content_type is None or _essence(content_type) != b"application/json":
        sent = "nothing" if content_type is None else f'"{content_type.decode("latin-1")}"'
        raise Refused(
            415,
            f'A POST needs content-type "application/json"; this one has {sent}.',
            "UNSUPPORTED_MEDIA_TYPE",
        )
    charset = content_type.lower().partition(b"charset=")[2].strip(b' "')
    if charset not in {b"", b"utf-8", b"utf8"}:
        raise Refused(
            415,
            f'JSON is read as UTF-8 only, not "{charset.decode("latin-1")}".',
            "UNSUPPORTED_MEDIA_TYPE",
        )


def _from_query(query: bytes) -> GraphQLRequest:
    given = parse_qs(query.decode("latin-1"), keep_blank_values=True)
    values: JSON = {key: items[-1] for key, items in given.items()}
    for key in ("variables", "extensions"):
        if values.get(key):
            values[key] = _json(values[key].encode(), f'The parameter "{key}"')
        else:
            values.pop(key, None)
    if values.get("operationName") == "":
        del values["operationName"]
    return _from_parameters(values)


def _from_body(body: bytes) -> GraphQLRequest:
    parameters = _json(body, "The body")
    if isinstance(parameters, list):
        raise Refused(400, "Batches of operations are not accepted: send one.", INVALID)
    if not isinstance(parameters, dict):
        raise Refused(400, 'The body must be a JSON object: {"query": "..."}.', INVALID)
    return _from_parameters(parameters)


def _json(text: bytes, what: str) -> Value:
    try:
        return decode(text)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Refused(400, f"{what} is not JSON: {error}.", INVALID) from error


def _from_parameters(parameters: JSON) -> GraphQLRequest:
    query = parameters.get("query")
    if query is None or query == "":
        raise Refused(400, 'Send the document in "query".', "MISSING_QUERY_STRING")
    name = parameters.get("operationName")
    variables, extensions = parameters.get("variables"), parameters.get("extensions")
    for key, value, is_right, kind in (
        ("query", query, isinstance(query, str), "a string"),
        ("operationName", name, name is None or isinstance(name, str), "a string"),
        ("variables", variables, variables is None or isinstance(variables, dict), "an object"),
        ("extensions", extensions, extensions is None or isinstance(extensions, dict), "an object"),
    ):
        if not is_right:
            found = type(value).__name__
            raise Refused(400, f'"{key}" must be {kind}, and is {_json_name(found)}.', INVALID)
    return GraphQLRequest(query, name, variables or {}, extensions or {})


def _json_name(python: str) -> str:
    names = {"dict": "an object", "list": "a list", "str": "a string", "bool": "a boolean"}
    return names.get(python, "a number")
