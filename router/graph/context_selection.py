"""What a contextual argument takes of each type that sets its context."""

from __future__ import annotations

from router.federation.field_set import parse_field_set
from router.graph.operation import Item, field_set_items


def context_items(selection: str) -> tuple[Item, ...]:
    """The selection as a supergraph has it, in which a type condition may lack its dots."""
    text = selection.strip()
    if not text.startswith(("{", "...")):
        text = f"... on {text}"
    return field_set_items(parse_field_set(text))
