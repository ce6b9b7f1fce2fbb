"""Operations with @defer: what comes first, what later, when, and with which errors."""

from typing import Any

from router.execute.transport import failed
from tests.execute.canned_subgraphs import entities
from tests.execute.held_subgraphs import Client, HeldSubgraphs

PRODUCTS: list[Any] = [
    {"__typename": "Product", "id": "1", "name": "Mug"},
    {"__typename": "Product", "id": "2", "name": "Pen"},
]
REVIEWS = {
    "1": {"reviews": [{"stars": 5, "author": {"__typename": "User", "id": "7"}}]},
    "2": {"reviews": []},
}


def subgraphs(**answers: Any) -> HeldSubgraphs:
    known = {
        "catalog": {"data": {"products": PRODUCTS, "product": PRODUCTS[0]}},
        "reviews": entities(REVIEWS),
        "inventory": entities({"1": {"inStock": True}, "2": {"inStock": False}}),
        "accounts": entities({"7": {"name": "Ada"}}),
    }
    return HeldSubgraphs(known | answers)


async def test_what_is_not_deferred_comes_first_and_the_rest_when_it_is_there() -> None:
    shop = subgraphs()
    client = Client(shop).ask('{ product(id: "1") { name ... @defer(label: "s") { inStock } } }')
    assert client.got() == []
    shop.let("catalog")
    assert client.got() == [{"data": {"product": {"name": "Mug"}}, "hasNext": True}]
    shop.let("inventory")
    payload = {"label": "s", "path": ["product"], "data": {"inStock": True}}
    assert client.got() == [{"incremental": [payload], "hasNext": False}]


async def test_each_item_of_a_list_has_a_payload_of_its_own() -> None:
    shop = subgraphs()
    client = Client(shop).ask("{ products { name ... @defer { inStock } } }")
    shop.let("catalog", "inventory")
    assert client.got() == [
        {"data": {"products": [{"name": "Mug"}, {"name": "Pen"}]}, "hasNext": True},
        {
            "incremental": [
                {"path": ["products", 0], "data": {"inStock": True}},
                {"path": ["products", 1], "data": {"inStock": False}},
            ],
            "hasNext": False,
        },
    ]
    assert len(shop.of("inventory")) == 1


async def test_parts_come_in_the_order_in_which_they_are_whole() -> None:
    shop = subgraphs()
    client = Client(shop).ask(
        '{ product(id: "1") { name ... @defer { inStock } ... @defer { reviews { stars } } } }'
    )
    shop.let("catalog", "reviews")
    _, second = client.got()
    assert second["incremental"][0]["data"] == {"reviews": [{"stars": 5}]}
    assert second["hasNext"] is True
    shop.let("inventory")
    assert client.got()[0]["hasNext"] is False


async def test_a_part_that_is_there_before_the_first_waits_for_it() -> None:
    shop = subgraphs(accounts={"data": {"me": {"name": "Ada"}}})
    client = Client(shop).ask('{ product(id: "1") { name } ... @defer { me { name } } }')
    shop.let("accounts")
    assert client.got() == []
    shop.let("catalog")
    first, second = client.got()
    assert first == {"data": {"product": {"name": "Mug"}}, "hasNext": True}
    assert second["incremental"] == [{"path": [], "data": {"me": {"name": "Ada"}}}]


async def test_a_nested_part_comes_after_the_part_around_it() -> None:
    shop = subgraphs()
    client = Client(shop).ask(
        '{ product(id: "1") { name ... @defer { inStock ... @defer { reviews { stars } } } } }'
    )
    shop.let("catalog", "reviews")
    assert len(client.got()) == 1
    shop.let("inventory")
    outer = {"path": ["product"], "data": {"inStock": True}}
    inner = {"path": ["product"], "data": {"reviews": [{"stars": 5}]}}
    assert client.got() == [
        {"incremental": [outer], "hasNext": True},
        {"incremental": [inner], "hasNext": False},
    ]


async def test_what_is_known_anyway_follows_the_first_response_at_once() -> None:
    shop = subgraphs()
    client = Client(shop).ask('{ product(id: "1") { name ... @defer { id name } } }')
    shop.let("catalog")
    assert client.got() == [
        {"data": {"product": {"name": "Mug"}}, "hasNext": True},
        {
            "incremental": [{"path": ["product"], "data": {"id": "1", "name": "Mug"}}],
            "hasNext": False,
        },
    ]


async def test_where_there_is_no_object_nothing_follows() -> None:
    shop = subgraphs(catalog={"data": {"product": None, "products": []}})
    client = Client(shop).ask(
        '{ product(id: "9") { name ... @defer { inStock } } products { ... @defer { name } } }'
    )
    shop.let("catalog")
    assert client.got() == [{"data": {"product": None, "products": []}, "hasNext": False}]
    assert shop.waiting() == []


async def test_types_decide_which_objects_have_a_part() -> None:
    items = [PRODUCTS[0], {"__typename": "Category", "id": "c", "title": "Cups"}]
    shop = subgraphs(catalog={"data": {"items": items}})
    client = Client(shop).ask("{ items { __typename ... on Product @defer { inStock } } }")
    shop.let("catalog", "inventory")
    _, second = client.got()
    assert second["incremental"] == [{"path": ["items", 0], "data": {"inStock": True}}]


async def test_a_variable_switches_a_part_and_is_true_when_it_is_left_out() -> None:
    text = 'query ($d: Boolean) { product(id: "1") { name ... @defer(if: $d) { inStock } } }'
    for variables, count in (({"d": False}, 1), ({"d": True}, 2), ({}, 2)):
        shop = subgraphs()
        client = Client(shop).ask(text, variables)
        shop.let("catalog", "inventory")
        assert len(client.got()) == count


async def test_a_skipped_part_does_not_come() -> None:
    shop = subgraphs()
    text = 'query ($s: Boolean!) { product(id: "1") { name ... @defer @skip(if: $s) { inStock } } }'
    client = Client(shop).ask(text, {"s": True})
    shop.let("catalog")
    assert client.got() == [{"data": {"product": {"name": "Mug"}}, "hasNext": False}]


async def test_results_of_mutations_come_in_parts() -> None:
    user = {"__typename": "User", "id": "7", "name": "Ada"}
    shop = subgraphs(
        accounts={"data": {"rename": user}}, reviews=entities({"7": {"reviewCount": 3}})
    )
    client = Client(shop).ask(
        'mutation { rename(name: "Ada") { name ... @defer { reviewCount } } }'
    )
    shop.let("accounts", "reviews")
    first, second = client.got()
    assert first["data"] == {"rename": {"name": "Ada"}}
    assert second["incremental"] == [{"path": ["rename"], "data": {"reviewCount": 3}}]


async def test_introspection_may_be_deferred() -> None:
    client = Client(subgraphs()).ask(
        '{ ... @defer { __type(name: "User") { ...F @defer } } } fragment F on __Type { name }'
    )
    first, second = client.got()
    assert first == {"data": {}, "hasNext": True}
    assert second["incremental"] == [{"path": [], "data": {"__type": {"name": "User"}}}]


async def test_a_null_bubbles_up_to_its_part_and_no_further() -> None:
    failing = {
        "data": {"_entities": [None]},
        "errors": [{"message": "no", "path": ["_entities", 0]}],
    }
    shop = subgraphs(inventory=failing)
    client = Client(shop).ask('{ product(id: "1") { name ... @defer { inStock } } }')
    shop.let("catalog", "inventory")
    first, second = client.got()
    assert first == {"data": {"product": {"name": "Mug"}}, "hasNext": True}
    (payload,) = second["incremental"]
    assert payload["data"] is None
    assert payload["path"] == ["product"]
    (error,) = payload["errors"]
    assert (error["message"], error["path"]) == ("no", ["product"])


async def test_an_error_goes_with_the_part_that_it_is_about() -> None:
    answer = {
        "data": {"product": {**PRODUCTS[0], "details": None, "labels": None}},
        "errors": [
            {"message": "no details", "path": ["product", "details"]},
            {"message": "no labels", "path": ["product", "labels"]},
        ],
    }
    shop = subgraphs(catalog=answer)
    client = Client(shop).ask('{ product(id: "1") { details ... @defer { name labels details } } }')
    shop.let("catalog", "catalog")
    first, second = client.got()
    assert [error["message"] for error in first["errors"]] == ["no details"]
    (payload,) = second["incremental"]
    assert {error["message"] for error in payload["errors"]} >= {"no labels"}


async def test_a_subgraph_that_fails_fails_its_part_alone_with_paths_of_the_response() -> None:
    shop = subgraphs(inventory=b"oops")
    client = Client(shop).ask("{ products { name ... @defer { warehouse { city } } } }")
    shop.let("catalog", "inventory")
    first, second = client.got()
    assert "errors" not in first
    assert [item["data"] for item in second["incremental"]] == [{"warehouse": None}] * 2
    assert [error["path"] for error in second["incremental"][0]["errors"]] == [["products"]]
    assert "errors" not in second["incremental"][1]


async def test_a_part_that_takes_too_long_is_told_without_what_is_missing() -> None:
    shop = subgraphs(reviews=failed("timeout", "It took too long."))
    client = Client(shop).ask('{ product(id: "1") { name ... @defer { reviews { stars } } } }')
    shop.let("catalog", "reviews")
    (payload,) = client.got()[1]["incremental"]
    assert payload["data"] == {"reviews": None}
    assert payload["errors"][0]["extensions"]["code"] == "GATEWAY_TIMEOUT"


async def test_nothing_is_told_of_an_object_that_has_become_null() -> None:
    broken = {"data": {"products": [{**PRODUCTS[0], "name": None}, PRODUCTS[1]]}}
    shop = subgraphs(catalog=broken)
    client = Client(shop).ask("{ products { name ... @defer { inStock } } }")
    shop.let("catalog", "inventory")
    first, second = client.got()
    assert first["data"] == {"products": [None, {"name": "Pen"}]}
    assert [item["path"] for item in second["incremental"]] == [["products", 1]]


async def test_what_became_null_in_one_part_stays_null_in_the_others() -> None:
    review = {"stars": None, "author": {"__typename": "User", "id": "7"}}
    shop = subgraphs(reviews=entities({"1": {"reviews": [review]}}))
    client = Client(shop).ask(
        '{ product(id: "1") { reviews { stars } ... @defer { reviews { author { name } } } } }'
    )
    shop.let("catalog", "reviews", "reviews", "accounts")
    first, second = client.got()
    assert first["data"] == {"product": {"reviews": None}}
    assert [item["data"] for item in second["incremental"]] == [{"reviews": None}]


async def test_the_last_response_is_known_to_be_the_last_when_others_become_null() -> None:
    failing = entities({"1": {"reviews": [{"stars": None}]}})
    shop = subgraphs(reviews=failing)
    client = Client(shop).ask(
        """{ product(id: "1") {
          ... @defer { reviews { stars } } ... @defer { reviews { ... @defer { stars } } }
        } }"""
    )
    shop.let("catalog", "reviews", "reviews")
    *_, last = client.got()
    assert last["hasNext"] is False
    assert shop.waiting() == []


async def test_a_client_that_leaves_takes_along_what_is_deferred() -> None:
    shop = subgraphs()
    client = Client(shop).ask('{ product(id: "1") { name ... @defer { inStock } } }')
    shop.let("catalog")
    assert client.cancel is not None
    client.cancel()
    assert shop.cancelled == 1
    assert len(client.got()) == 1


async def test_at_once_everything_is_one_response() -> None:
    shop = subgraphs()
    client = Client(shop, in_parts=False).ask(
        '{ product(id: "1") { name ... @defer { inStock } } }'
    )
    shop.let("catalog", "inventory")
    assert client.got() == [{"data": {"product": {"name": "Mug", "inStock": True}}}]
