"""`python -m benchmarks.plan`: CPU time (p50, p99) and memory a plan, on synthetic graphs.

Each of N subgraphs owns ten entities, adds a field to the entities of three others and refers to
them, so that an operation can wander through all of them. Composed by our own composer.
"""

from __future__ import annotations

import argparse
import gc
import random
import statistics
import time
import tracemalloc

from graphql import DocumentNode, parse

from router.compose import Source, compose
from router.graph.build import build
from router.graph.model import Graph
from router.plan import plan
from router.supergraph.read_sdl import read_sdl

ENTITIES = 10
LINK = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", '
    '"@shareable", "@external", "@requires"])\n'
)


def sources(subgraphs: int) -> list[Source]:
    """Schemas of `subgraphs` subgraphs."""
    made = []
    for number in range(subgraphs):
        parts = [LINK, f"type Query {{ all{number}: [E{number}x0!]! }}\n"]
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
        made.append(Source(f"s{number}", f"http://s{number}", "".join(parts)))
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


def measure(graph: Graph, documents: list[DocumentNode]) -> tuple[float, float, float]:
    """(p50 ms, p99 ms, KiB a plan)."""
    times = []
    for document in documents:
        begun = time.process_time()
        plan(document, graph)
        times.append((time.process_time() - begun) * 1000)
    gc.collect()
    tracemalloc.start()
    kept = [plan(document, graph) for document in documents]
    gc.collect()
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    times.sort()
    return statistics.median(times), times[int(len(times) * 0.99) - 1], held / len(kept) / 1024


def main() -> None:
    """Print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--operations", type=int, default=100)
    arguments = parser.parse_args()
    print("| subgraphs | hops | fields elsewhere, each hop | p50 ms | p99 ms | KiB a plan |")
    print("| --- | --- | --- | --- | --- | --- |")
    for subgraphs in (5, 20, 50):
        composition = compose(sources(subgraphs))
        if composition.supergraph_sdl is None:
            raise SystemExit(str(composition.errors[0]))
        graph = build(read_sdl(composition.supergraph_sdl))
        gc.collect()
        gc.freeze()  # as the router does, so that no collection walks the graph
        for depth, width in ((1, 1), (4, 2), (10, 3)):
            random_ = random.Random(depth)
            documents = [
                operation(subgraphs, depth, width, random_) for _ in range(arguments.operations)
            ]
            p50, p99, size = measure(graph, documents)
            print(f"| {subgraphs} | {depth} | {width} | {p50:.2f} | {p99:.2f} | {size:.1f} |")


if __name__ == "__main__":
    main()
