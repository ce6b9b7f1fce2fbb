"""Which stage of a plan each step is in."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from router.plan.steps import Step


def levels(steps: list[Step]) -> list[list[Step]]:
    """Steps by stage: as few stages as possible, then as few requests.

    A step waits for a later stage of the plan where it can join another request to its subgraph
    there without making anything else late.
    """
    stage = earliest(steps)
    last = max(stage.values(), default=-1)
    latest = _latest(steps, last)
    waiting: dict[Step, list[Step]] = {step: [] for step in steps}
    for step in steps:
        for other in step.depends:
            waiting[other].append(step)
    kin: dict[tuple[str, bool], list[Step]] = {}
    for step in steps:
        kin.setdefault((step.graph, step.is_entity), []).append(step)
    for step in sorted(steps, key=lambda step: stage[step]):
        if stage[step] == latest[step]:
            continue
        company = {
            stage[other]
            for other in kin[step.graph, step.is_entity]
            if other is not step and step.can_join(other)
        }
        later = [goal for goal in company if stage[step] < goal <= latest[step]]
        if later and stage[step] not in company:
            _postpone(step, min(later), stage, waiting)
    return [[step for step in steps if stage[step] == level] for level in range(last + 1)]


def _postpone(
    step: Step, goal: int, stage: dict[Step, int], waiting: dict[Step, list[Step]]
) -> None:
    """Move a step to a later stage, and with it what would not come after it any more."""
    stage[step] = goal
    for other in waiting[step]:
        if stage[other] <= goal:
            _postpone(other, goal + 1, stage, waiting)


def earliest(steps: list[Step]) -> dict[Step, int]:
    """The first stage each step can be in."""
    found: dict[Step, int] = {}
    for step in steps:
        _find(step, found)
    return found


def _find(step: Step, found: dict[Step, int]) -> int:
    known = found.get(step)
    if known is None:
        known = 0
        for other in step.depends:
            known = max(known, 1 + _find(other, found))
        found[step] = known
    return known


def _latest(steps: list[Step], last: int) -> dict[Step, int]:
    """The last stage each step can be in without a further stage being needed."""
    found = dict.fromkeys(steps, last)
    changed = True
    while changed:
        changed = False
        for step in steps:
            for other in step.depends:
                if found[other] > found[step] - 1:
                    found[other] = found[step] - 1
                    changed = True
    return found
