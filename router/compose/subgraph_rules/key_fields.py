"""What may identify an entity: KEY_FIELDS_HAS_ARGS, KEY_FIELDS_SELECT_INVALID_TYPE,
KEY_UNSUPPORTED_ON_INTERFACE.
"""

from __future__ import annotations

from collections.abc import Iterator

from router.compose.subgraph import Subgraph
from router.compose.subgraph_rules.field_set_arguments import field_sets
from router.diagnostics import Diagnostic
from router.supergraph.model import Kind


def key_fields(subgraph: Subgraph) -> Iterator[Diagnostic]:
    """Keys select plain fields: no arguments, no interfaces or unions."""
    for key in field_sets(subgraph, "key"):
        abstract = key.abstract(subgraph)
        if abstract is not None:
            yield key.problem(
                subgraph,
                "FIELDS_SELECT_INVALID_TYPE",
                f'"{abstract.coordinate}" is an interface or union, which no key can select',
                "Choose scalars, enums, or objects of them.",
            )
            continue
        for selected in key.selected(subgraph):
            if selected.field.arguments and not selected.lacks_arguments:
                yield key.problem(
                    subgraph,
                    "FIELDS_HAS_ARGS",
                    f'"{selected.coordinate}" takes arguments, so it cannot be part of a key',
                    "Choose a field without arguments.",
                )


def keys_on_interfaces(subgraph: Subgraph) -> Iterator[Diagnostic]:
    """Interfaces have keys since Federation v2.3."""
    if not (2, 0) <= subgraph.version < (2, 3):
        return
    for key in field_sets(subgraph, "key"):
        if subgraph.kind(key.coordinate) is Kind.INTERFACE:
            yield key.problem(
                subgraph,
                "UNSUPPORTED_ON_INTERFACE",
                "an interface can have a key since Federation v2.3 only",
                "Link v2.3 or newer.",
            )
