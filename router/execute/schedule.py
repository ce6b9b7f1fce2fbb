"""A plan as steps that wait for each other: who starts when how many others are done.

What is delivered in parts (@defer) ends, part by part, in a step that says that the part is whole.
"""

from __future__ import annotations

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
    Path,
    PlanNode,
    Sequence,
    Subscription,
)

Guards = tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One request, or (without `request`) a mere meeting point of the steps before it.

    It starts when `waits` others have ended, and lets `then` know when it has. It does its work
    only when each variable of `guards` has the value beside it. `part` is the one it belongs to;
    with `is_last`, that part is whole.
    """

    number: int
    request: Request | None
    waits: int
    then: tuple[int, ...]
    guards: Guards
    part: int = 0
    is_last: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """What is delivered together: the first part (no `parent`), or one @defer after its parent."""

    parent: int | None = None
    label: str = ""
    path: Path = ()


@dataclass(frozen=True, slots=True)
class Schedule:
    """Steps by number, parts by number; without parts everything is delivered at the end."""

    steps: tuple[Step, ...]
    parts: tuple[Part, ...] = ()


@dataclass(slots=True)
class _Draft:
    request: Request | None
    guards: Guards
    after: frozenset[int]
    part: int
    is_last: bool = False
    then: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _Drafts:
    """The plan so far. `part` is the one being scheduled; `by_id` are the requests that deferred
    parts of it name.
    """

    steps: list[_Draft] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    by_id: dict[int, int] = field(default_factory=dict)
    part: int = 0


def schedule(node: PlanNode | None) -> Schedule:
    """The steps of a plan; of a subscription it is what follows each event."""
    drafts = _Drafts()
    if _is_in_parts(node):
        _deliver(node, Part(), frozenset(), frozenset(), (), drafts)
    elif node is not None:
        _add(node, frozenset(), (), drafts)
    for number, draft in enumerate(drafts.steps):
        for before in draft.after:
            drafts.steps[before].then.append(number)
    steps = tuple(
        Step(
            number,
            draft.request,
            len(draft.after),
            tuple(draft.then),
            draft.guards,
            draft.part,
            draft.is_last,
        )
        for number, draft in enumerate(drafts.steps)
    )
    return Schedule(steps, tuple(drafts.parts))


def _is_in_parts(node: PlanNode | None) -> bool:
    """Whether the plan, for some values of the variables that switch @defer, comes in parts."""
    match node:
        case Defer():
            return True
        case Condition():
            return _is_in_parts(node.if_clause) or _is_in_parts(node.else_clause)
    return False


def _deliver(
    node: PlanNode | None,
    part: Part,
    after: frozenset[int],
    parent: frozenset[int],
    guards: Guards,
    drafts: _Drafts,
) -> None:
    """Add a part, and those deferred in it: what it asks comes `after` some requests, its delivery
    also after that of its `parent`. Of a plan's alternatives each has parts of its own.
    """
    if isinstance(node, Condition) and _is_in_parts(node):
        for clause, value in ((node.if_clause, True), (node.else_clause, False)):
            drafts.by_id.clear()
            _deliver(clause, part, after, parent, (*guards, (node.variable, value)), drafts)
        return
    number = drafts.part = len(drafts.parts)
    drafts.parts.append(part)
    first = node.primary if isinstance(node, Defer) else node
    ends = _add(first, after, guards, drafts) if first is not None else after
    last = _step(None, ends | parent, guards, drafts)
    for end in last:
        drafts.steps[end].is_last = True
    for deferred in node.deferred if isinstance(node, Defer) else ():
        waits = frozenset(drafts.by_id[wait.id] for wait in deferred.depends)
        below = Part(number, deferred.label, deferred.query_path)
        _deliver(deferred.node, below, waits, last, guards, drafts)


def _add(node: PlanNode, after: frozenset[int], guards: Guards, drafts: _Drafts) -> frozenset[int]:
    """Add the node's steps; returns those that the next node has to wait for."""
    match node:
        case Fetch() | Flatten() | BatchFetch():
            number = node.node.id if isinstance(node, Flatten) else node.id
            if number is not None:
                drafts.by_id[number] = len(drafts.steps)
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
            raise AssertionError("parts are delivered by a whole plan, or by another part")
        case Subscription():
            return _add(node.rest, after, guards, drafts) if node.rest else after


def _step(
    request: Request | None, after: frozenset[int], guards: Guards, drafts: _Drafts
) -> frozenset[int]:
    drafts.steps.append(_Draft(request, guards, after, drafts.part))
    return frozenset((len(drafts.steps) - 1,))


def _meet(ends: frozenset[int], drafts: _Drafts) -> frozenset[int]:
    """One end instead of many, so that two wide stages do not cost an edge for each pair."""
    return ends if len(ends) < 2 else _step(None, ends, (), drafts)
