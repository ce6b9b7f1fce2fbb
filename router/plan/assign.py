"""Which node answers which field: as near as possible, and as few of them as possible."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from router.plan.operation import Conditions, FieldItem, FragmentItem, Item, PlanningError
from router.plan.reach import Distance, Node, Reach
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
        here = [node for node in options if node in position.nodes() and options[node].depth == 0]
        if here or len(options) == 1:
            node = here[0] if here else next(iter(options))
            used.add(node)
            yield node, item, conditions
        else:
            open_.append(((item, conditions), options))
    yield from _cover(open_, used)


def _cover(
    open_: list[tuple[Wanted, Options]], used: set[Node]
) -> Iterator[tuple[Node, FieldItem, Conditions]]:
    """Choose among several options: the nearest, then one in use, then one that serves most."""
    left = list(open_)
    while left:
        votes = Counter(node for _, options in left for node in _nearest(options))
        rank = {node: (node in used, count, -_worst(left, node)) for node, count in votes.items()}
        best = max(rank, key=lambda node: rank[node])
        used.add(best)
        for (item, conditions), options in left:
            if best in _nearest(options):
                yield best, item, conditions
        left = [entry for entry in left if best not in _nearest(entry[1])]


def _worst(left: list[tuple[Wanted, Options]], node: Node) -> int:
    return sum(options[node].fetches for _, options in left if node in options)


def _nearest(options: Options) -> list[Node]:
    nearest = min(distance.depth for distance in options.values())
    return [node for node, distance in options.items() if distance.depth == nearest]


def _options(reach: Reach, position: Position, item: FieldItem) -> Options:
    options: Options = {}
    table = reach.table(position.nodes(), position.type_name)
    for node, hop in table.items():
        place = position.place(node)
        below = reach.below(node, position.type_name, item, place.provided if place else ())
        if below is not None:
            options[node] = Distance(hop.depth + below.depth, below.fetches)
    return options


def _split(reach: Reach, position: Position, item: FieldItem) -> Iterator[tuple[Node, FieldItem]]:
    """Parts of one composite field from several nodes: a value type whose fields are spread."""
    rest: FieldItem | None = item
    table = reach.table(position.nodes(), position.type_name)
    for node in sorted(table, key=lambda node: table[node].depth):
        if rest is None:
            return
        place = position.place(node)
        provided = place.provided if place else ()
        part, rest = _part(reach, node, position.type_name, rest, provided)
        if part is not None:
            yield node, part
    if rest is None:
        return
    missing = _first_leaf(rest)
    raise PlanningError(
        "UNPLANNABLE",
        f"No subgraph within reach resolves {position.type_name}.{missing} at "
        f"{'.'.join(position.path) or 'the root'}.",
    )


def _first_leaf(item: Item) -> str:
    while item.items:
        item = item.items[0]
    return item.name if isinstance(item, FieldItem) else ""


def _part(
    reach: Reach, node: Node, type_name: str, item: FieldItem, provided: tuple[Item, ...]
) -> tuple[FieldItem | None, FieldItem | None]:
    """(what the node can answer of a field, what it cannot)."""
    if reach.below(node, type_name, item, provided) is not None:
        return item, None
    found = reach.local(node, item.name, provided)
    if found is None or not item.items:
        return None, item
    inner = Node(node.graph, found.target)
    below = reach.provided_below(node, found, provided)
    good, bad = _parts(reach, inner, item.items, below)
    if not good or (
        found.requires is not None
        and reach.below(node, type_name, replace(item, items=()), provided) is None
    ):
        return None, item
    return replace(item, items=good), (replace(item, items=bad) if bad else None)


def _parts(
    reach: Reach, node: Node, items: tuple[Item, ...], provided: tuple[Item, ...]
) -> tuple[tuple[Item, ...], tuple[Item, ...]]:
    good: list[Item] = []
    bad: list[Item] = []
    for item in items:
        if reach.estimate(node, node.type_name, (item,), provided) is not None:
            good.append(item)
            continue
        part: Item | None = None
        rest: Item | None = item
        if isinstance(item, FieldItem):
            part, rest = _part(reach, node, node.type_name, item, provided)
        elif isinstance(item, FragmentItem):
            inner_good, inner_bad = _parts(reach, node, item.items, provided)
            part = replace(item, items=inner_good) if inner_good else None
            rest = replace(item, items=inner_bad) if inner_bad else None
        good += [part] if part is not None else []
        bad += [rest] if rest is not None else []
    return tuple(good), tuple(bad)
