"""DEFAULT_VALUE_USES_INACCESSIBLE: a default that clients see is made of what they see.

https://specs.apollo.dev/inaccessible/v0.2
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graphql import (
    ConstValueNode,
    EnumValueNode,
    ListValueNode,
    ObjectValueNode,
    TypeNode,
)

from router.compose.merge.draft import Draft, DraftInput, Element
from router.compose.subgraph import Subgraph
from router.diagnostics import Diagnostic
from router.supergraph.type_names import innermost


def default_value_uses_inaccessible(draft: Draft, _: Sequence[Subgraph]) -> Iterator[Diagnostic]:
    """A default of an argument or input field that names a hidden enum value or input field."""
    for item in _shown_inputs(draft):
        for hidden in _hidden(draft, item.type, item.default):
            yield item.problem(
                "DEFAULT_VALUE_USES_INACCESSIBLE",
                f'"{hidden.coordinate}" is @inaccessible, but the default of "{item.coordinate}", '
                "which is in the API schema, uses it.",
                "Choose another default, or hide both.",
            )


def _shown_inputs(draft: Draft) -> Iterator[DraftInput]:
    for type_ in draft.types.values():
        if type_.is_inaccessible:
            continue
        for field in type_.fields.values():
            if not field.is_inaccessible:
                yield from (it for it in field.arguments.values() if not it.is_inaccessible)
        yield from (it for it in type_.input_fields.values() if not it.is_inaccessible)


def _hidden(draft: Draft, type_: TypeNode, value: ConstValueNode | None) -> Iterator[Element]:
    named = draft.types.get(innermost(type_))
    if named is None or value is None:
        return
    if isinstance(value, ListValueNode):
        for one in value.values:
            yield from _hidden(draft, type_, one)
    elif isinstance(value, ObjectValueNode):
        for given in value.fields:
            field = named.input_fields.get(given.name.value)
            if field is None:
                continue
            if field.is_inaccessible:
                yield field
            else:
                yield from _hidden(draft, field.type, given.value)
    elif isinstance(value, EnumValueNode):
        found = named.values.get(value.value)
        if found is not None and found.is_inaccessible:
            yield found
