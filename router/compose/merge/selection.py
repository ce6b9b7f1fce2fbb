"""Field sets read against the merged schema: @requires may go where its own subgraph does not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from graphql import FieldNode, InlineFragmentNode, SelectionSetNode

from router.compose.merge.draft import Draft, DraftField, DraftType
from router.federation.field_set import FieldSetError, parse_field_set
from router.supergraph.type_names import innermost


@dataclass(frozen=True, slots=True)
class Selected:
    """A field of the merged schema that a field set selects.

    `types` are those whose fields are reached without naming a field: the parent type, and the
    type conditions above it.
    """

    types: tuple[DraftType, ...]
    field: DraftField
    node: FieldNode


def selected(draft: Draft, type_name: str, text: str) -> Iterator[Selected]:
    """Every field that a field set selects of a type; nothing of one that cannot be read."""
    try:
        selections = parse_field_set(text)
    except FieldSetError:
        return
    type_ = draft.types.get(type_name)
    if type_ is not None:
        yield from _walk(draft, (type_,), selections)


def _walk(
    draft: Draft, types: tuple[DraftType, ...], selections: SelectionSetNode
) -> Iterator[Selected]:
    for node in selections.selections:
        if isinstance(node, InlineFragmentNode):
            name = node.type_condition.name.value if node.type_condition else types[-1].name
            inner = draft.types.get(name)
            if inner is not None:
                yield from _walk(draft, (*types, inner), node.selection_set)
        elif isinstance(node, FieldNode):
            field = types[-1].fields.get(node.name.value)
            if field is None:
                continue
            yield Selected(types, field, node)
            below = draft.types.get(innermost(field.type))
            if below is not None and node.selection_set is not None:
                yield from _walk(draft, (below,), node.selection_set)
