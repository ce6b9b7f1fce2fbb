"""From a subgraph's events to a client's responses: one for each, joined with what others know."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any

import orjson
import pytest

from router.execute.answers import Understood, understand_result
from router.execute.engine import ExecutionRequest
from router.execute.interpreter import Interpreter
from router.execute.subscriptions.inbox import Ended, Inbox
from router.execute.subscriptions.run import Subscription, primary_request
from router.execute.subscriptions.source import broken
from router.execute.transport import Cancel, SubgraphTransport, failed
from tests.execute.canned_subgraphs import CannedSubgraphs, entities
from tests.execute.newsroom import subscription

NAMED = "subscription { changed { id name } }"
NAMES = {"a": {"__typename": "Product", "name": "Ant"}, "b": {"name": "Bee", "note": "b"}}


@dataclass
class Told:
    """A subgraph's side of a conversation, told from outside; `is_left` when it was ended."""

    events: asyncio.Queue[Any] = field(default_factory=asyncio.Queue)
    is_left: bool = False

    def tell(self, *results: Any) -> None:
        for result in results:
            self.events.put_nowait(result)

    async def source(self) -> AsyncGenerator[Understood, None]:
        try:
            while (event := await self.events.get()) is not None:
                if isinstance(event, Exception):
                    raise event
                yield understand_result("news", event)
        finally:
            self.is_left = True


@dataclass
class SilentSubgraphs:
    """A transport to subgraphs that do not answer."""

    is_asked: asyncio.Event = field(default_factory=asyncio.Event)
    is_given_up: bool = False

    def send(self, *_request: object) -> Cancel:
        self.is_asked.set()

        def cancel() -> None:
            self.is_given_up = True

        return cancel


class Watched:
    """A subscription under way."""

    def __init__(
        self,
        text: str,
        subgraphs: SubgraphTransport,
        variables: dict[str, Any] | None = None,
        capacity: int = 10,
    ) -> None:
        operation = subscription(text)
        self.told = Told()
        self.dropped = 0
        self.inbox = Inbox(capacity, self._drop)
        request = ExecutionRequest(variables or {})
        running = Subscription(
            operation,
            primary_request(operation),
            request,
            5.0,
            subgraphs,
            Interpreter(),
            self.inbox,
        )
        self.responses = running.responses(self.told.source())

    def _drop(self) -> None:
        self.dropped += 1

    async def next(self) -> Any:
        return orjson.loads(await asyncio.wait_for(anext(self.responses), 5))


def changed(**product: Any) -> Any:
    return {"data": {"changed": {"__typename": "Product", **product}}}


async def test_each_event_is_joined_with_what_other_subgraphs_know() -> None:
    subgraphs = CannedSubgraphs({"catalog": entities(NAMES)})
    watched = Watched(NAMED, subgraphs)
    for id_, name in (("a", "Ant"), ("b", "Bee"), ("a", "Ant")):
        watched.told.tell(changed(id=id_))
        assert await watched.next() == {"data": {"changed": {"id": id_, "name": name}}}
    assert len(subgraphs.of("catalog")) == 3
    assert subgraphs.of("news") == []
    watched.told.tell(None)
    with pytest.raises(Ended) as ended:
        await watched.next()
    assert ended.value.errors == []


async def test_an_event_that_needs_nobody_else_asks_nobody() -> None:
    subgraphs = CannedSubgraphs({})
    watched = Watched("subscription { new: changed { key: id at } }", subgraphs)
    watched.told.tell({"data": {"new": {"key": "a", "at": 3}}})
    assert await watched.next() == {"data": {"new": {"key": "a", "at": 3}}}
    await watched.responses.aclose()


async def test_variables_decide_for_every_event() -> None:
    text = "subscription ($deep: Boolean!) { changed { id name @include(if: $deep) } }"
    subgraphs = CannedSubgraphs({"catalog": entities(NAMES)})
    watched = Watched(text, subgraphs, {"deep": False})
    watched.told.tell(changed(id="a"))
    assert await watched.next() == {"data": {"changed": {"id": "a"}}}
    assert subgraphs.asked == []
    await watched.responses.aclose()


async def test_errors_and_nulls_are_those_of_one_event() -> None:
    subgraphs = CannedSubgraphs(
        {"catalog": [failed("connect", "Nobody is there."), entities(NAMES)]}
    )
    watched = Watched(NAMED, subgraphs)
    watched.told.tell(changed(id="a"), changed(id="a"))
    first = await watched.next()
    assert first["data"] == {"changed": None}  # its name must not be null
    (error,) = first["errors"]
    assert error["path"] == ["changed"]
    assert error["extensions"]["service"] == "catalog"
    assert await watched.next() == {"data": {"changed": {"id": "a", "name": "Ant"}}}
    await watched.responses.aclose()


@pytest.mark.parametrize(
    ("event", "response"),
    [
        (
            {"data": {"moved": None}, "errors": [{"message": "Lost.", "path": ["moved"]}]},
            {
                "errors": [
                    {"message": "Lost.", "path": ["moved"], "extensions": {"service": "news"}}
                ],
                "data": None,
            },
        ),
        (
            {"data": {"moved": {"id": "a", "at": None}}, "errors": [{"message": "When?"}]},
            {
                "errors": [{"message": "When?", "extensions": {"service": "news"}}],
                "data": None,
            },
        ),
        (
            {"data": {"moved": {"id": "a", "at": "noon"}}},
            {
                "errors": [
                    {
                        "message": "The subgraphs' answer does not fit Product.at: "
                        'Int cannot be "noon".',
                        "path": ["moved", "at"],
                        "extensions": {"code": "RESPONSE_VALIDATION_FAILED"},
                    }
                ],
                "data": None,
            },
        ),
    ],
)
async def test_an_event_with_errors_is_a_response_with_errors(event: Any, response: Any) -> None:
    watched = Watched("subscription { moved { id at } }", CannedSubgraphs({}))
    watched.told.tell(event, {"data": {"moved": {"id": "b", "at": 1}}})
    assert await watched.next() == response
    assert await watched.next() == {"data": {"moved": {"id": "b", "at": 1}}}
    await watched.responses.aclose()


@pytest.mark.parametrize("event", [3, [], {}, {"data": 3}, {"data": None}, {"errors": 3}])
async def test_an_event_that_is_no_result_is_a_response_that_says_so(event: Any) -> None:
    watched = Watched("subscription { changed { id } }", CannedSubgraphs({}))
    watched.told.tell(event)
    response = await watched.next()
    assert response["data"] == {"changed": None}
    (error,) = response["errors"]
    assert error["message"].startswith('An event of subgraph "news" cannot be used: ')
    assert error["extensions"]["code"] == "SUBREQUEST_MALFORMED_RESPONSE"
    await watched.responses.aclose()


async def test_the_failure_of_the_source_comes_after_the_events_that_wait() -> None:
    watched = Watched("subscription { changed { id } }", CannedSubgraphs({}))
    watched.told.tell(changed(id="a"), broken("news", "it went home"))
    assert (await watched.next())["data"] == {"changed": {"id": "a"}}
    with pytest.raises(Ended) as ended:
        await watched.next()
    (error,) = ended.value.errors
    assert error["message"] == 'The subscription at subgraph "news" ended: it went home.'
    assert error["extensions"] == {"code": "SUBREQUEST_HTTP_ERROR", "service": "news"}


async def test_a_fault_of_ours_ends_the_subscription_without_telling_what_it_was() -> None:
    watched = Watched("subscription { changed { id } }", CannedSubgraphs({}))
    watched.told.tell(ZeroDivisionError("secret"))
    with pytest.raises(Ended) as ended:
        await watched.next()
    assert [error["message"] for error in ended.value.errors] == ["The router failed."]


async def test_a_slow_client_misses_the_oldest_events_and_is_told_the_rest() -> None:
    watched = Watched("subscription { changed { id } }", CannedSubgraphs({}), capacity=2)
    watched.told.tell(changed(id="0"))
    assert (await watched.next())["data"] == {"changed": {"id": "0"}}
    watched.told.tell(*(changed(id=str(number)) for number in range(1, 6)), None)
    while not watched.told.is_left:  # noqa: ASYNC110 - nothing tells when all has been collected
        await asyncio.sleep(0)
    assert watched.dropped == 3
    assert (await watched.next())["data"] == {"changed": {"id": "4"}}
    assert (await watched.next())["data"] == {"changed": {"id": "5"}}
    with pytest.raises(Ended):
        await watched.next()


async def test_cutting_it_short_leaves_out_the_events_that_wait() -> None:
    watched = Watched("subscription { changed { id } }", CannedSubgraphs({}))
    watched.told.tell(changed(id="a"), changed(id="b"))
    await watched.next()
    watched.inbox.cut([{"message": "Enough."}])
    with pytest.raises(Ended) as ended:
        await watched.next()
    assert ended.value.errors == [{"message": "Enough."}]
    assert watched.told.is_left


async def test_a_client_that_leaves_ends_the_conversation_and_what_it_has_caused() -> None:
    subgraphs = SilentSubgraphs()
    watched = Watched(NAMED, subgraphs)
    waiting = asyncio.ensure_future(anext(watched.responses))
    watched.told.tell(changed(id="a"))
    await asyncio.wait_for(subgraphs.is_asked.wait(), 5)
    waiting.cancel()
    await asyncio.wait((waiting,))
    assert watched.told.is_left
    assert subgraphs.is_given_up
