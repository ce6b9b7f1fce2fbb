"""@defer while a plan is being built: what comes later is asked for in requests of its own.

When everything that comes first is planned, each deferred part is, beginning with the outermost
ones: its objects, and where they are, are known by then.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from router.graph.operation import ALWAYS, Conditions, FieldItem, FragmentItem, Item
from router.plan import walk as walking
from router.plan.nodes import Path
from router.plan.steps import Part, Place, Position

if TYPE_CHECKING:
    from router.plan.walk import Walk

PartKey = tuple[Part | None, str, Path]


@dataclass(frozen=True, slots=True)
class PutOff:
    """A deferred fragment that was met; `via` is where objects of an abstract type are."""

    part: Part
    position: Position
    via: Place | None
    item: FragmentItem
    conditions: Conditions


def parts_of(items: Iterable[Item]) -> dict[PartKey, Part]:
    """Every deferred part of an operation; those around others first."""
    parts: dict[PartKey, Part] = {}
    _find(items, None, (), parts)
    return parts


def _find(
    items: Iterable[Item], parent: Part | None, path: Path, parts: dict[PartKey, Part]
) -> None:
    for item in items:
        part, where = parent, path
        if isinstance(item, FieldItem):
            where = (*path, item.response)
        elif item.label is not None:
            key = (parent, item.label, path)
            part = parts.setdefault(key, Part(item.label, path, parent))
            part.items.append(replace(item, label=None))
        _find(item.items, part, where, parts)


def responses(path: Path) -> Path:
    """A path without its list items."""
    return tuple(element for element in path if element != "@")


def put_off(
    walk: Walk,
    position: Position,
    via: Place | None,
    item: FragmentItem,
    conditions: Conditions,
) -> None:
    """Leave a deferred fragment for later."""
    part = walk.parts[walk.part, item.label or "", responses(position.path)]
    walk.later.append(PutOff(part, position, via, replace(item, label=None), conditions))


def select_later(walk: Walk) -> None:
    """Plan what was put off, and what is put off meanwhile."""
    apart: dict[tuple[Position, Part], Position] = {}
    for found in walk.later:  # grows as it is read
        walk.part = found.part
        key = (found.position, found.part)
        if key not in apart:
            apart[key] = replace(found.position, part=found.part, children={}, plain=None)
            apart[key].places = [*found.position.places]
        item = replace(found.item, conditions=ALWAYS)
        walking.select(walk, apart[key], (item,), found.via, found.conditions)
    walk.part = None
