"""The best of several plans: decisions are turned over one by one for as long as it helps.

A walk decides by estimates, one field at a time. What a decision really costs shows only in the
whole plan, where requests are joined; so whole plans are compared. The search is bounded: a small
operation is tried in many ways, a large one in few.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from typing import NamedTuple

from router.graph.operation import PlanningError
from router.plan.choices import SEPARATE, Choice, Choices
from router.plan.nodes import (
    BatchFetch,
    Condition,
    Defer,
    Fetch,
    Flatten,
    Parallel,
    PlanNode,
    Sequence,
    Subscription,
)

MOST_PLANS = 48
# Characters of requests built altogether, and fields placed: some ten milliseconds the first, some
# thirty the second (which short names reach before the first).
MOST_TEXT = 10_000
MOST_FIELDS = 600


class Cost(NamedTuple):
    """What a plan costs, the most important first; `text` is the length of all requests.

    `late` counts for each request the stages before it. Nobody pays for that, but of two requests
    that could be spared at once, by two decisions, it tells the search that one is a start.
    """

    stages: int = 0
    fetches: int = 0
    text: int = 0
    late: int = 0

    @property
    def promise(self) -> tuple[int, int, int, int]:
        """What the search goes by."""
        return self.stages, self.fetches, self.late, self.text


def best(build: Callable[[Choices], PlanNode | None]) -> PlanNode | None:
    """The cheapest plan found. Raises PlanningError when the first attempt finds none."""
    choices = Choices()
    found = build(choices)
    cost = here = measure(found)
    plans, text, fields = 1, cost.text, choices.fields
    tried: set[tuple[Hashable, Choice]] = set()
    while plans < MOST_PLANS and cost.fetches > 1:
        if text + here.text >= MOST_TEXT or fields + choices.fields >= MOST_FIELDS:
            break
        turn = next((turn for turn in _turns(choices) if turn not in tried), None)
        if turn is None:
            break
        tried.add(turn)
        plans += 1
        other = Choices({**choices.taken, turn[0]: turn[1]})
        try:
            node = build(other)
        except PlanningError:
            text += here.text
            continue
        finally:
            fields += other.fields
        price = measure(node)
        text += price.text
        if price < cost:
            found, cost = node, price
        if price.promise < here.promise:
            choices, here = other, price
    return found


def _turns(choices: Choices) -> Iterator[tuple[Hashable, Choice]]:
    """Every decision that could be another, with the other; first what may save a stage."""
    turns = [
        (key, choice)
        for key, alternatives in choices.open.items()
        for choice in alternatives
        if choices.taken.get(key) != choice
    ]
    yield from sorted(turns, key=lambda turn: turn[1] != SEPARATE)


def measure(node: PlanNode | None) -> Cost:
    """The cost of a plan; of stages that exclude each other both count."""
    match node:
        case None:
            return Cost()
        case Fetch() | BatchFetch():
            return Cost(1, 1, len(node.operation))
        case Flatten():
            return measure(node.node)
        case Parallel():
            parts = [measure(item) for item in node.nodes]
            return _sum(parts)._replace(stages=max(part.stages for part in parts))
        case Sequence():
            total = Cost()
            for part in map(measure, node.nodes):
                waits = part.fetches * total.stages
                total = _sum([total, part._replace(late=part.late + waits)])
            return total
        case Condition():
            return _sum([measure(node.if_clause), measure(node.else_clause)])
        case Subscription():
            return _sum([measure(node.primary), measure(node.rest)])
        case Defer():
            return _sum(
                [measure(item) for item in (node.primary, *(d.node for d in node.deferred))]
            )


def _sum(parts: list[Cost]) -> Cost:
    return Cost(*map(sum, zip(*parts, strict=True)))
