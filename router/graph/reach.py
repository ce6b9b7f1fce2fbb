"""How far things are: what can be selected where, and how many fetches away the rest is.

Nothing here depends on the plan being built, so every answer is remembered for the operation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from router.graph.entering import Hop, reentry, within_reach
from router.graph.field_sets import field_set_items
from router.graph.lookup import Lookup, Node, Provided
from router.graph.model import SubgraphField
from router.graph.operation import FieldItem, FragmentItem, Item, PlanningError
from router.graph.settled import is_settled
from router.graph.split import split
from router.graph.truth import real_types

BUDGET = 200_000


class Distance(NamedTuple):
    """How many stages away something is, about how many fetches it takes, for how many leaves."""

    depth: int
    fetches: int
    moved: int = 0


HERE = Distance(0, 0)
# What an answer is before it has been asked for.
_UNASKED = Distance(BUDGET, BUDGET)
NO_DELAYS: Mapping[Node, int] = {}
# A node, a type, and by identity a field and what is provided; how far its parts may be.
Asked = tuple[Node, str, int, tuple[int, ...], int | None]
K = TypeVar("K")
V = TypeVar("V")
# Where objects are known to be, with what @provides promises there.
Starts = Mapping[Node, Provided]


@dataclass(slots=True)
class Reach(Lookup):
    """How far things are, every answer remembered."""

    budget: int = BUDGET
    spent: int = 0
    parts: dict[Asked, tuple[FieldItem | None, FieldItem | None]] = field(default_factory=dict)
    _tables: dict[tuple[object, ...], dict[Node, Hop]] = field(default_factory=dict)
    _estimates: dict[tuple[object, ...], Distance | None] = field(default_factory=dict)
    settled: dict[tuple[Node, int, tuple[int, ...]], bool] = field(default_factory=dict)
    _alone: dict[int, tuple[Item]] = field(default_factory=dict)
    _requiring: set[tuple[Node, str]] = field(default_factory=set)

    def table(
        self, starts: Starts, type_name: str, delays: Mapping[Node, int] = NO_DELAYS
    ) -> Mapping[Node, Hop]:
        """Every node within reach of objects of `type_name` that are at `starts`, and its hop.

        `delays` tells how many stages after the first the objects are at one of the starts.
        """
        known = (
            type_name,
            *((node, delays.get(node, 0), *map(id, given)) for node, given in starts.items()),
        )
        found = self._tables.get(known)
        if found is None:
            at = {node: Hop(delays.get(node, 0), None, starts[node]) for node in sorted(starts)}
            found = within_reach(self, at, type_name)
            self._kept += starts.values()
            self._tables[known] = found
        return found

    def _again(self, node: Node, type_name: str, provided: Provided) -> Hop | None:
        return reentry(self, {node: provided}, type_name, node)

    def collect(
        self, known: Mapping[Node, Hop], type_name: str, items: tuple[Item, ...]
    ) -> int | None:
        """The stage after which a field set is known when gathered from `known` nodes."""
        depth = 0
        for item in items:
            if isinstance(item, FragmentItem):
                part = 0 if not self._meets(item, type_name) else None
                if part is None:
                    part = self.collect(known, type_name, item.items)
            elif item.name == "__typename":
                part = 0
            else:
                part = self._collect_field(known, type_name, item)
            if part is None:
                return None
            depth = max(depth, part)
        return depth

    def _collect_field(
        self, known: Mapping[Node, Hop], type_name: str, item: FieldItem
    ) -> int | None:
        best: int | None = None
        for node, hop in self.able(known, type_name, item.name):
            if best is None or hop.depth < best:
                below = self.below(node, type_name, item, hop.provided)
                if below is not None and (best is None or hop.depth + below.depth < best):
                    best = hop.depth + below.depth
                    if best == 0:
                        break
        return best

    def able(
        self, known: Mapping[Node, Hop], type_name: str, name: str
    ) -> Iterator[tuple[Node, Hop]]:
        """Those of `known` that may have a field: where objects are, then where they can go."""
        for node, hop in known.items():  # where objects are comes first
            if hop.key is not None:
                break
            yield node, hop
        for node in self.holders(type_name, name):
            there = known.get(node)
            if there is not None and there.key is not None:
                yield node, there

    def _meets(self, item: FragmentItem, type_name: str) -> bool:
        """Whether an object of the type can satisfy the fragment's condition."""
        if item.type_condition is None:
            return True
        wide = self.graph.runtime.get(item.type_condition, ())
        return any(name in wide for name in self.graph.runtime.get(type_name, ()))

    def below(
        self, node: Node, type_name: str, item: FieldItem, provided: Provided
    ) -> Distance | None:
        """The distance of all that is selected under a field taken at this node; None: too far."""
        found = self.local(node, item.name, provided)
        if found is None:
            return None
        start = HERE
        if found.context_arguments:
            # Values from above are passed to a fetch of its own, which takes a key to enter by.
            hop = self._again(node, type_name, provided)
            if hop is None:
                return None
            start = Distance(1, 1)
        elif found.requires is not None:
            depth = self._required(node, type_name, found, provided)
            if depth is None:
                return None
            start = Distance(depth, 1)
        if not item.items:
            return start
        inner = Node(node.graph, found.target)
        rest = self.estimate(
            inner, found.target, item.items, self.provided_below(node, found, provided)
        )
        return (
            None
            if rest is None
            else Distance(start.depth + rest.depth, start.fetches + rest.fetches, rest.moved)
        )

    def _required(
        self, node: Node, type_name: str, found: SubgraphField, provided: Provided
    ) -> int | None:
        """The stage at which a field with @requires is answered: what it needs, then it again."""
        guard = (node, found.name)
        if guard in self._requiring or found.requires is None:
            return None
        self._requiring.add(guard)
        try:
            known = self.table({node: provided}, type_name)
            depth = self.collect(known, type_name, field_set_items(found.requires))
            if self._again(node, type_name, provided) is None:
                depth = None  # what was gathered could not be sent: no key leads back here
        finally:
            self._requiring.discard(guard)
        return None if depth is None else depth + 1

    def estimate(
        self, node: Node, type_name: str, items: tuple[Item, ...], provided: Provided = ()
    ) -> Distance | None:
        """The distance of all `items` from objects of `type_name` at the node; None: too far."""
        key = (node, type_name, id(items), *map(id, provided))
        known = self._estimates.get(key, _UNASKED)
        if known is not _UNASKED:
            return known
        self.spend()
        distance = self._estimate(node, items, provided)
        self.keep(self._estimates, key, distance, (items, provided))
        return distance

    def estimate_one(self, node: Node, item: Item, provided: Provided) -> Distance | None:
        """The distance of a single item: one tuple for it, as answers are known by identity."""
        alone = self._alone.get(id(item))
        if alone is None:
            alone = self._alone[id(item)] = (item,)
        return self.estimate(node, node.type_name, alone, provided)

    def keep(self, answers: dict[K, V], key: K, answer: V, named: tuple[object, ...]) -> None:
        """Remember an answer whose key has the ids of what is `named`."""
        if not self._requiring:  # an answer found under a guard holds only under that guard
            self._kept += named  # ids stay unique while what they name is alive
            answers[key] = answer

    def spend(self) -> None:
        """Count one step of the search. Raises PlanningError when the budget is used up."""
        self.spent += 1
        if self.spent > self.budget:
            raise PlanningError(
                "QUERY_PLANNING_BUDGET_EXCEEDED",
                f"No plan was found within {self.budget} steps; send a smaller operation.",
            )

    def _estimate(self, node: Node, items: tuple[Item, ...], provided: Provided) -> Distance | None:
        depth, fetches, moved, targets = 0, 0, 0, set()
        for member in self.members(node) or [node]:
            for item in self.fields(member.type_name, items):
                if is_settled(self, member, item, provided):
                    continue
                best = self.nearest(
                    node if member == node else member, member.type_name, item, provided
                )
                if best is None:
                    apart = self._apart(member, item, provided)
                    if apart is None:
                        return None
                    depth, fetches = max(depth, apart.depth), fetches + apart.fetches
                    continue
                goal, distance = best
                depth, fetches = max(depth, distance.depth), fetches + distance.fetches
                moved += distance.moved + (self.leaves(item) if goal != member else 0)
                if goal != member:
                    targets.add(goal)
        truth = real_types(self, node, items, provided)
        if truth is None:
            return None
        return Distance(max(depth, truth.depth), fetches + len(targets) + truth.fetches, moved)

    def _apart(self, node: Node, item: FieldItem, provided: Provided) -> Distance | None:
        """The distance of a field that takes several nodes to answer; None: too far."""
        if not item.items:
            return None
        starts = {node: provided}
        table = self.table(starts, node.type_name)
        if len(table) == 1:
            return None
        parts, rest = split(self, starts, node.type_name, item)
        if rest is not None:
            return None
        return Distance(max(table[goal].depth for goal, _ in parts), len(parts) - 1)

    def _may_be_nearer(self, goal: Node, hop: Hop, item: FieldItem, rank: Distance) -> bool:
        """Whether going elsewhere may be better, told without a search of all that is there."""
        if hop.depth == rank.depth:
            return is_settled(self, goal, item, ())
        return hop.depth < rank.depth

    def nearest(
        self, node: Node, type_name: str, item: FieldItem, provided: Provided
    ) -> tuple[Node, Distance] | None:
        """Where a field is best taken from, for an object at `node`."""
        here = self.below(node, type_name, item, provided)
        if here is not None and here.depth == 0:
            return node, here
        best = (node, here) if here is not None else None
        rank = here
        table = self.table({node: provided}, type_name)
        for goal, hop in self.able(table, type_name, item.name):
            if goal == node or (
                rank is not None and not self._may_be_nearer(goal, hop, item, rank)
            ):
                continue
            there = self.below(goal, type_name, item, ())
            if there is None:
                continue
            distance = Distance(hop.depth + there.depth, there.fetches, there.moved)
            # Going there is a fetch of its own, and everything selected moves along.
            whole = Distance(
                distance.depth, distance.fetches + 1, distance.moved + self.leaves(item)
            )
            if rank is None or whole < rank:
                best, rank = (goal, distance), whole
        return best
