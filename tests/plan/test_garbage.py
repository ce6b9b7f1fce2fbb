"""Planning leaves nothing behind that waits for a garbage collection, which would stop all else."""

import gc

from graphql import parse

from router.plan import plan
from tests.plan.graphs import graph_of

KEYED = 'type E @key(fields: "id") { id: ID!'


def test_what_a_plan_was_made_with_is_freed_without_a_collection() -> None:
    graph = graph_of(
        f"type Query {{ e: E }} {KEYED} to: [E] }}",
        f"{KEYED} x: Int }}",
        f'{KEYED} x: Int @external y: Int @requires(fields: "x") }}',
    )
    document = parse("{ e { x y to { x y to { y } } } }")
    plan(document, graph)
    gc.collect()
    gc.disable()
    try:
        kept = plan(document, graph)
        assert gc.collect() == 0
    finally:
        gc.enable()
    assert kept.node is not None
