"""Clients that speak graphql-transport-ws, through a library of their own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import orjson
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin, Subprotocol

from tests.serve.servers import soon
from tests.serve.subscribing import SUBSCRIPTION, Setting, changed, opened

INIT, ACK = {"type": "connection_init"}, {"type": "connection_ack"}
EVENT = {"data": {"changed": {"id": "a", "name": "Ant"}}}
QUERY = {"query": "{ __typename }"}


@asynccontextmanager
async def connected(
    setting: Setting, *, protocol: str = "graphql-transport-ws", **options: Any
) -> AsyncIterator[ClientConnection]:
    url = f"ws://127.0.0.1:{setting.router.port}/graphql"
    protocols = [Subprotocol(protocol)] if protocol else None
    async with connect(url, subprotocols=protocols, proxy=None, **options) as connection:
        yield connection


async def say(connection: ClientConnection, *messages: Any) -> None:
    for message in messages:
        await connection.send(orjson.dumps(message).decode())


async def heard(connection: ClientConnection) -> Any:
    return orjson.loads(await asyncio.wait_for(connection.recv(), 5))


def subscribe(id_: str, payload: Any = SUBSCRIPTION) -> dict[str, Any]:
    return {"id": id_, "type": "subscribe", "payload": payload}


@asynccontextmanager
async def introduced(**settings: Any) -> AsyncIterator[tuple[Setting, ClientConnection]]:
    async with opened(**settings) as setting, connected(setting) as connection:
        await say(connection, INIT)
        assert await heard(connection) == ACK
        yield setting, connection


async def test_a_subscription_from_its_first_event_to_its_end() -> None:
    async with introduced() as (setting, connection):
        await say(connection, subscribe("1"))
        setting.news.tell(changed("a"))
        assert await heard(connection) == {"id": "1", "type": "next", "payload": EVENT}
        setting.news.tell(None)
        assert await heard(connection) == {"id": "1", "type": "complete"}


async def test_several_operations_share_a_connection() -> None:
    async with introduced() as (setting, connection):
        await say(connection, subscribe("s"), subscribe("q", QUERY))
        assert [await heard(connection), await heard(connection)] == [
            {"id": "q", "type": "next", "payload": {"data": {"__typename": "Query"}}},
            {"id": "q", "type": "complete"},
        ]
        setting.news.tell(changed("a"))
        assert (await heard(connection))["id"] == "s"


async def test_an_id_is_free_again_when_its_operation_is_over() -> None:
    async with introduced() as (_, connection):
        for _ in range(2):
            await say(connection, subscribe("1", QUERY))
            assert [(await heard(connection))["type"] for _ in range(2)] == ["next", "complete"]


async def test_a_client_that_completes_ends_the_subscription_at_the_subgraph() -> None:
    async with introduced() as (setting, connection):
        await say(connection, subscribe("1"))
        setting.news.tell(changed("a"))
        await heard(connection)
        await say(connection, {"id": "1", "type": "complete"}, {"id": "?", "type": "complete"})
        await asyncio.wait_for(setting.news.is_left.wait(), 5)
        await say(connection, {"type": "ping"})
        assert await heard(connection) == {"type": "pong"}


async def test_a_client_that_leaves_ends_everything_it_has_begun() -> None:
    async with opened() as setting:
        async with connected(setting) as connection:
            await say(connection, INIT, subscribe("1"))
            setting.news.tell(changed("a"))
            assert await heard(connection) == ACK
            await heard(connection)
        await asyncio.wait_for(setting.news.is_left.wait(), 5)
        await soon(lambda: not len(setting.parts.app.endpoint.subscriptions))


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ({"query": "{ nobody }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "{"}, "PARSING_ERROR"),
        ({"query": 3}, "INVALID_GRAPHQL_REQUEST"),
        ({}, "MISSING_QUERY_STRING"),
    ],
)
async def test_an_operation_that_cannot_be_carried_out_is_an_error_of_its_own(
    payload: Any, code: str
) -> None:
    async with introduced() as (_, connection):
        await say(connection, subscribe("1", payload))
        message = await heard(connection)
        assert (message["id"], message["type"]) == ("1", "error")
        assert message["payload"][0]["extensions"]["code"] == code
        await say(connection, subscribe("1", QUERY))
        assert (await heard(connection))["type"] == "next"


async def test_a_subscription_that_the_subgraph_ends_with_an_error_is_an_error() -> None:
    shown = {"include_subgraph_errors": {"all": True}}
    async with introduced(**shown) as (setting, connection):
        await say(connection, subscribe("1"))
        setting.news.tell({"errors": [{"message": "Out of news."}]})
        assert await heard(connection) == {
            "id": "1",
            "type": "error",
            "payload": [{"message": "Out of news.", "extensions": {"service": "news"}}],
        }


async def test_a_quiet_subscription_shows_that_it_is_alive() -> None:
    async with introduced(heartbeat=0.01) as (_, connection):
        await say(connection, subscribe("1"))
        assert await heard(connection) == {"type": "ping"}
        await say(connection, {"type": "pong"})


@pytest.mark.parametrize(
    ("messages", "code", "reason"),
    [
        ([subscribe("1")], 4401, "Unauthorized"),
        ([INIT, INIT], 4429, "Too many initialisation requests"),
        ([INIT, subscribe("1"), subscribe("1")], 4409, "Subscriber for 1 already exists"),
        ([INIT, {"type": "subscribe", "id": 3, "payload": {}}], 4400, "needs an"),
        ([INIT, {"type": "subscribe", "id": "1"}], 4400, "needs an"),
        ([INIT, {"type": "start"}], 4400, 'type "start" is not known'),
        ([INIT, {"type": "x" * 500}], 4400, "A message of type"),
        ([{}], 4400, "type null is not known"),
        ([[]], 4400, "not a JSON object"),
    ],
)
async def test_who_breaks_the_protocol_is_told_how_and_let_go(
    messages: list[Any], code: int, reason: str
) -> None:
    async with opened() as setting, connected(setting) as connection:
        await say(connection, *messages)
        with suppress(ConnectionClosed):
            while await heard(connection):
                pass
        assert connection.close_code == code
        assert reason in (connection.close_reason or "")
        await soon(lambda: not len(setting.parts.app.endpoint.subscriptions))


async def test_what_is_not_json_is_refused() -> None:
    async with opened() as setting, connected(setting) as connection:
        await connection.send("{")
        with pytest.raises(ConnectionClosed, match="4400"):
            await heard(connection)


async def test_who_speaks_another_protocol_is_told_which_one() -> None:
    async with opened() as setting, connected(setting, protocol="") as connection:
        with pytest.raises(ConnectionClosed, match=r"4406.*graphql-transport-ws"):
            await heard(connection)


async def test_who_does_not_introduce_itself_in_time_is_let_go() -> None:
    impatient = {"websocket": {"connection_init_timeout": "10ms"}}
    async with opened(**impatient) as setting, connected(setting) as connection:
        with pytest.raises(ConnectionClosed, match="4408"):
            await heard(connection)


async def test_pages_of_unknown_origins_are_not_let_in() -> None:
    """A browser asks nobody before it opens a WebSocket, and sends the cookies along."""
    async with opened() as setting:
        with pytest.raises(InvalidStatus, match="403"):
            async with connected(setting, origin=Origin("https://evil.test")):
                pass
        own = f"http://127.0.0.1:{setting.router.port}"
        for origin in (own, "https://studio.apollographql.com"):
            async with connected(setting, origin=Origin(origin)) as connection:
                await say(connection, INIT)
                assert await heard(connection) == ACK


async def test_they_can_be_switched_off() -> None:
    async with opened(websocket={"enabled": False}) as setting:
        with pytest.raises(InvalidStatus):
            async with connected(setting):
                pass


@pytest.mark.parametrize(
    ("handshake", "payload", "sent"),
    [
        ({}, {"Authorization": "Bearer p"}, b"Bearer p"),
        ({}, {"headers": {"authorization": "Bearer p"}}, b"Bearer p"),
        ({"authorization": "Bearer h"}, {"authorization": "Bearer p"}, b"Bearer h"),
        ({}, {"authorization": "Bearer p\r\nx-tenant: 7"}, None),
        ({}, {"authorization": 3, "x-tenant": "7"}, None),
        ({}, {"headers": 3}, None),
        ({}, [], None),
    ],
)
async def test_the_introduction_may_hold_the_headers_that_are_named(
    handshake: dict[str, str], payload: Any, sent: bytes | None
) -> None:
    rules = [{"propagate": {"named": name}} for name in ("authorization", "x-tenant")]
    async with (
        opened(headers={"all": {"request": rules}}) as setting,
        connected(setting, additional_headers=handshake) as connection,
    ):
        await say(connection, {**INIT, "payload": payload}, subscribe("1"))
        setting.news.tell(changed("a"))
        assert await heard(connection) == ACK
        await heard(connection)
        (request,) = setting.news.requests
        line = b"\r\nauthorization: %b\r\n" % sent if sent else b"\r\nauthorization:"
        assert (line in request) is (sent is not None)
        assert b"x-tenant" not in request


async def test_one_connection_has_a_bounded_number_of_operations() -> None:
    async with introduced() as (_, connection):
        await say(connection, *(subscribe(str(number)) for number in range(101)))
        message = await heard(connection)
        assert (message["id"], message["type"]) == ("100", "error")
        assert message["payload"][0]["extensions"]["code"] == "TOO_MANY_OPERATIONS"


async def test_a_router_that_stops_ends_them_with_an_error() -> None:
    async with introduced() as (setting, connection):
        await say(connection, subscribe("1"))
        await soon(lambda: len(setting.parts.app.endpoint.subscriptions) == 1)
        await setting.parts.app.endpoint.subscriptions.stop()
        message = await heard(connection)
        assert message["type"] == "error"
        assert message["payload"][0]["extensions"]["code"] == "SUBSCRIPTION_SHUTDOWN"
