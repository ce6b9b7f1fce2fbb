"""What several subgraphs know of one thing becomes one answer."""

from __future__ import annotations

import asyncio

from router.execute.engine import ExecutionRequest, Response, Timeouts
from router.execute.interpreter import Interpreter
from tests.execute.canned_subgraphs import CannedSubgraphs, entities
from tests.execute.shop import execute, prepared, respond

LAMP, DESK = {"__typename": "Product", "id": "1"}, {"__typename": "Product", "id": "2"}


async def test_fields_of_two_subgraphs_come_back_in_the_order_of_the_operation() -> None:
    subgraphs = CannedSubgraphs(
        {
            "catalog": {"data": {"product": {**LAMP, "title": "Lamp"}}},
            "inventory": entities({"1": {"inStock": True}}),
        }
    )
    response = await respond('{ product(id: "1") { inStock title: name id } }', subgraphs)
    assert response.body == b'{"data":{"product":{"inStock":true,"title":"Lamp","id":"1"}}}'


async def test_each_entity_is_asked_for_once_however_often_it_occurs() -> None:
    authors = [{"stars": n, "author": {"__typename": "User", "id": "u"}} for n in (1, 2, 3)]
    subgraphs = CannedSubgraphs(
        {
            "catalog": {"data": {"products": [LAMP, DESK]}},
            "reviews": entities({"1": {"reviews": authors}, "2": {"reviews": authors[:1]}}),
            "accounts": entities({"u": {"name": "Ada"}}),
        }
    )
    answer = await execute("{ products { reviews { author { name } } } }", subgraphs)
    (question,) = subgraphs.of("accounts")
    assert question.representations == [{"__typename": "User", "id": "u"}]
    ada = {"author": {"name": "Ada"}}
    assert answer == {
        "data": {"products": [{"reviews": [ada, ada, ada]}, {"reviews": [ada]}]},
    }


async def test_representations_keep_the_order_of_the_response() -> None:
    products = [{"__typename": "Product", "id": key} for key in ("9", "3", "9", "5")]
    subgraphs = CannedSubgraphs(
        {
            "catalog": {"data": {"products": products}},
            "inventory": entities({key: {"inStock": key == "3"} for key in "953"}),
        }
    )
    answer = await execute("{ products { inStock } }", subgraphs)
    (question,) = subgraphs.of("inventory")
    assert [item["id"] for item in question.representations] == ["9", "3", "5"]
    stock = [item["inStock"] for item in answer["data"]["products"]]
    assert stock == [False, True, False, False]


async def test_what_is_null_or_has_no_key_is_not_asked_for() -> None:
    products = [None, {"__typename": "Product", "id": None}, LAMP]
    subgraphs = CannedSubgraphs(
        {
            "catalog": {"data": {"products": products}},
            "inventory": entities({"1": {"warehouse": {"city": "Bern"}}}),
        }
    )
    answer = await execute("{ products { warehouse { city } } }", subgraphs)
    assert subgraphs.of("inventory")[0].representations == [LAMP]
    assert answer == {
        "data": {"products": [None, {"warehouse": None}, {"warehouse": {"city": "Bern"}}]}
    }


async def test_nothing_is_sent_when_there_is_no_entity_to_ask_for() -> None:
    subgraphs = CannedSubgraphs({"catalog": {"data": {"products": []}}})
    answer = await execute("{ products { inStock reviews { stars } } }", subgraphs)
    assert answer == {"data": {"products": []}}
    assert [question.subgraph for question in subgraphs.asked] == ["catalog"]


async def test_a_required_field_is_sent_along_even_when_it_is_null() -> None:
    subgraphs = CannedSubgraphs(
        {
            "catalog": {"data": {"products": [{**LAMP, "weight": 7}, {**DESK, "weight": None}]}},
            "inventory": entities({"1": {"shipping": 1.5}, "2": {"shipping": None}}),
        }
    )
    answer = await execute("{ products { shipping } }", subgraphs)
    assert subgraphs.of("inventory")[0].representations == [
        {**LAMP, "weight": 7},
        {**DESK, "weight": None},
    ]
    assert answer == {"data": {"products": [{"shipping": 1.5}, {"shipping": None}]}}


async def test_an_entity_a_subgraph_does_not_know_is_null_and_no_error() -> None:
    subgraphs = CannedSubgraphs(
        {
            "catalog": {"data": {"product": LAMP}},
            "reviews": entities({}),
        }
    )
    answer = await execute('{ product(id: "1") { reviews { stars } } }', subgraphs)
    assert answer == {"data": {"product": {"reviews": None}}}


async def test_a_field_left_out_by_a_variable_is_not_fetched() -> None:
    subgraphs = CannedSubgraphs(
        {"catalog": {"data": {"product": LAMP}}, "inventory": entities({"1": {"inStock": True}})}
    )
    text = 'query ($stock: Boolean!) { product(id: "1") { id inStock @include(if: $stock) } }'
    without = await execute(text, subgraphs, {"stock": False})
    assert without == {"data": {"product": {"id": "1"}}}
    assert subgraphs.of("inventory") == []
    with_stock = await execute(text, subgraphs, {"stock": True})
    assert with_stock == {"data": {"product": {"id": "1", "inStock": True}}}


async def test_mutations_run_one_after_the_other_in_the_order_written() -> None:
    subgraphs = CannedSubgraphs(
        {
            "accounts": {"data": {"first": {"name": "A"}, "second": {"name": "B"}}},
        }
    )
    text = 'mutation { first: rename(name: "A") { name } second: rename(name: "B") { name } }'
    answer = await execute(text, subgraphs)
    assert answer == {"data": {"first": {"name": "A"}, "second": {"name": "B"}}}
    # One subgraph runs its mutations in order by itself: they go in one request.
    assert [sent.query for sent in subgraphs.of("accounts")] == [
        'mutation{first:rename(name:"A"){name} second:rename(name:"B"){name}}'
    ]


async def test_only_the_variables_a_fetch_uses_are_sent_with_it() -> None:
    subgraphs = CannedSubgraphs(
        {"catalog": {"data": {"product": LAMP}}, "accounts": {"data": {"me": None}}}
    )
    text = """query ($id: ID!, $n: Int = 3) {
      product(id: $id) { id }
      products(first: $n) { id }
      me { id }
    }"""
    await execute(text, subgraphs, {"id": "1"})
    assert subgraphs.of("catalog")[0].variables == {"id": "1", "n": 3}
    assert subgraphs.of("accounts")[0].variables == {}


async def test_headers_and_the_nearer_deadline_go_with_each_request() -> None:
    subgraphs = CannedSubgraphs({"accounts": {"data": {"me": None}}})
    now = asyncio.get_running_loop().time()
    request = ExecutionRequest(
        headers=lambda subgraph: ((b"x-for", subgraph.encode()),),
        deadline=now + 100,
        timeouts=Timeouts(50, {"accounts": 7}),
    )
    await respond("{ me { id } }", subgraphs, request=request)
    (question,) = subgraphs.asked
    assert question.headers == ((b"x-for", b"accounts"),)
    assert 6.5 < question.deadline - now < 8


async def test_a_request_given_up_cancels_what_is_under_way_and_tells_nobody() -> None:
    subgraphs = CannedSubgraphs({"accounts": {"data": {"me": None}}})
    told: list[Response] = []
    cancel = Interpreter().start(
        prepared("{ me { id } }"), ExecutionRequest(), subgraphs, told.append
    )
    cancel()
    cancel()
    await asyncio.sleep(0)
    assert (told, subgraphs.cancelled) == ([], 1)


async def test_the_schema_and_the_root_typename_are_answered_at_home() -> None:
    subgraphs = CannedSubgraphs({})
    text = """{
      __typename
      a: __type(name: "Kind") { enumValues { name } }
      b: __type(name: "Hidden") { name }
    }"""
    assert await execute(text, subgraphs) == {
        "data": {
            "__typename": "Query",
            "a": {"enumValues": [{"name": "BOOK"}, {"name": "TOY"}]},
            "b": None,
        }
    }
    assert subgraphs.asked == []
