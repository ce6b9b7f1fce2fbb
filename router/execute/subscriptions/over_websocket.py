"""A subscription over WebSocket, one connection for each.

https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md (`graphql-transport-ws`)
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException
from websockets.typing import Subprotocol

from router.execute.answers import Understood, understand_result, understood_errors
from router.execute.json_values import JSON, Value, decode
from router.execute.subscriptions.source import (
    SourceFailed,
    SourceRequest,
    broken,
    too_late,
    unreadable,
)

SUBPROTOCOL = Subprotocol("graphql-transport-ws")
CLOSE_SECONDS = 1.0


async def events(request: SourceRequest) -> AsyncGenerator[Understood, None]:
    """See OpenSource."""
    subgraph, limits = request.subgraph, request.limits
    deadline = asyncio.get_running_loop().time() + limits.open
    connection: ClientConnection | None = None
    is_subscribed = False
    try:
        try:
            async with asyncio.timeout_at(deadline):
                connection = await _connected(request)
                await _initialise(request, connection)
        except TimeoutError as error:
            raise too_late(subgraph, f"it did not accept within {limits.open:g} seconds") from error
        is_subscribed = True
        async with aclosing(_until_complete(request, connection)) as told:
            async for event in told:
                yield event
        is_subscribed = False
    except ConnectionClosed as error:
        raise broken(subgraph, _why_closed(error)) from error
    finally:
        if connection is not None:
            await _leave(connection, is_subscribed=is_subscribed)


async def _connected(request: SourceRequest) -> ClientConnection:
    limits = request.limits
    try:
        connection = await connect(
            request.url,
            subprotocols=[SUBPROTOCOL],
            additional_headers=[
                (name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers
            ],
            compression=None,
            user_agent_header=None,
            proxy=None,
            open_timeout=None,
            ping_interval=limits.heartbeat,
            ping_timeout=limits.heartbeat,
            close_timeout=CLOSE_SECONDS,
            max_size=limits.event_bytes,
            ssl=request.tls,
        )
    except InvalidStatus as error:
        reason = f"it answered with HTTP status {error.response.status_code}, not as a WebSocket"
        raise broken(request.subgraph, reason) from error
    except (OSError, UnicodeError, WebSocketException) as error:
        if isinstance(error, TimeoutError):
            raise
        raise broken(request.subgraph, f"there is no connection ({error})") from error
    if connection.subprotocol != SUBPROTOCOL:
        await connection.close()
        raise unreadable(request.subgraph, f"it does not speak {SUBPROTOCOL}")
    return connection


async def _initialise(request: SourceRequest, connection: ClientConnection) -> None:
    """Introduce ourselves, wait for the acknowledgement, and subscribe."""
    await connection.send('{"type":"connection_init"}')
    while (message := await _message(request, connection)).get("type") != "connection_ack":
        if message.get("type") != "ping":
            reason = f'it sent "{message.get("type")}" before the connection was acknowledged'
            raise unreadable(request.subgraph, reason)
        await connection.send('{"type":"pong"}')
    subscribe = b'{"id":"1","type":"subscribe","payload":%b}' % request.body
    await connection.send(subscribe, text=True)


async def _until_complete(
    request: SourceRequest, connection: ClientConnection
) -> AsyncGenerator[Understood, None]:
    subgraph = request.subgraph
    while True:
        message = await _in_time(request, connection)
        match message.get("type"):
            case "next":
                yield understand_result(subgraph, message.get("payload"))
            case "complete":
                return
            case "error":
                raise _given_up(subgraph, message.get("payload"))
            case "ping":
                await connection.send('{"type":"pong"}')
            case "pong":
                pass
            case other:
                raise unreadable(subgraph, f'it sent a message of type "{other}"')


async def _in_time(request: SourceRequest, connection: ClientConnection) -> JSON:
    """The next message. With heartbeats the library watches the connection, else its silence is
    taken for its end.
    """
    limits = request.limits
    try:
        async with asyncio.timeout(None if limits.heartbeat else limits.silence):
            return await _message(request, connection)
    except TimeoutError as error:
        reason = f"it sent nothing for {limits.silence:g} seconds"
        raise too_late(request.subgraph, reason) from error


async def _message(request: SourceRequest, connection: ClientConnection) -> JSON:
    try:
        message = decode(await connection.recv(decode=False))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        reason = f"it sent a message that is not JSON ({error})"
        raise unreadable(request.subgraph, reason) from error
    if not isinstance(message, dict):
        raise unreadable(request.subgraph, "it sent a message that is not a JSON object")
    return message


def _given_up(subgraph: str, errors: Value) -> SourceFailed:
    told = understood_errors(subgraph, errors)
    return SourceFailed(*told) if told else unreadable(subgraph, "it sent an error without errors")


def _why_closed(error: ConnectionClosed) -> str:
    if error.rcvd is not None:
        said = f" {error.rcvd.reason}" if error.rcvd.reason else ""
        return f"it closed the connection ({error.rcvd.code}{said})"
    return (
        f"the connection was given up ({error.sent.reason})"
        if error.sent
        else "the connection broke"
    )


async def _leave(connection: ClientConnection, *, is_subscribed: bool) -> None:
    """Say goodbye, in the protocol's words where there is still somebody to hear them."""
    with suppress(ConnectionClosed):
        if is_subscribed:
            await connection.send('{"id":"1","type":"complete"}')
        await connection.close()
