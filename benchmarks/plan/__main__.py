"""`python -m benchmarks.plan`: CPU time (p50, p99, most) and memory a plan, on synthetic graphs.

Walks: each of N subgraphs owns twenty entities, adds a field to the entities of three others and
refers to them, so that an operation can wander through all of them. Then what is hard to plan
(`shapes`), with fifty subgraphs each. Composed by our own composer. Nothing else should run:
a busy machine shows in CPU time, too.
"""

from __future__ import annotations

import argparse
import gc
import random
import statistics
import time
import tracemalloc

from graphql import DocumentNode, parse

from benchmarks.plan.shapes import SHAPES
from router.compose import Source, compose
from router.graph.build import build
from router.graph.model import Graph
from router.plan import plan
from router.plan.search import measure
from router.supergraph.read_sdl import read_sdl

ENTITIES = 20
MOST = 50
LINK = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", '
    '"@shareable", "@external", "@requires", "@interfaceObject"])\n'
)


def graph_of(sdls: list[str]) -> Graph:
    """The graph of subgraphs with these schemas, @link left out."""
    sources = [Source(f"s{n}", f"http://s{n}", LINK + sdl) for n, sdl in enumerate(sdls)]
    composition = compose(sources)
    if composition.supergraph_sdl is None:
        raise SystemExit(str(composition.errors[0]))
    graph = build(read_sdl(composition.supergraph_sdl))
    gc.collect()
    gc.freeze()  # as the router does, so that no collection walks the graph, and few are made
    gc.set_threshold(50_000, 50, 50)
    return graph


def linked(subgraphs: int) -> list[str]:
    """Schemas of subgraphs whose entities refer to those of three others."""
    made = []
    for number in range(subgraphs):
        parts = [f"type Query {{ all{number}: [E{number}x0!]! }}\n"]
        for entity in range(ENTITIES):
            others = [(number + step) % subgraphs for step in (1, 7, 13)]
            links = " ".join(f"to{other}: E{other}x{entity}" for other in sorted(set(others)))
            parts.append(
                f'type E{number}x{entity} @key(fields: "id") {{ id: ID! name: String size: Int '
                f"{links} }}\n"
            )
            parts += [
                f'type E{other}x{entity} @key(fields: "id") {{ id: ID! note{number}: String }}\n'
                for other in sorted(set(others) - {number})
            ]
        made.append("".join(parts))
    return made


def operation(subgraphs: int, depth: int, width: int, source: random.Random) -> DocumentNode:
    """A walk of `depth` hops, at each of them `width` foreign fields."""

    def selection(at: int, left: int) -> str:
        fields = ["id", "name"]
        holders = [(at - step) % subgraphs for step in (1, 7, 13)][:width]
        fields += [f"note{holder}" for holder in sorted(set(holders) - {at})]
        if left:
            target = (at + source.choice((1, 7, 13))) % subgraphs
            fields.append(f"to{target} {{ {selection(target, left - 1)} }}")
        return " ".join(fields)

    start = source.randrange(subgraphs)
    return parse(f"{{ all{start} {{ {selection(start, depth)} }} }}")


def row(graph: Graph, documents: list[DocumentNode], *names: object) -> None:
    """Plan the documents and print a row: p50, p99 and most in milliseconds, KiB a plan."""
    times = []
    for document in documents:
        begun = time.process_time()
        plan(document, graph)
        times.append((time.process_time() - begun) * 1000)
    gc.collect()
    tracemalloc.start()
    kept = [plan(document, graph) for document in documents[:10]]
    gc.collect()
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    times.sort()
    p50, p99 = statistics.median(times), times[int(len(times) * 0.99) - 1]
    fetches = measure(kept[0].node).fetches
    print(
        f"| {' | '.join(map(str, names))} | {fetches} | {p50:.1f} | {p99:.1f} | {times[-1]:.1f} "
        f"| {held / len(kept) / 1024:.1f} |",
        flush=True,
    )


def main() -> None:
    """Print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--operations", type=int, default=100)
    count = parser.parse_args().operations
    print("| operation | subgraphs | fetches | p50 ms | p99 ms | most ms | KiB a plan |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for subgraphs in (5, 20, MOST):
        graph = graph_of(linked(subgraphs))
        for depth, width in ((1, 1), (4, 2), (10, 3)):
            random_ = random.Random(depth)
            documents = [operation(subgraphs, depth, width, random_) for _ in range(count)]
            row(graph, documents, f"{depth} hops, {width} fields elsewhere at each", subgraphs)
    for name, shape in SHAPES.items():
        sdls, text = shape(MOST)
        row(graph_of(sdls), [parse(text)] * max(count // 5, 1), name, MOST)


if __name__ == "__main__":
    main()
