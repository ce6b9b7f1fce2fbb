"""The benchmark's four subgraphs as GraphQL schemas over the shop; entities by representation."""

from __future__ import annotations

from typing import Any

from graphql import GraphQLSchema, build_schema, graphql_sync

from benchmarks.router.public_data import Entity, Shop

ENTITIES = """
scalar _Any
union _Entity = {members}
"""
ACCOUNTS = """
type Query {
  me: User
  user(id: ID!): User
  users: [User]
  _entities(representations: [_Any!]!): [_Entity]!
}
type User { id: ID! name: String username: String birthday: Int }
""" + ENTITIES.format(members="User")
INVENTORY = """
type Query { _entities(representations: [_Any!]!): [_Entity]! }
type Product { upc: String! weight: Int price: Int inStock: Boolean shippingEstimate: Int }
""" + ENTITIES.format(members="Product")
PRODUCTS = """
type Query {
  topProducts(first: Int = 5): [Product]
  _entities(representations: [_Any!]!): [_Entity]!
}
type Product { upc: String! weight: Int price: Int name: String }
""" + ENTITIES.format(members="Product")
REVIEWS = """
type Query { _entities(representations: [_Any!]!): [_Entity]! }
type Product { upc: String! reviews: [Review] }
type Review { id: ID! body: String product: Product author: User }
type User { id: ID! username: String reviews: [Review] }
""" + ENTITIES.format(members="Product | User | Review")


class Subgraphs:
    """Answers GraphQL requests for each of the four by name."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._schemas: dict[str, GraphQLSchema] = {
            "accounts": build_schema(ACCOUNTS),
            "inventory": build_schema(INVENTORY),
            "products": build_schema(PRODUCTS),
            "reviews": build_schema(REVIEWS),
        }
        self._roots: dict[str, Any] = {
            "accounts": {
                "me": lambda _info: self._user("1"),
                "user": lambda _info, id: self._user(id),  # noqa: A006 - the schema's name
                "users": lambda _info: [self._user(key) for key in shop.users],
            },
            "products": {"topProducts": lambda _info, first: self._top(first)},
        }

    def answer(self, subgraph: str, request: dict[str, Any]) -> dict[str, Any]:
        """The GraphQL response to a request body."""
        root = {**self._roots.get(subgraph, {}), "_entities": self._entities}
        result = graphql_sync(
            self._schemas[subgraph],
            request["query"],
            root,
            variable_values=request.get("variables"),
            operation_name=request.get("operationName"),
        )
        return dict(result.formatted)

    def _top(self, first: int) -> list[Entity | None]:
        return [self._product(upc) for upc in list(self._shop.products)[:first]]

    def _entities(self, _info: Any, representations: list[Entity]) -> list[Entity | None]:
        makers = {"User": self._user, "Product": self._product, "Review": self._review}
        return [
            makers[item["__typename"]](item["upc"] if "upc" in item else item["id"])
            for item in representations
        ]

    def _user(self, key: str) -> Entity | None:
        known = self._shop.users.get(key)
        return known and {
            "__typename": "User",
            **known,
            "reviews": lambda _info: [self._review(review) for review in known["reviews"]],
        }

    def _product(self, upc: str) -> Entity | None:
        known = self._shop.products.get(upc)
        return known and {
            "__typename": "Product",
            **known,
            "reviews": lambda _info: [self._review(review) for review in known["reviews"]],
        }

    def _review(self, key: str) -> Entity | None:
        known = self._shop.reviews.get(key)
        return known and {
            "__typename": "Review",
            **known,
            "product": lambda _info: self._product(known["product"]),
            "author": lambda _info: self._user(known["author"]),
        }
