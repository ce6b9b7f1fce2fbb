"""Field sets (@key, @requires, @provides, contexts) in the form the planner walks."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from router.graph.operation import Item, Spreading, normalize

if TYPE_CHECKING:
    from graphql import SelectionSetNode

MOST = 8192
# By identity; each tree is kept with its items, so that no other gets its id.
_KNOWN: dict[int, tuple[SelectionSetNode, tuple[Item, ...]]] = {}


def field_set_items(selection_set: SelectionSetNode) -> tuple[Item, ...]:
    """The normalized items of a field set; the same ones for equal field sets.

    The hash of a syntax tree is computed from all of it, so a known tree is looked up by identity.
    """
    known = _KNOWN.get(id(selection_set))
    if known is not None:
        return known[1]
    if len(_KNOWN) >= MOST:
        _KNOWN.clear()
    items = _of_equal(selection_set)
    _KNOWN[id(selection_set)] = selection_set, items
    return items


@lru_cache(maxsize=MOST)
def _of_equal(selection_set: SelectionSetNode) -> tuple[Item, ...]:
    return normalize(selection_set, Spreading())
