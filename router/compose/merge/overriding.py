"""@override: which subgraph takes a field from which, and what may not be combined with it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graphql import Node

from router.compose.merge.workspace import Workspace, kind_of
from router.compose.subgraph import Application, FieldDefinition, Subgraph, TypeDefinition
from router.diagnostics import did_you_mean
from router.supergraph.model import Kind

Defined = tuple[Subgraph, TypeDefinition, FieldDefinition]
NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9_\-:./]*")
PERCENT = re.compile(r"percent\((?:100|[0-9]{1,2}(?:\.[0-9]{1,8})?)\)")
LABELS = "Begin with a letter, go on with letters, digits and _-:./ - or write percent(0-100)."
COLLISION = "OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE"


@dataclass(frozen=True, slots=True)
class Taken:
    """That a subgraph takes a field from another: always, or while `label` is active."""

    by: str
    label: str


@dataclass(frozen=True, slots=True)
class _Override:
    """One @override with what it concerns."""

    at: str
    subgraph: Subgraph
    type: TypeDefinition
    field: FieldDefinition
    application: Application

    @property
    def source(self) -> str:
        return self.application.text("from")

    @property
    def label(self) -> str:
        return self.application.text("label")

    @property
    def nodes(self) -> list[tuple[Subgraph, Node]]:
        return [(self.subgraph, self.application.node)]


def overrides(space: Workspace, type_name: str, defined: Sequence[Defined]) -> dict[str, Taken]:
    """Subgraph the field is taken from -> by which, and under which label."""
    taken: dict[str, Taken] = {}
    definitions = {subgraph.name: item for item in defined for subgraph in item[:1]}
    for subgraph, type_, field in defined:
        application = field.applied("override")
        if application is None:
            continue
        override = _Override(f"{type_name}.{field.name}", subgraph, type_, field, application)
        if _is_sound(space, override, definitions) and override.source in definitions:
            taken[override.source] = Taken(subgraph.name, override.label)
            _hint_of(space, override, definitions[override.source])
    return taken


def _is_sound(space: Workspace, override: _Override, definitions: Mapping[str, Defined]) -> bool:
    """Whether an @override can be honoured; if not, it is as if it were not there."""
    at, source, nodes = override.at, override.source, override.nodes
    where = f'"{at}" in "{override.subgraph.name}"'
    if kind_of(override.type) is Kind.INTERFACE:
        of_object = override.type.is_interface_object
        code = COLLISION if of_object else "OVERRIDE_ON_INTERFACE"
        kind = "@interfaceObject types" if of_object else "interfaces"
        message = f"@override is not supported on fields of {kind}: {where}."
        advice = "Put it on the field of each type that implements the interface."
        space.error(code, at, message, nodes, advice)
        return False
    if source not in {known.name for known in space.subgraphs}:
        advice = did_you_mean(source, [known.name for known in space.subgraphs])
        message = f'{where} overrides "{source}", a subgraph that does not exist.{advice}'
        space.hint("FROM_SUBGRAPH_DOES_NOT_EXIST", at, message, nodes)
        return False
    if source == override.subgraph.name:
        message = f"{where} overrides itself."
        space.error("OVERRIDE_FROM_SELF_ERROR", at, message, nodes, "Name another subgraph.")
        return False
    if source not in definitions:
        _check_source_without(space, override)
        return False
    if definitions[source][2].applied("external"):
        message = f'"{at}" is not resolved by "{source}" any more: @override can be removed.'
        space.hint("OVERRIDE_DIRECTIVE_CAN_BE_REMOVED", at, message, nodes)
        return False
    clash = _clash(override, definitions[source])
    if clash:
        code, message, advice = clash
        space.error(code, at, message, nodes, advice)
        return False
    if override.label and not _is_label(override.label):
        message = f'The label "{override.label}" of @override on {where} is not valid.'
        space.error("OVERRIDE_LABEL_INVALID", at, message, nodes, LABELS)
    return True


def _check_source_without(space: Workspace, override: _Override) -> None:
    """The source subgraph lacks the field; unless it has it through an interface, that is fine."""
    at, nodes = override.at, override.nodes
    for interface in space.implemented[override.type.name]:
        for subgraph, type_ in space.interface_objects.get(interface, ()):
            if subgraph.name == override.source and override.field.name in type_.fields:
                message = (
                    f'"{at}" cannot be overridden from "{override.source}": there it comes through '
                    f'the @interfaceObject "{interface}", which is not supported.'
                )
                space.error(COLLISION, at, message, nodes, f'Remove the field from "{interface}".')
                return
    message = f'"{at}" is not in "{override.source}" any more: @override can be removed.'
    space.hint("OVERRIDE_DIRECTIVE_CAN_BE_REMOVED", at, message, nodes)


def _clash(override: _Override, source: Defined) -> tuple[str, str, str] | None:
    """(code, message, next step) when either side has a directive that goes with no @override."""
    graph, _, field = source
    at, taker = override.at, override.subgraph.name
    if field.applied("override"):
        message = f'"{at}" in "{taker}" overrides "{graph.name}", where it has an @override itself.'
        return "OVERRIDE_SOURCE_HAS_OVERRIDE", message, "Keep the one of the subgraph it moves to."
    for subgraph, given in ((override.subgraph, override.field), (graph, field)):
        for name in ("external",) if subgraph is override.subgraph else ("requires", "provides"):
            if given.applied(name):
                message = (
                    f'@override cannot be used on "{at}" in "{taker}": it is marked @{name} in '
                    f'"{subgraph.name}".'
                )
                return COLLISION, message, f"Remove @override, or @{name} there."
    return None


def _is_label(label: str) -> bool:
    return any(pattern.fullmatch(label) for pattern in (PERCENT, NAME))


def _hint_of(space: Workspace, override: _Override, source: Defined) -> None:
    at, graph = override.at, source[0]
    nodes = [(graph, source[2].node)]
    used = (override.type.name, override.field.name) in space.uses[graph.name].needed
    still = ""
    if used:
        still = (
            " It is still used there, by a field set or for an interface: mark it @external or "
            "remove what uses it."
        )
    if override.label:
        message = f'"{at}" is being moved away from "{graph.name}" step by step.{still}'
        space.hint("OVERRIDE_MIGRATION_IN_PROGRESS", at, message, nodes)
    else:
        message = f'"{at}" in "{graph.name}" is overridden and need not be there.{still}'
        space.hint("OVERRIDDEN_FIELD_CAN_BE_REMOVED", at, message, nodes)
