"""Which node answers which field: as near as possible, and as few of them as possible."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from router.graph.lookup import Node
from router.graph.operation import Conditions, FieldItem, Item, PlanningError
from router.graph.reach import Distance, Reach
from router.graph.split import split
from router.plan.steps import Position

Wanted = tuple[FieldItem, Conditions]
Options = dict[Node, Distance]


def assign(
    reach: Reach, position: Position, wanted: list[Wanted]
) -> Iterator[tuple[Node, FieldItem, Conditions]]:
    """A node for each field, in the order they can be taken; a field may be split among nodes.

    Raises PlanningError for a field that cannot be reached.
    """
    open_: list[tuple[Wanted, Options]] = []
    used = set(position.nodes())
    for item, conditions in wanted:
        options = _options(reach, position, item)
        if not options:
            for node, part in _split(reach, position, item):
                used.add(node)
                yield node, part, conditions
            continue
        # In the order the places were made: the first is known at the earliest stage.
        here = [place.node for place in position.places if _is_done(options, place.node)]
        if here or len(options) == 1:
            node = here[0] if here else next(iter(options))
            used.add(node)
            yield node, item, conditions
        else:
            open_.append(((item, conditions), options))
    yield from _cover(open_, used)


def _is_done(options: Options, node: Node) -> bool:
    return node in options and options[node].depth == 0


def _cover(
    open_: list[tuple[Wanted, Options]], used: set[Node]
) -> Iterator[tuple[Node, FieldItem, Conditions]]:
    """Choose among several options: the nearest, then one in use, then one that serves most."""
    left = list(open_)
    while left:
        votes = Counter(node for _, options in left for node in _nearest(options))
        rank = {node: (node in used, count, *_worst(left, node)) for node, count in votes.items()}
        best = max(rank, key=lambda node: rank[node])
        used.add(best)
        for (item, conditions), options in left:
            if best in _nearest(options):
                yield best, item, conditions
        left = [entry for entry in left if best not in _nearest(entry[1])]


def _worst(left: list[tuple[Wanted, Options]], node: Node) -> tuple[int, int]:
    """What remains to be done behind a node, as numbers that are the better the greater."""
    behind = [options[node] for _, options in left if node in options]
    return -sum(one.fetches for one in behind), -sum(one.moved for one in behind)


def _nearest(options: Options) -> list[Node]:
    nearest = min(distance.depth for distance in options.values())
    return [node for node, distance in options.items() if distance.depth == nearest]


def _options(reach: Reach, position: Position, item: FieldItem) -> Options:
    options: Options = {}
    table = reach.table(position.starts(), position.type_name)
    for node, hop in table.items():
        place = position.place(node)
        below = reach.below(node, position.type_name, item, place.provided if place else ())
        if below is not None:
            options[node] = Distance(hop.depth + below.depth, below.fetches, below.moved)
    return options


def _split(reach: Reach, position: Position, item: FieldItem) -> Iterator[tuple[Node, FieldItem]]:
    """Parts of one composite field from several nodes: a value type whose fields are spread."""
    parts, rest = split(reach, position.starts(), position.type_name, item)
    if rest is not None:
        raise PlanningError(
            "UNPLANNABLE",
            f"No subgraph within reach resolves {position.type_name}.{_leaf_path(rest)} at "
            f"{'.'.join(position.path) or 'the root'}.",
        )
    yield from parts


def _leaf_path(item: Item) -> str:
    names = [item.name] if isinstance(item, FieldItem) else []
    while item.items:
        item = item.items[0]
        names += [item.name] if isinstance(item, FieldItem) else []
    return ".".join(names)
