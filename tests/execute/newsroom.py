"""Two subgraphs: one tells what changes, the other knows the rest."""

from __future__ import annotations

from functools import cache

from router.compose import Source, compose
from router.execute.prepared import PreparedOperation, parsed, prepare
from router.execute.served_schema import ServedSchema, served_schema

LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])'
NEWS = """
type Query { ping: Boolean }
type Subscription { changed(kind: String): Product  moved: Product! }
type Product @key(fields: "id") { id: ID! at: Int! }
"""
CATALOG = """
type Query { products: [Product!] }
type Product @key(fields: "id") { id: ID! name: String! note: String }
"""


@cache
def newsroom_sdl() -> str:
    composition = compose(
        [
            Source(name, f"http://{name}.test/graphql", LINK + sdl)
            for name, sdl in (("news", NEWS), ("catalog", CATALOG))
        ]
    )
    assert composition.supergraph_sdl is not None, composition.errors
    return composition.supergraph_sdl


@cache
def newsroom() -> ServedSchema:
    return served_schema(newsroom_sdl())


def subscription(text: str) -> PreparedOperation:
    return prepare(newsroom(), parsed(text))
