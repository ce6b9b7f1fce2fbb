"""A plan as steps that wait for each other: who starts when how many others are done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

from router.execute.requests import Request, request_of
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

Guards = tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One request, or (without `request`) a mere meeting point of the steps before it.

    It starts when `waits` others have ended, and lets `then` know when it has. It does its work
    only when each variable of `guards` has the value beside it.
    """

    number: int
    request: Request | None
    waits: int
    then: tuple[int, ...]
    guards: Guards


@dataclass(slots=True)
class _Draft:
    request: Request | None
    guards: Guards
    after: frozenset[int]
    then: list[int] = field(default_factory=list)


def schedule(node: PlanNode | None) -> tuple[Step, ...]:
    """The steps of a plan. Of a subscription it is what follows each event; deferred parts are run
    after the primary one, for a client that takes everything at once.
    """
    drafts: list[_Draft] = []
    if node is not None:
        _add(node, frozenset(), (), drafts)
    for number, draft in enumerate(drafts):
        for before in draft.after:
            drafts[before].then.append(number)
    return tuple(
        Step(number, draft.request, len(draft.after), tuple(draft.then), draft.guards)
        for number, draft in enumerate(drafts)
    )


def _add(
    node: PlanNode, after: frozenset[int], guards: Guards, drafts: list[_Draft]
) -> frozenset[int]:
    """Add the node's steps; returns those that the next node has to wait for."""
    match node:
        case Fetch() | Flatten() | BatchFetch():
            return _step(request_of(node), after, guards, drafts)
        case Sequence():
            for item in node.nodes:
                after = _meet(_add(item, after, guards, drafts), drafts)
            return after
        case Parallel():
            ends = [_add(item, after, guards, drafts) for item in node.nodes]
            return frozenset(chain.from_iterable(ends)) or after
        case Condition():
            ends = [
                _add(clause, after, (*guards, (node.variable, value)), drafts) if clause else after
                for clause, value in ((node.if_clause, True), (node.else_clause, False))
            ]
            return frozenset(chain.from_iterable(ends))
        case Defer():
            for item in _parts(node):
                after = _meet(_add(item, after, guards, drafts), drafts)
            return after
        case Subscription():
            return _add(node.rest, after, guards, drafts) if node.rest else after


def _parts(node: Defer) -> Iterator[PlanNode]:
    for item in (node.primary, *(part.node for part in node.deferred)):
        if item is not None:
            yield item


def _step(
    request: Request | None, after: frozenset[int], guards: Guards, drafts: list[_Draft]
) -> frozenset[int]:
    drafts.append(_Draft(request, guards, after))
    return frozenset((len(drafts) - 1,))


def _meet(ends: frozenset[int], drafts: list[_Draft]) -> frozenset[int]:
    """One end instead of many, so that two wide stages do not cost an edge for each pair."""
    return ends if len(ends) < 2 else _step(None, ends, (), drafts)
