"""Which node answers which field: as near as possible, and as few of them as possible."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator

from router.graph.lookup import Node
from router.graph.operation import Conditions, FieldItem, Item, PlanningError
from router.graph.reach import HERE, Distance, Reach
from router.graph.settled import is_settled
from router.graph.split import Parts, split
from router.plan.choices import MOST_ALTERNATIVES, SPLIT, Choice, Choices
from router.plan.deferred_fields import detour, own_nodes
from router.plan.steps import Position

Wanted = tuple[FieldItem, Conditions]
Options = dict[Node, Distance]


def assign(
    reach: Reach,
    position: Position,
    wanted: list[Wanted],
    choices: Choices,
    allowed: frozenset[Node] | None = None,
) -> Iterator[tuple[Node, FieldItem, Conditions]]:
    """A node for each field, in the order they can be taken; a field may be split among nodes.

    With `allowed`, no other nodes are considered.

    Raises PlanningError for a field that cannot be reached.
    """
    open_: list[tuple[Wanted, Options]] = []
    used = own_nodes(position)
    for whole, conditions in wanted:
        forced = _forced(position, choices, (whole, conditions))
        at_hand = None if forced else _at_hand(reach, position, whole, allowed)
        if at_hand is not None:
            yield at_hand, whole, conditions
            continue
        parts, item, options = _parts(reach, position, choices, (whole, conditions), allowed)
        for node, part in parts:
            used.add(node)
            yield node, part, conditions
        if item is None:
            continue
        # In the order the places were made: the first is known at the earliest stage.
        here = [place.node for place in position.places if _is_done(options, place.node)]
        if isinstance(forced, Node) and forced in options:
            here = [forced]
        if here or len(options) == 1:
            node = here[0] if here else next(iter(options))
            used.add(node)
            if options[node] > HERE:
                _offer(reach, position, choices, (item, conditions), node, options)
            yield node, item, conditions
        else:
            open_.append(((item, conditions), options))
    for node, item, conditions, options in _cover(open_, used):
        _offer(reach, position, choices, (item, conditions), node, options)
        yield node, item, conditions


def _at_hand(
    reach: Reach, position: Position, item: FieldItem, allowed: frozenset[Node] | None
) -> Node | None:
    """Where the objects are first, when all of a field is answered there."""
    if position.part is not None or not position.places:
        return None
    place = position.places[0]
    if allowed is not None and place.node not in allowed:
        return None
    return place.node if is_settled(reach, place.node, item, place.provided) else None


def _parts(
    reach: Reach,
    position: Position,
    choices: Choices,
    wanted: Wanted,
    allowed: frozenset[Node] | None,
) -> tuple[Parts, FieldItem | None, Options]:
    """(parts of a field for several nodes, the rest of it, who can answer that rest)."""
    parts: Parts = []
    item, conditions = wanted
    rest: FieldItem | None = item
    options: Options = {}
    forced = _forced(position, choices, wanted)
    if forced != SPLIT:
        options = _options(reach, position, wanted, allowed)
    if not options and not reach.is_asked_once(position.type_name):
        most = 0 if forced == SPLIT else None
        starts = position.starts()
        parts, rest = split(reach, starts, position.type_name, item, most)
        if not all(is_settled(reach, node, part, starts.get(node, ())) for node, part in parts):
            choices.offer(_question(position, *wanted), [SPLIT])
    if rest is not None and not options:
        options = _options(reach, position, (rest, conditions), allowed)
        if not options:
            raise _unreachable(position, rest)
    return parts, rest, options


def _forced(position: Position, choices: Choices, wanted: Wanted) -> Choice | None:
    return choices.taken.get(_question(position, *wanted)) if choices.taken else None


def _question(position: Position, item: FieldItem, conditions: Conditions) -> Hashable:
    part = position.part.label if position.part else None
    return position.path, position.type_name, item.response, item.signature, conditions, part


def _offer(
    reach: Reach,
    position: Position,
    choices: Choices,
    wanted: Wanted,
    node: Node,
    options: Options,
) -> None:
    item, _ = wanted
    nodes = [other for other in options if other != node]
    others: list[Choice] = [*sorted(nodes, key=lambda other: options[other])]
    can_split = item.items and not reach.is_asked_once(position.type_name)
    if can_split and options[node].depth + options[node].fetches > 0:
        others.insert(0, SPLIT)
    choices.offer(_question(position, *wanted), others)


def _is_done(options: Options, node: Node) -> bool:
    return node in options and options[node].depth == 0


def _cover(
    open_: list[tuple[Wanted, Options]], used: set[Node]
) -> Iterator[tuple[Node, FieldItem, Conditions, Options]]:
    """Choose among several options: the nearest, then one in use, then one that serves most."""
    left = list(open_)
    while left:
        votes = Counter(node for _, options in left for node in _nearest(options))
        rank = {node: (node in used, count, *_worst(left, node)) for node, count in votes.items()}
        best = max(rank, key=lambda node: rank[node])
        used.add(best)
        for (item, conditions), options in left:
            if best in _nearest(options):
                yield best, item, conditions, options
        left = [entry for entry in left if best not in _nearest(entry[1])]


def _worst(left: list[tuple[Wanted, Options]], node: Node) -> tuple[int, int]:
    """What remains to be done behind a node, as numbers that are the better the greater."""
    behind = [options[node] for _, options in left if node in options]
    return -sum(one.fetches for one in behind), -sum(one.moved for one in behind)


def _nearest(options: Options) -> list[Node]:
    nearest = min(distance.depth for distance in options.values())
    return [node for node, distance in options.items() if distance.depth == nearest]


def _options(
    reach: Reach, position: Position, wanted: Wanted, allowed: frozenset[Node] | None
) -> Options:
    item, conditions = wanted
    options: Options = {}
    table = reach.table(position.starts(), position.type_name, position.delays())
    able = reach.able(table, position.type_name, item.name)
    for node, hop in sorted(able, key=lambda entry: entry[1].depth):
        if sum(option.depth < hop.depth for option in options.values()) > MOST_ALTERNATIVES:
            break  # further away than as many others as are ever tried
        if allowed is not None and node not in allowed:
            continue
        place = position.place(node)
        below = reach.below(node, position.type_name, item, place.provided if place else ())
        if below is not None:
            depth = hop.depth + below.depth + detour(reach, position, node, item, conditions)
            options[node] = Distance(depth, below.fetches, below.moved)
    return options


def _unreachable(position: Position, item: Item) -> PlanningError:
    return PlanningError(
        "UNPLANNABLE",
        f"No subgraph within reach resolves {position.type_name}.{_leaf_path(item)} at "
        f"{'.'.join(position.path) or 'the root'}.",
    )


def _leaf_path(item: Item) -> str:
    names = [item.name] if isinstance(item, FieldItem) else []
    while item.items:
        item = item.items[0]
        names += [item.name] if isinstance(item, FieldItem) else []
    return ".".join(names)
