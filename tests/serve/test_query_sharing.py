"""Identical queries in flight are one request, for those subgraphs whose settings say so."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from router.edge.query_sharing import SharingTransport
from router.execute.transport import Cancel, Done, Headers, SubgraphAnswer, failed
from router.serve.app import create_app
from router.serve.settings.read import parse_settings
from tests.execute.canned_subgraphs import ok
from tests.execute.scripted_server import MUTATION, QUERY
from tests.execute.shop import shop_sdl

ADA: Headers = ((b"authorization", b"Ada"),)
BOB: Headers = ((b"authorization", b"Bob"),)
ANSWER = ok({"data": {"me": {"__typename": "User", "id": "u"}}})


@dataclass
class HeldSubgraphs:
    """A transport that answers when the test says so."""

    asked: list[tuple[str, bytes, Headers]] = field(default_factory=list)
    given_up: list[int] = field(default_factory=list)
    done: list[Done] = field(default_factory=list)

    def send(
        self,
        subgraph: str,
        body: bytes,
        headers: Headers,
        deadline: float,  # noqa: ARG002 - a transport's signature
        done: Done,
    ) -> Cancel:
        number = len(self.asked)
        self.asked.append((subgraph, body, headers))
        self.done.append(done)
        return lambda: self.given_up.append(number)


@pytest.fixture
def subgraphs() -> HeldSubgraphs:
    return HeldSubgraphs()


@dataclass
class Asking:
    """Several who ask; `told` has what each of them was told."""

    transport: SharingTransport
    told: dict[str, SubgraphAnswer] = field(default_factory=dict)

    def __call__(
        self,
        who: str,
        body: bytes = QUERY,
        headers: Headers = ADA,
        subgraph: str = "shop",
        seconds: float = 60.0,
    ) -> Cancel:
        deadline = asyncio.get_running_loop().time() + seconds
        done = lambda answer: self.told.update({who: answer})  # noqa: E731 - one line says it
        return self.transport.send(subgraph, body, headers, deadline, done)


@pytest.fixture
def ask(subgraphs: HeldSubgraphs) -> Asking:
    return Asking(SharingTransport(subgraphs, {"shop", "other"}.__contains__))


async def test_the_same_query_asked_meanwhile_is_asked_once(
    ask: Asking, subgraphs: HeldSubgraphs
) -> None:
    ask("one")
    ask("two", headers=((b"traceparent", b"00-7"), *ADA))
    assert len(subgraphs.asked) == 1
    subgraphs.done[0](ANSWER)
    assert ask.told == {"one": ANSWER, "two": ANSWER}
    ask("three")
    assert len(subgraphs.asked) == 2


async def test_whatever_the_subgraph_can_tell_apart_is_asked_apart(
    ask: Asking, subgraphs: HeldSubgraphs
) -> None:
    ask("one")
    ask("other header", headers=BOB)
    ask("fewer headers", headers=())
    ask("other body", QUERY.replace(b"id", b"name"))
    ask("other subgraph", subgraph="other")
    assert len(subgraphs.asked) == 5


async def test_mutations_and_other_subgraphs_are_left_alone(
    ask: Asking, subgraphs: HeldSubgraphs
) -> None:
    for _ in range(2):
        ask("mutation", MUTATION)
        ask("not opted in", subgraph="third")
    assert len(subgraphs.asked) == 4


async def test_a_failure_is_told_to_everyone(ask: Asking, subgraphs: HeldSubgraphs) -> None:
    ask("one")
    ask("two")
    subgraphs.done[0](failed("closed", "Gone."))
    assert [answer.failure is not None for answer in ask.told.values()] == [True, True]


async def test_a_fault_of_one_does_not_reach_the_others(
    ask: Asking, subgraphs: HeldSubgraphs
) -> None:
    ask("one")
    ask.transport.send("shop", QUERY, ADA, float(10**9), lambda _: 1 // 0)  # type: ignore[arg-type]
    ask("three")
    subgraphs.done[0](ANSWER)
    assert ask.told == {"three": ANSWER, "one": ANSWER}


async def test_one_who_leaves_leaves_the_others_waiting_and_the_last_one_takes_the_request_along(
    ask: Asking, subgraphs: HeldSubgraphs
) -> None:
    first, second = ask("one"), ask("two")
    first()
    first()
    assert subgraphs.given_up == []
    second()
    assert subgraphs.given_up == [0]
    ask("three")
    assert len(subgraphs.asked) == 2
    subgraphs.done[1](ANSWER)
    assert ask.told == {"three": ANSWER}


async def test_one_who_leaves_while_others_are_told_is_told_nothing(
    ask: Asking, subgraphs: HeldSubgraphs
) -> None:
    cancels: list[Cancel] = []
    deadline = asyncio.get_running_loop().time() + 60

    def leave(_: SubgraphAnswer) -> None:
        cancels[0]()

    ask.transport.send("shop", QUERY, ADA, deadline, leave)
    cancels.append(ask("two"))
    subgraphs.done[0](ANSWER)
    assert ask.told == {}


async def test_each_has_a_deadline_of_their_own(ask: Asking, subgraphs: HeldSubgraphs) -> None:
    ask("hasty", seconds=0.02)
    ask("patient")
    await asyncio.sleep(0.1)
    hasty = ask.told["hasty"].failure
    assert hasty is not None
    assert hasty.kind == "timeout"
    assert subgraphs.given_up == []
    subgraphs.done[0](ANSWER)
    assert ask.told["patient"] == ANSWER


@pytest.mark.parametrize("tier", ["always", "off"])
@pytest.mark.parametrize(
    ("shaping", "count"),
    [
        ({"all": {"deduplicate_query": True}}, 1),
        ({"subgraphs": {"accounts": {"deduplicate_query": True}}}, 1),
        ({"all": {"deduplicate_query": True}, "subgraphs": {"accounts": {"timeout": "1s"}}}, 1),
        (
            {
                "all": {"deduplicate_query": True},
                "subgraphs": {"accounts": {"deduplicate_query": False}},
            },
            2,
        ),
        ({"subgraphs": {"catalog": {"deduplicate_query": True}}}, 2),
        ({}, 2),
    ],
)
async def test_clients_share_a_subgraphs_answer_in_both_tiers_when_told_to(
    subgraphs: HeldSubgraphs, shaping: dict[str, Any], count: int, tier: str
) -> None:
    settings = {"traffic_shaping": shaping, "execution": {"compiled": tier}}
    app = create_app(shop_sdl(), parse_settings(settings, {}), subgraphs)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://router.test") as client:
        asking = [
            asyncio.ensure_future(client.post("/graphql", json={"query": "{ me { id } }"}))
            for _ in range(2)
        ]
        async with asyncio.timeout(10):
            while len(subgraphs.asked) < count:  # noqa: ASYNC110 - a plain list
                await asyncio.sleep(0.005)
        await asyncio.sleep(0.02)
        assert len(subgraphs.asked) == count
        for done in subgraphs.done:
            done(ANSWER)
        for response in await asyncio.gather(*asking):
            assert response.json() == {"data": {"me": {"id": "u"}}}
