"""GraphQL over WebSocket: several operations at a time over one connection of a client.

https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md (`graphql-transport-ws`)
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field

import msgspec

from router.execute.errors import request_error
from router.execute.json_values import JSON, Value, decode, encode
from router.execute.transport import Headers
from router.serve.asgi_types import Receive, Scope, Send
from router.serve.endpoint import Answer, Endpoint
from router.serve.event_forms import EventForm
from router.serve.http_messages import JSON_TYPE, HttpRequest
from router.serve.negotiation import Accepted
from router.serve.streaming import StreamedResponse, deliver

log = logging.getLogger(__name__)
SUBPROTOCOL = "graphql-transport-ws"
MAX_OPERATIONS = 100
# A close frame has room for no more. https://www.rfc-editor.org/rfc/rfc6455#section-5.5
MAX_REASON_BYTES = 123
HEADER_VALUE = re.compile(r"[\t -~\x80-\xff]*")


@dataclass(frozen=True, slots=True)
class WebSocketRules:
    """What the settings say. `init_seconds` may pass until the client has introduced itself;
    `init_headers` (lower case) may come in the payload of that message.
    """

    init_seconds: float = 10.0
    init_headers: tuple[str, ...] = ("authorization",)


class _Left(Exception):  # noqa: N818 - a fact, not a fault
    """The client has closed the connection."""


class _Closing(Exception):  # noqa: N818 - an answer to what the client did
    """The client broke the protocol: the connection is closed with this code and reason."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason.encode()[:MAX_REASON_BYTES].decode("utf-8", "ignore")


async def converse(
    endpoint: Endpoint, rules: WebSocketRules, scope: Scope, receive: Receive, send: Send
) -> None:
    """Serve one connection that has asked to be let in."""
    spoken = SUBPROTOCOL if SUBPROTOCOL in scope["subprotocols"] else None
    await send({"type": "websocket.accept", "subprotocol": spoken})
    conversation = _Conversation(endpoint, rules, scope["path"], tuple(scope["headers"]), send)
    try:
        await _listen(conversation, spoken, receive)
    except _Closing as closing:
        await send({"type": "websocket.close", "code": closing.code, "reason": closing.reason})
    except _Left:
        pass
    finally:
        await conversation.end()


async def _listen(conversation: _Conversation, spoken: str | None, receive: Receive) -> None:
    """Take messages until there are none any more. Raises _Left, _Closing."""
    if spoken is None:
        raise _Closing(4406, f"Subprotocol not acceptable: speak {SUBPROTOCOL}")
    deadline = asyncio.get_running_loop().time() + conversation.rules.init_seconds
    while True:
        try:
            async with asyncio.timeout_at(None if conversation.is_acknowledged else deadline):
                message = await _message(receive)
        except TimeoutError as error:
            raise _Closing(4408, "Connection initialisation timeout") from error
        await conversation.take(message)


async def _message(receive: Receive) -> JSON:
    message = await receive()
    if message["type"] == "websocket.disconnect":
        raise _Left
    text = message.get("text")
    try:
        found = decode(message.get("bytes") or b"" if text is None else text)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise _Closing(4400, f"A message is not JSON: {error}") from error
    if not isinstance(found, dict):
        raise _Closing(4400, "A message is not a JSON object")
    return found


@dataclass(slots=True, eq=False)
class _Conversation:
    """One connection. `operations` are those under way, by the ids the client gave them."""

    endpoint: Endpoint
    rules: WebSocketRules
    path: str
    headers: Headers
    send: Send
    is_acknowledged: bool = False
    operations: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    async def take(self, message: JSON) -> None:
        """Do what a message says. Raises _Closing."""
        match message.get("type"):
            case "connection_init":
                await self._acknowledge(message.get("payload"))
            case "subscribe":
                await self._subscribe(message.get("id"), message.get("payload"))
            case "complete":
                operation = self.operations.pop(str(message.get("id")), None)
                if operation is not None:
                    operation.cancel()
            case "ping":
                await self._say(b'{"type":"pong"}')
            case "pong":
                pass
            case other:
                raise _Closing(4400, f"A message of type {encode(other).decode()} is not known")

    async def end(self) -> None:
        """Give up what is under way."""
        under_way = set(self.operations.values())
        for operation in under_way:
            operation.cancel()
        if under_way:
            await asyncio.wait(under_way)

    async def _acknowledge(self, payload: Value) -> None:
        if self.is_acknowledged:
            raise _Closing(4429, "Too many initialisation requests")
        self.is_acknowledged = True
        self.headers = introduced(self.headers, payload, self.rules.init_headers)
        await self._say(b'{"type":"connection_ack"}')

    async def _subscribe(self, id_: Value, payload: Value) -> None:
        if not self.is_acknowledged:
            raise _Closing(4401, "Unauthorized")
        if not isinstance(id_, str) or not id_ or not isinstance(payload, dict):
            raise _Closing(4400, 'A "subscribe" needs an "id" (a string) and a "payload"')
        if id_ in self.operations:
            raise _Closing(4409, f"Subscriber for {id_} already exists")
        if len(self.operations) >= MAX_OPERATIONS:
            message = f"{MAX_OPERATIONS} operations are under way over this connection already."
            await self._say(form_of(id_).fatal([request_error(message, "TOO_MANY_OPERATIONS")]))
            return
        work = self._operate(form_of(id_), encode(payload))
        operation = self.operations[id_] = asyncio.create_task(work)
        operation.add_done_callback(lambda _: self._forget(id_, operation))

    def _forget(self, id_: str, operation: asyncio.Task[None]) -> None:
        if self.operations.get(id_) is operation:
            del self.operations[id_]

    async def _operate(self, form: EventForm, body: bytes) -> None:
        """Carry an operation out, as one that comes by POST."""
        http = HttpRequest("POST", self.path, b"", self.headers, body)
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()

        def respond(answer: Answer) -> None:
            if not future.done():
                future.set_result(answer)

        cancel = self.endpoint.handle(http, respond, Accepted(JSON_TYPE, events=form))
        try:
            answer = await future
            if isinstance(answer, StreamedResponse):
                await deliver(answer.chunks, self._say)
            else:
                for message in whole(form, answer.body):
                    await self._say(message)
        except OSError:  # the client has left, or takes nothing for so long that it might have
            pass
        except Exception:
            log.exception("request_failed")
            fault = request_error("The router failed.", "INTERNAL_SERVER_ERROR")
            with suppress(OSError):
                await self._say(form.fatal([fault]))
        finally:
            cancel()

    async def _say(self, message: bytes) -> None:
        await self.send({"type": "websocket.send", "text": message.decode()})


def form_of(id_: str) -> EventForm:
    """How the responses of one operation are written: each chunk is a message."""
    id_json = encode(id_)
    return EventForm(
        content_type=JSON_TYPE,
        opening=b"",
        heartbeat=b'{"type":"ping"}',
        next=lambda body: b'{"id":%b,"type":"next","payload":%b}' % (id_json, body),
        fatal=lambda errors: encode({"id": id_, "type": "error", "payload": errors}),
        closing=b'{"id":%b,"type":"complete"}' % id_json,
    )


def whole(form: EventForm, body: bytes) -> tuple[bytes, ...]:
    """The messages for a response that came at once; without data it tells why nothing was done."""
    response = decode(body)
    if "data" in response:
        return form.next(body), form.closing
    return (form.fatal(response["errors"]),)


def introduced(headers: Headers, payload: Value, names: Iterable[str]) -> Headers:
    """A client's headers: those of its handshake, and of its introduction those that may come there
    and did not come before; both `{"name": "value"}` and `{"headers": {...}}` are common.
    """
    given = payload.get("headers", payload) if isinstance(payload, dict) else None
    values = (
        {str(name).lower(): value for name, value in given.items()}
        if isinstance(given, dict)
        else {}
    )
    known = {name for name, _ in headers}
    added = tuple(
        (name.encode(), value.encode("latin-1"))
        for name in names
        if name.encode() not in known
        and isinstance(value := values.get(name), str)
        and HEADER_VALUE.fullmatch(value)
    )
    kept = tuple(item for item in headers if item[0] != b"content-type")
    return (*kept, *added, (b"content-type", JSON_TYPE))
