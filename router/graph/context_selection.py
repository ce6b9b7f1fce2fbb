"""What a contextual argument takes of each type that sets its context."""

from __future__ import annotations

from router.federation.field_set import parse_field_set
from router.graph.field_sets import field_set_items
from router.graph.operation import Item


def context_items(selection: str) -> tuple[Item, ...]:
    """The selection as a supergraph has it: fields or, perhaps without dots, a type condition."""
    text = selection.strip()
    if "{" in text and not text.startswith(("{", "...")):
        text = f"... on {text}"
    return field_set_items(parse_field_set(text))
