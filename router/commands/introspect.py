"""The SDL of a running subgraph, by `{ _service { sdl } }`.

https://www.apollographql.com/docs/graphos/schema-design/federated-schemas/reference/subgraph-spec
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from router.compose.config import ConfigError

QUERY = b'{"query":"query SubgraphIntrospectQuery { _service { sdl } }"}'
DEADLINE_SECONDS = 15.0
LARGEST_BYTES = 64 * 1024 * 1024
ADVICE = "Is it running, and is it a Federation subgraph? Its schema can also be named as file."


def introspect(url: str, headers: Mapping[str, str]) -> str:
    """Ask a subgraph for its SDL. Raises ConfigError with what it answered instead."""
    request = Request(  # noqa: S310 - the configuration allows http and https only
        url, data=QUERY, headers={"content-type": "application/json", **headers}
    )
    try:
        body = _body(request)
    except HTTPError as error:
        more = " Does it need introspection_headers?" if error.code in {401, 403} else f" {ADVICE}"
        raise ConfigError(f"{url} answered {error.code} {error.reason}.{more}") from error
    except (URLError, OSError, HTTPException, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        raise ConfigError(f"{url} could not be asked for its schema: {reason}. {ADVICE}") from error
    return _sdl(url, body)


def _body(request: Request) -> bytes:
    end = time.monotonic() + DEADLINE_SECONDS
    parts: list[bytes] = []
    with urlopen(request, timeout=DEADLINE_SECONDS) as answer:  # noqa: S310 - checked before
        while part := answer.read1(65536):
            parts.append(part)
            if time.monotonic() > end or sum(map(len, parts)) > LARGEST_BYTES:
                raise TimeoutError("the answer takes too long or is too large")
    return b"".join(parts)


def _sdl(url: str, body: bytes) -> str:
    try:
        answer = json.loads(body)
        sdl = answer["data"]["_service"]["sdl"]
    except ValueError as error:
        raise ConfigError(f"{url} did not answer JSON. Is that its GraphQL endpoint?") from error
    except (KeyError, TypeError) as error:
        raise ConfigError(f"{url} gave no SDL: {_reason(answer)}. {ADVICE}") from error
    if not isinstance(sdl, str) or not sdl:
        raise ConfigError(f"{url} gave an SDL that is no text. {ADVICE}")
    return sdl


def _reason(answer: object) -> str:
    """The first error of a GraphQL answer."""
    errors = answer.get("errors") if isinstance(answer, dict) else None
    first = errors[0] if isinstance(errors, list) and errors else None
    message = first.get("message") if isinstance(first, dict) else None
    return str(message).rstrip(".") if message else "there is no _service in its answer"
