"""@requires and @provides select what others resolve, and stand where they can be honoured.

https://www.apollographql.com/docs/graphos/reference/federation/directives#requires
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from graphql import ConstValueNode

from router.compose.externals import externals_of
from router.compose.field_sets import Selected
from router.compose.literals import mismatch
from router.compose.subgraph import Subgraph
from router.compose.subgraph_rules.field_set_arguments import FieldSet, field_sets
from router.diagnostics import Diagnostic
from router.supergraph.model import Kind
from router.supergraph.type_names import text

COMPOSITE = frozenset({Kind.OBJECT, Kind.INTERFACE, Kind.UNION})


def requires_and_provides(subgraph: Subgraph) -> Iterator[Diagnostic]:
    """Both select @external fields, and neither stands on a field of an interface."""
    for name in ("requires", "provides"):
        for field_set in field_sets(subgraph, name):
            type_name = field_set.coordinate.split(".")[0]
            if subgraph.kind(type_name) is Kind.INTERFACE:
                yield field_set.problem(
                    subgraph,
                    "UNSUPPORTED_ON_INTERFACE",
                    f"@{name} cannot stand on a field of an interface",
                    "Put it on the field of each type that implements the interface.",
                )
            yield from _selections(subgraph, field_set, name)


def provided_objects(subgraph: Subgraph) -> Iterator[Diagnostic]:
    """Only what has fields can be provided in part; what is @external cannot be at all."""
    externals = externals_of(subgraph)
    for field_set in field_sets(subgraph, "provides"):
        type_name, _, field = field_set.coordinate.partition(".")
        is_external = externals.is_external(type_name, field)
        if subgraph.kind(field_set.target) not in COMPOSITE and not is_external:
            yield field_set.problem(
                subgraph,
                "ON_NON_OBJECT_FIELD",
                f"{field_set.target} has no fields to provide",
                "Remove @provides; it is for fields that give objects.",
            )


def _selections(subgraph: Subgraph, field_set: FieldSet, name: str) -> Iterator[Diagnostic]:
    for selected in field_set.selected(subgraph):
        if name == "requires":
            yield from _arguments(subgraph, field_set, selected)
        elif selected.field.arguments and not selected.lacks_arguments:
            yield field_set.problem(
                subgraph,
                "FIELDS_HAS_ARGS",
                f'"{selected.coordinate}" takes arguments, so it cannot be provided',
                "Provide fields without arguments only.",
            )
        if selected.is_leaf and not _is_others(subgraph, selected):
            yield field_set.problem(
                subgraph,
                "FIELDS_MISSING_EXTERNAL",
                f'this subgraph resolves "{selected.coordinate}" itself, so there is nothing to '
                f"{name.removesuffix('s')}",
                f"Mark it @external if another subgraph resolves it, or leave it out of @{name}.",
            )


def _is_others(subgraph: Subgraph, selected: Selected) -> bool:
    """Whether the field, or one on the way to it, is resolved elsewhere.

    On the way, @external on the fields that implement an interface's says it of the interface's.
    """
    externals = externals_of(subgraph)
    return externals.is_external(selected.type.name, selected.field.name) or any(
        externals.is_external(name, field.name)
        for type_, field in selected.above
        for name in (type_.name, *_implementations(subgraph, type_.name))
    )


def _implementations(subgraph: Subgraph, interface: str) -> list[str]:
    return [type_.name for type_ in subgraph.types.values() if interface in type_.interfaces]


def _arguments(subgraph: Subgraph, field_set: FieldSet, selected: Selected) -> Iterator[Diagnostic]:
    given = {item.name.value: item.value for item in selected.node.arguments or ()}
    known = selected.field.arguments
    problems = [
        f'"{selected.coordinate}" takes no argument "{name}"' for name in given if name not in known
    ]
    for name, argument in known.items():
        value = given.get(name)
        if value is not None:
            # A field set has no variables, so its values are constants.
            wrong = mismatch(subgraph, cast("ConstValueNode", value), argument.type)
            problems += [
                f'"{selected.coordinate}({name}:)" takes {text(argument.type)}: {wrong}'
            ] * (wrong is not None)
    for problem in problems:
        advice = "Give the field the arguments that it has, with constants of their types."
        yield field_set.problem(subgraph, "INVALID_FIELDS", problem, advice)
