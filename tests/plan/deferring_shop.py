"""A shop in three subgraphs, and plans on it in brief."""

from collections.abc import Iterator
from functools import cache
from textwrap import dedent

from graphql import parse

from router.compose import Source, compose
from router.graph.build import build
from router.graph.deferral import labelled, shown
from router.graph.model import Graph
from router.plan import plan
from router.plan.nodes import (
    BatchFetch,
    Condition,
    Defer,
    DeferredPart,
    Fetch,
    Flatten,
    Parallel,
    PlanNode,
    QueryPlan,
    Sequence,
)
from router.supergraph.read_sdl import read_sdl

LINK = """
extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.9"
  import: ["@key", "@external", "@requires", "@provides", "@shareable"]
)
"""
CATALOG = """
type Query { product(id: ID!): Product  products: [Product]  found: [Found]  offers: [Offer] }
type Mutation { rename(id: ID!, name: String!): Product  rate(id: ID!, stars: Int!): Product }
type Product @key(fields: "id") {
  id: ID! name: String @shareable weight: Int size: Size maker: Maker
}
type Size { width: Int height: Int maker: Maker }
type Maker @key(fields: "id") { id: ID! country: String }
interface Offer { id: ID! title: String }
type Book implements Offer @key(fields: "id") { id: ID! title: String }
type Voucher implements Offer { id: ID! title: String amount: Int }
union Found = Product | Maker
"""
REVIEWS = """
type Query { newest: Review  rated: Product @provides(fields: "name") }
type Review { stars: Int product: Product }
type Product @key(fields: "id") { id: ID! stars: Float reviews: [Review] name: String @external }
type Maker @key(fields: "id") { id: ID! rating: Float }
type Book @key(fields: "id") { id: ID! pages: Int }
"""
SHIPPING = """
type Product @key(fields: "id") {
  id: ID!
  weight: Int @external
  cost: Int @requires(fields: "weight")
}
"""


@cache
def shop() -> Graph:
    sdls = {"catalog": CATALOG, "reviews": REVIEWS, "shipping": SHIPPING}
    composition = compose(
        [Source(name, f"http://{name}", LINK + sdl) for name, sdl in sdls.items()]
    )
    assert composition.supergraph_sdl is not None, composition.errors
    return build(read_sdl(composition.supergraph_sdl))


def planned(operation: str) -> QueryPlan:
    return plan(labelled(parse(operation)), shop(), in_parts=True)


def brief(operation: str) -> str:
    """One line a request, `subgraph#id at path: what is asked`, what is deferred indented."""
    return "\n".join(outline(planned(operation).node))


def outline(node: PlanNode | None, mark: str = "") -> Iterator[str]:
    match node:
        case Fetch() | BatchFetch():
            yield f"{mark}{node.subgraph}{number(node.id)}: {node.operation}"
        case Flatten(path, fetch):
            asked = fetch.operation.partition("{_entities(representations:$representations)")[2]
            where = f"{mark}{fetch.subgraph}{number(fetch.id)} at {'.'.join(path)}"
            yield f"{where}: {asked[:-1] or fetch.operation}"
        case Sequence() | Parallel():
            together = "| " if isinstance(node, Parallel) else ""
            for child in node.nodes:
                yield from outline(child, mark + together)
        case Condition():
            for word, clause in (("if", node.if_clause), ("unless", node.else_clause)):
                yield from [f"{mark}{word} ${node.variable}"] if clause is not None else []
                yield from outline(clause, f"{mark}  ")
        case Defer():
            yield from outline(node.primary, mark)
            for part in node.deferred:
                yield from deferred(part, mark)


def deferred(part: DeferredPart, mark: str) -> Iterator[str]:
    waits = ", ".join(str(wait.id) for wait in part.depends)
    label = shown(part.label)
    named = f' "{label}"' if label else ""
    where = ".".join(part.query_path) or "the root"
    nested = part.node.primary_subselection if isinstance(part.node, Defer) else None
    yield f"{mark}later{named} at {where} after [{waits}]: {part.subselection or nested}"
    yield from outline(part.node, f"{mark}  ")


def number(id_: int | None) -> str:
    return "" if id_ is None else f"#{id_}"


def text(plan_: str) -> str:
    return dedent(plan_).strip()
