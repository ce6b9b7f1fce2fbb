"""What must hold of one subgraph alone. The order of the rules is here and nowhere else.

In rounds, each only for a schema that passed the one before: later rules read names that the
earlier ones found to exist.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from router.compose.subgraph import Subgraph
from router.compose.subgraph_rules.access_on_interfaces import access_on_interfaces
from router.compose.subgraph_rules.contexts import context_arguments, context_names
from router.compose.subgraph_rules.costs import costs, list_sizes
from router.compose.subgraph_rules.directive_definitions import (
    directive_definitions,
    type_definitions,
)
from router.compose.subgraph_rules.directive_usage import (
    directive_usage,
    known_directives,
    known_on_machinery,
    known_on_schema,
)
from router.compose.subgraph_rules.executable_definitions import executable_definitions
from router.compose.subgraph_rules.external_fields import external_collisions, external_fields
from router.compose.subgraph_rules.field_set_arguments import (
    field_set_arguments,
    interface_keys_readable,
)
from router.compose.subgraph_rules.input_values import (
    finite_inputs,
    optional_deprecated,
    valid_defaults,
)
from router.compose.subgraph_rules.interface_implementations import interface_implementations
from router.compose.subgraph_rules.interface_keys import interface_keys
from router.compose.subgraph_rules.key_fields import key_fields, keys_on_interfaces
from router.compose.subgraph_rules.known_types import (
    known_parents,
    known_types,
    own_types_only,
    type_positions,
)
from router.compose.subgraph_rules.known_version import known_version
from router.compose.subgraph_rules.non_empty_types import non_empty_types, reserved_names
from router.compose.subgraph_rules.requires_and_provides import (
    provided_objects,
    requires_and_provides,
)
from router.compose.subgraph_rules.root_names import root_names, root_types
from router.compose.subgraph_rules.shareable_usage import shareable_usage
from router.compose.subgraph_rules.unique_names import unique_names, unique_types
from router.diagnostics import Diagnostic

Rule: TypeAlias = Callable[[Subgraph], Iterator[Diagnostic]]

STRUCTURE: tuple[Rule, ...] = (
    unique_types,
    unique_names,
    known_types,
    own_types_only,
    known_on_schema,
)
DEFINITIONS: tuple[Rule, ...] = (
    executable_definitions,
    known_parents,
    root_types,
    type_positions,
    known_version,
    known_directives,
    known_on_machinery,
    directive_definitions,
    type_definitions,
)
USAGE: tuple[Rule, ...] = (
    directive_usage,
    optional_deprecated,
)
TYPES: tuple[Rule, ...] = (
    non_empty_types,
    reserved_names,
    interface_implementations,
    finite_inputs,
    valid_defaults,
)
COLLISIONS: tuple[Rule, ...] = (
    external_collisions,
    provided_objects,
    interface_keys_readable,
)
FEDERATION: tuple[Rule, ...] = (
    root_names,
    keys_on_interfaces,
    field_set_arguments,
    key_fields,
    requires_and_provides,
    external_fields,
    interface_keys,
    shareable_usage,
    context_names,
    context_arguments,
    costs,
    list_sizes,
    access_on_interfaces,
)


def check(subgraph: Subgraph, wrong_links: Sequence[Diagnostic] = ()) -> list[Diagnostic]:
    """Whether it is valid GraphQL: every problem of the first round that finds any.

    Wrong links are told with wrong definitions.
    """
    problems = _first((STRUCTURE,), subgraph)
    problems = problems or [*wrong_links, *_first((DEFINITIONS,), subgraph)]
    return problems or _first((USAGE, TYPES), subgraph)


def check_federation(subgraph: Subgraph) -> list[Diagnostic]:
    """Whether valid GraphQL uses Federation as it may; of Federation 1, once it is upgraded."""
    return _first((COLLISIONS, FEDERATION), subgraph)


def _first(rounds: tuple[tuple[Rule, ...], ...], subgraph: Subgraph) -> list[Diagnostic]:
    for rules in rounds:
        problems = [problem for rule in rules for problem in rule(subgraph)]
        if problems:
            return problems
    return []
