"""What a subgraph sent, understood: data and errors, or one error that says what was wrong."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

import msgspec

from router.execute.errors import SubgraphError
from router.execute.json_values import JSON, Value, decode
from router.execute.transport import SubgraphAnswer, SubgraphFailure

TIMED_OUT, HTTP_FAILED, MALFORMED = (
    "GATEWAY_TIMEOUT",
    "SUBREQUEST_HTTP_ERROR",
    "SUBREQUEST_MALFORMED_RESPONSE",
)


@dataclass(frozen=True, slots=True)
class Understood:
    """`data` is None when there is none; `errors` have paths in the subgraph's own terms."""

    data: JSON | None
    errors: tuple[SubgraphError, ...] = ()


def understand(subgraph: str, answer: SubgraphAnswer) -> Understood:
    """Read an answer as a GraphQL response; never raises.

    https://graphql.github.io/graphql-over-http/draft/#sec-Response
    """
    if answer.failure is not None:
        return Understood(None, (_failure(subgraph, answer.failure),))
    is_ok = 200 <= answer.status < 300
    try:
        body = decode(answer.body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        reason = f"it is not JSON ({error})" if answer.body else "it is empty"
        return _unusable(subgraph, answer, is_ok, reason)
    reason = _why_not_graphql(body)
    if reason:
        return _unusable(subgraph, answer, is_ok, reason)
    errors = tuple(_error(subgraph, item) for item in body.get("errors") or ())
    if not is_ok and not errors:
        errors = (_bad_status(subgraph, answer.status),)
    return Understood(body.get("data"), errors)


def understand_result(subgraph: str, result: Value) -> Understood:
    """The same for a GraphQL result that came as an event of a subscription; never raises."""
    reason = _why_not_graphql(result)
    if reason:
        message = f'An event of subgraph "{subgraph}" cannot be used: {reason}.'
        return Understood(None, (malformed(subgraph, message),))
    errors = tuple(_error(subgraph, item) for item in result.get("errors") or ())
    return Understood(result.get("data"), errors)


def understood_errors(subgraph: str, errors: Value) -> tuple[SubgraphError, ...]:
    """A list of errors that came without a result; each is taken as far as it is well formed."""
    return tuple(_error(subgraph, item) for item in errors) if isinstance(errors, list) else ()


def _why_not_graphql(body: Value) -> str:
    if not isinstance(body, dict):
        return "it is not a JSON object"
    errors, data = body.get("errors"), body.get("data")
    if errors is not None and not isinstance(errors, list):
        return '"errors" is not a list'
    if data is not None and not isinstance(data, dict):
        return '"data" is not an object'
    if "data" not in body and not errors:
        return 'it has neither "data" nor "errors"'
    return "" if errors or data is not None else '"data" is null without any error'


def _unusable(subgraph: str, answer: SubgraphAnswer, is_ok: bool, reason: str) -> Understood:  # noqa: FBT001 - internal
    if not is_ok:
        return Understood(None, (_bad_status(subgraph, answer.status),))
    message = f'The answer of subgraph "{subgraph}" cannot be used: {reason}.'
    return Understood(None, (malformed(subgraph, message),))


def malformed(subgraph: str, message: str, path: tuple[str | int, ...] = ()) -> SubgraphError:
    """The error about an answer that breaks the protocol."""
    return SubgraphError(subgraph, message, path, {"code": MALFORMED}, is_own=True)


def _failure(subgraph: str, failure: SubgraphFailure) -> SubgraphError:
    code = TIMED_OUT if failure.kind == "timeout" else HTTP_FAILED
    extensions = {"code": code, "reason": failure.kind}
    return SubgraphError(subgraph, failure.message, (), extensions, is_own=True)


def _bad_status(subgraph: str, status: int) -> SubgraphError:
    try:
        phrase = f" {HTTPStatus(status).phrase}"
    except ValueError:
        phrase = ""
    message = f'Subgraph "{subgraph}" answered with HTTP status {status}{phrase}.'
    extensions = {"code": HTTP_FAILED, "http": {"status": status}}
    return SubgraphError(subgraph, message, (), extensions, is_own=True)


def _error(subgraph: str, item: Value) -> SubgraphError:
    """One entry of `errors`, taken as far as it is well formed."""
    if not isinstance(item, dict):
        return malformed(subgraph, f'Subgraph "{subgraph}" sent an error that is not an object.')
    message, path, extensions = item.get("message"), item.get("path"), item.get("extensions")
    is_path = isinstance(path, list) and all(
        isinstance(element, str | int) and not isinstance(element, bool) for element in path
    )
    return SubgraphError(
        subgraph,
        message if isinstance(message, str) else f'Subgraph "{subgraph}" gave no message.',
        tuple(path) if is_path and path else (),
        extensions if isinstance(extensions, dict) else {},
    )
