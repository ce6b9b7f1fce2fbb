"""@override: which subgraph takes a field from which, and what may not be combined with it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from router.compose.merge.applied import MERGED
from router.compose.merge.workspace import Workspace
from router.compose.subgraph import Application, FieldDefinition, Subgraph, TypeDefinition
from router.diagnostics import did_you_mean

Defined = tuple[Subgraph, TypeDefinition, FieldDefinition]
NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9_\-:./]*")
PERCENT = re.compile(r"percent\((\d{1,3}(?:\.\d{1,8})?)\)")
EXCLUSIVE = ("external", "requires", "provides")


def overrides(space: Workspace, type_name: str, defined: Sequence[Defined]) -> dict[str, str]:
    """Subgraph the field is taken from -> the label under which (empty: always)."""
    taken: dict[str, str] = {}
    by_name = {subgraph.name: (type_, field) for subgraph, type_, field in defined}
    for subgraph, type_, field in defined:
        override = field.applied("override")
        if override is None:
            continue
        at = f"{type_name}.{field.name}"
        source, label = override.text("from"), override.text("label")
        if not _is_sound(space, at, (subgraph, type_, override), by_name):
            continue
        nodes = [(subgraph, override.node)]
        if source not in {known.name for known in space.subgraphs}:
            hint = did_you_mean(source, [known.name for known in space.subgraphs])
            space.hint(
                "FROM_SUBGRAPH_DOES_NOT_EXIST",
                at,
                f'"{at}" is overridden from the subgraph "{source}", which does not exist.{hint}',
                nodes,
            )
        elif source not in by_name:
            space.hint(
                "OVERRIDE_DIRECTIVE_CAN_BE_REMOVED",
                at,
                f'"{at}" no longer exists in "{source}": @override can be removed.',
                nodes,
            )
        else:
            taken[source] = label
            _hint_of(space, at, source, label)
    return taken


def _hint_of(
    space: Workspace,
    at: str,
    source: str,
    label: str,
) -> None:
    if label:
        space.hint(
            "OVERRIDE_MIGRATION_IN_PROGRESS",
            at,
            f'"{at}" is being moved away from "{source}" step by step.',
        )
    else:
        space.hint(
            "OVERRIDDEN_FIELD_CAN_BE_REMOVED",
            at,
            f'"{at}" is overridden: "{source}" need not resolve it any more.',
        )


def _is_sound(
    space: Workspace,
    at: str,
    taker: tuple[Subgraph, TypeDefinition, Application],
    by_name: dict[str, tuple[TypeDefinition, FieldDefinition]],
) -> bool:
    """Whether an @override can be honoured; if not, it is as if it were not there."""
    subgraph, type_, override = taker
    source, label = override.text("from"), override.text("label")
    nodes = [(subgraph, override.node)]
    if source == subgraph.name:
        message = f'"{at}" in "{source}" overrides itself.'
        space.error("OVERRIDE_FROM_SELF_ERROR", at, message, nodes, "Name another subgraph.")
        return False
    if label and not _is_label(label):
        space.error(
            "OVERRIDE_LABEL_INVALID",
            at,
            f'The label "{label}" of @override on "{at}" is not valid.',
            nodes,
            "Begin with a letter, go on with letters, digits and _-:./ - or write percent(0-100).",
        )
        return False
    given = by_name.get(source)
    if type_.is_interface_object or (given and given[0].kind.value == "INTERFACE"):
        message = f'@override is not supported on fields of @interfaceObject types: "{at}".'
        space.error("OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE", at, message, nodes)
        return False
    if given is not None and given[1].applied("override"):
        message = f'"{at}" is overridden from "{source}", where it has an @override itself.'
        space.error("OVERRIDE_SOURCE_HAS_OVERRIDE", at, message, nodes, "Remove one of the two.")
        return False
    clash = next((name for name in EXCLUSIVE if given and given[1].applied(name)), None) or next(
        (name for name in ("external",) if by_name[subgraph.name][1].applied(name)), None
    )
    if clash is not None:
        message = f'@override cannot be used on "{at}": it is marked @{clash}.'
        space.error("OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE", at, message, nodes)
        return False
    return True


def _is_label(label: str) -> bool:
    percent = PERCENT.fullmatch(label)
    if percent:
        return float(percent[1]) <= 100
    return NAME.fullmatch(label) is not None


def check_external(space: Workspace, at: str, subgraph: Subgraph, field: FieldDefinition) -> None:
    """An external field says nothing of its own: directives for the supergraph belong elsewhere."""
    for application in field.applications:
        if application.name in MERGED:
            space.error(
                "MERGED_DIRECTIVE_APPLICATION_ON_EXTERNAL",
                at,
                f'@{application.written} cannot be applied to "{at}" in "{subgraph.name}", where '
                "the field is external.",
                [(subgraph, application.node)],
                "Apply it in the subgraph that resolves the field.",
            )
