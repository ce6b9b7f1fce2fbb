"""Deferred parts of a plan: what each delivers, what it asks, and which requests it waits for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from graphql import print_ast

from router.graph.operation import FieldItem, Item
from router.plan.emit import Emitter
from router.plan.nodes import Defer, DeferDependency, DeferredPart, PlanNode
from router.plan.selection import conditions_text
from router.plan.steps import Part, Step


@dataclass(slots=True)
class Delivery:
    """Steps by part; `waits` are those of other parts that a step needs."""

    emitter: Emitter
    parts: tuple[Part, ...]
    steps: dict[Part | None, list[Step]] = field(default_factory=dict)
    waits: dict[Step, set[Step]] = field(default_factory=dict)

    def take(self, steps: Iterable[Step]) -> list[Step]:
        """Sort steps by part; gives back those of what is delivered first."""
        first: list[Step] = []
        for step in steps:
            waits = {other for other in step.depends if other.part is not step.part}
            step.depends -= waits
            self.waits[step] = waits
            self.emitter.awaited |= waits
            mine = first if step.part is None else self.steps.setdefault(step.part, [])
            mine.append(step)
        return first

    def replace(self, gone: Step, kept: Step) -> None:
        """One step has joined another: whoever waits for it waits for that one."""
        for waits in self.waits.values():
            if gone in waits:
                waits.discard(gone)
                waits.add(kept)
        if gone in self.emitter.awaited:
            self.emitter.awaited.add(kept)


def with_parts(
    delivery: Delivery,
    first: PlanNode | None,
    items: Iterable[Item],
    parent: Part | None = None,
) -> PlanNode | None:
    """What a part asks for, together with the parts that follow it."""
    parts = [part for part in delivery.parts if part.parent is parent]
    if not parts:
        return first
    return Defer(subselection(items), first, tuple(_deferred(delivery, part) for part in parts))


def _deferred(delivery: Delivery, part: Part) -> DeferredPart:
    emitter, steps = delivery.emitter, delivery.steps.get(part, [])
    waits = {emitter.ids[other] for step in steps for other in delivery.waits[step]}
    node = with_parts(delivery, emitter.emit(steps, "query"), part.items, part)
    return DeferredPart(
        depends=tuple(DeferDependency(number) for number in sorted(waits)),
        query_path=part.path,
        label=part.label,
        subselection=None if isinstance(node, Defer) else subselection(part.items),
        node=node,
    )


def subselection(items: Iterable[Item]) -> str | None:
    """What of the client's selections belongs to one part, as text; None when nothing does."""
    parts = [*_shown(items)]
    return f"{{ {' '.join(parts)} }}" if parts else None


def _shown(items: Iterable[Item]) -> Iterator[str]:
    for item in items:
        marks = "".join(f" {print_ast(directive)}" for directive in item.directives)
        marks += "".join(
            f" {conditions_text(frozenset({condition}))}" for condition in sorted(item.conditions)
        )
        if isinstance(item, FieldItem):
            below = subselection(item.items)
            if item.items and below is None:
                continue
            name = item.name if item.name == item.response else f"{item.response}: {item.name}"
            arguments = ", ".join(print_ast(argument) for argument in item.arguments)
            head = f"{name}{f'({arguments})' if arguments else ''}{marks}"
            yield f"{head} {below}" if below else head
        elif item.label is None:
            below = subselection(item.items)
            if below is not None and (item.type_condition or marks):
                condition = f" on {item.type_condition}" if item.type_condition else ""
                yield f"...{condition}{marks} {below}"
            elif below is not None:
                yield from _shown(item.items)
