"""Rules about the merged schema. The order is here and nowhere else.

Two rounds: the second only for a schema that passed the first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from router.compose.merge.draft import Draft
from router.compose.subgraph import Subgraph
from router.compose.supergraph_rules.composed_usage import composed_usage
from router.compose.supergraph_rules.default_value_uses_inaccessible import (
    default_value_uses_inaccessible,
)
from router.compose.supergraph_rules.disallowed_inaccessible import disallowed_inaccessible
from router.compose.supergraph_rules.inaccessible import inaccessible
from router.compose.supergraph_rules.interface_field_no_implem import interface_field_no_implem
from router.compose.supergraph_rules.interface_key_missing_implementation_type import (
    interface_key_missing_implementation_type,
)
from router.compose.supergraph_rules.invalid_graphql import invalid_graphql
from router.compose.supergraph_rules.missing_transitive_auth_requirements import (
    missing_transitive_auth_requirements,
)
from router.compose.supergraph_rules.requires_invalid_fields import requires_invalid_fields
from router.diagnostics import Diagnostic

Rule: TypeAlias = Callable[[Draft, Sequence[Subgraph]], Iterator[Diagnostic]]

RULES: tuple[tuple[Rule, ...], ...] = (
    (
        interface_field_no_implem,
        requires_invalid_fields,
        missing_transitive_auth_requirements,
    ),
    (invalid_graphql, composed_usage),
    (
        inaccessible,
        default_value_uses_inaccessible,
        disallowed_inaccessible,
    ),
)


def check(
    draft: Draft, subgraphs: Sequence[Subgraph], merging: Sequence[Diagnostic]
) -> list[Diagnostic]:
    """Everything that is wrong with a merged schema, `merging` being what merging it told."""
    found = [*merging, *interface_key_missing_implementation_type(draft, subgraphs)]
    if found:
        return found
    for rules in RULES:
        found = [problem for rule in rules for problem in rule(draft, subgraphs)]
        if found:
            return found
    return []
