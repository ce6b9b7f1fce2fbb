"""The catalog for clients: lists, entities by every key, and what each costs in SQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from subgraphs.chassis.database import Database
from tests.catalog.shop import add_price, add_products
from tests.graphql_client import GraphqlClient
from tests.identity import Issuer
from tests.statements import statements

LIST = "query($n: Int!) { products(limit: $n) { id name price description category inStock } }"
ENTITIES = """
query($r: [_Any!]!) { _entities(representations: $r) {
  ... on Product { id slug price }
  ... on Variant { id sku unitPrice { amount } }
  ... on Category { id slug depth }
} }
"""


EVERYTHING = """
{ product(slug: "shirt") {
  id brand currency version primaryCategory { slug } categoryPath { slug }
  priceRange { min { amountMinor currency } max { amount } }
  attributes { name value } media { url alt position } createdAt
  variants { sku title weightGrams options { value }
       unitPrice { amount } compareAtPrice { amount } product { slug } } } }
"""


async def test_fifty_products_with_their_prices_are_one_statement(
    client: GraphqlClient, database: Database
) -> None:
    await add_products(database, 55)
    async with statements(database) as sent:
        data = await client.data(LIST, {"n": 50})
    assert len(data["products"]) == 50
    assert len(sent) == 1


async def test_products_are_active_newest_first_with_their_lowest_active_price(
    client: GraphqlClient,
) -> None:
    data = await client.data(LIST, {"n": 10})
    assert data["products"] == [
        {
            "id": "prd_shirt",
            "name": "Shirt",
            "price": "20.00",
            "description": "Good.",
            "category": "Clothing",
            "inStock": True,
        },
        {
            "id": "prd_mug",
            "name": "Mug",
            "price": "9.99",
            "description": "Good.",
            "category": "Cups",
            "inStock": True,
        },
    ]


@pytest.mark.parametrize("limit", [0, -1, 101])
async def test_a_limit_outside_1_to_100_is_refused(client: GraphqlClient, limit: int) -> None:
    answer = await client.ask(LIST, {"n": limit})
    assert answer["errors"][0]["extensions"]["code"] == "INVALID_INPUT"
    assert "outside 1..100" in answer["errors"][0]["message"]


@pytest.mark.parametrize(
    ("slug", "found"), [("home", ["mug"]), ("cups", ["mug"]), ("clothing", ["shirt"]), ("x", [])]
)
async def test_a_category_lists_the_products_of_its_whole_subtree(
    client: GraphqlClient, slug: str, found: list[str]
) -> None:
    query = "query($c: String) { products(limit: 9, categorySlug: $c) { slug } }"
    data = await client.data(query, {"c": slug})
    assert [product["slug"] for product in data["products"]] == found


async def test_everything_about_a_product_is_told(
    client: GraphqlClient, database: Database
) -> None:
    async with statements(database) as sent:
        product = (await client.data(EVERYTHING))["product"]
    assert product == {
        "id": "prd_shirt",
        "brand": "Acme",
        "currency": "USD",
        "version": 1,
        "primaryCategory": {"slug": "clothing"},
        "categoryPath": [{"slug": "clothing"}],
        "priceRange": {
            "min": {"amountMinor": 2000, "currency": "USD"},
            "max": {"amount": "25.00"},
        },
        "attributes": [{"name": "colour", "value": "red"}],
        "media": [{"url": "https://x.test/1.jpg", "alt": "A picture", "position": 0}],
        "createdAt": "2025-01-02T00:00:00.000Z",
        "variants": [
            {
                "sku": sku,
                "title": sku[-1].upper(),
                "weightGrams": 300,
                "options": [{"value": "S"}],
                "unitPrice": {"amount": price},
                "compareAtPrice": {"amount": before},
                "product": {"slug": "shirt"},
            }
            for sku, price, before in (
                ("shirt-s", "20.00", "40.00"),
                ("shirt-m", "25.00", "50.00"),
            )
        ],
    }
    # The product, its categories, its variants, and their products: one statement each.
    assert len(sent) == 4


async def test_a_price_holds_from_its_beginning_until_the_next_one_begins(
    client: GraphqlClient, database: Database
) -> None:
    now = datetime.now(UTC)
    await add_price(database, "mug-1", "USD", 555, since=now - timedelta(minutes=1))
    await add_price(database, "mug-1", "USD", 111, since=now + timedelta(days=1))
    data = await client.data('{ product(id: "prd_mug") { price } }')
    assert data["product"]["price"] == "5.55"


async def test_a_product_is_asked_for_by_exactly_one_key(client: GraphqlClient) -> None:
    for arguments in ("", '(id: "prd_mug", slug: "mug")'):
        answer = await client.ask(f"{{ product{arguments} {{ id }} }}")
        assert answer["errors"][0]["message"] == "Give exactly one of id and slug."
    data = await client.data(
        '{ a: variant(sku: "mug-1") { id } b: variant(id: "nonsense") { id } '
        'c: product(id: "") { id } }'
    )
    assert data == {"a": {"id": "var_mug-1"}, "b": None, "c": None}


async def test_drafts_are_for_those_who_may_read_them(
    client: GraphqlClient, issuer: Issuer
) -> None:
    query = '{ product(id: "prd_plan") { slug status } variant(sku: "plan-1") { sku } }'
    hidden = await client.data('{ product(id: "prd_plan") { slug } variant(sku: "plan-1") { id } }')
    assert hidden == {"product": None, "variant": None}
    reader = issuer.headers("usr_1", "catalog:read_drafts")
    seen = await client.data(query, headers=reader)
    assert seen == {"product": {"slug": "plan", "status": "DRAFT"}, "variant": {"sku": "plan-1"}}
    refused = await client.ask('{ product(id: "prd_mug") { slug status } }')
    assert refused["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_entities_are_found_by_every_key_with_one_statement_a_type(
    client: GraphqlClient, database: Database
) -> None:
    asked: list[dict[str, Any]] = [
        {"__typename": "Product", "id": "prd_mug"},
        {"__typename": "Product", "slug": "shirt"},
        {"__typename": "Product", "id": "prd_relic"},
        {"__typename": "Product", "id": "prd_plan"},
        {"__typename": "Variant", "sku": "shirt-m"},
        {"__typename": "Variant", "id": "var_shirt-xl"},
        {"__typename": "Category", "id": "cat_cups"},
        {"__typename": "Category", "slug": "home"},
        {"__typename": "Category", "slug": "nowhere"},
    ]
    async with statements(database) as sent:
        data = await client.data(ENTITIES, {"r": asked})
    assert data["_entities"] == [
        {"id": "prd_mug", "slug": "mug", "price": "9.99"},
        {"id": "prd_shirt", "slug": "shirt", "price": "20.00"},
        {"id": "prd_relic", "slug": "relic", "price": "1.00"},
        None,
        {"id": "var_shirt-m", "sku": "shirt-m", "unitPrice": {"amount": "25.00"}},
        {"id": "var_shirt-xl", "sku": "shirt-xl", "unitPrice": {"amount": "30.00"}},
        {"id": "cat_cups", "slug": "cups", "depth": 2},
        {"id": "cat_home", "slug": "home", "depth": 0},
        None,
    ]
    assert len(sent) == 3


async def test_the_tree_can_be_walked_both_ways(client: GraphqlClient) -> None:
    data = await client.data("""{
      categories { slug children { slug children { slug } } }
      below: categories(parentSlug: "home") { slug }
      category(slug: "cups") { parent { slug } breadcrumbs { slug } }
    }""")
    assert data == {
        "categories": [
            {"slug": "home", "children": [{"slug": "kitchen", "children": [{"slug": "cups"}]}]},
            {"slug": "clothing", "children": []},
        ],
        "below": [{"slug": "kitchen"}],
        "category": {
            "parent": {"slug": "kitchen"},
            "breadcrumbs": [{"slug": "home"}, {"slug": "kitchen"}, {"slug": "cups"}],
        },
    }
