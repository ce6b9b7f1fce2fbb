"""Interfaces ask for what their implementations ask for: @authenticated, @requiresScopes, @policy.

A client could otherwise reach a protected field through an interface that does not mention it.
"""

from __future__ import annotations

from collections.abc import Iterable

from router.compose.merge.draft import Applied, DraftType, Element
from router.compose.merge.strategies import GUARDS, guard
from router.compose.merge.workspace import Workspace
from router.supergraph.model import Kind

ACCESS = ("authenticated", *GUARDS)


def propagate_access(space: Workspace, types: dict[str, DraftType]) -> None:
    """Bring what protects a field to where else it can be reached: two passes.

    First from interface objects to the objects they stand for, then from objects to interfaces.
    """
    if not any(name in space.features for name in ACCESS):
        return
    objects = [type_ for type_ in types.values() if type_.kind is Kind.OBJECT and type_.interfaces]
    for type_ in objects:
        objects_of = (name for name in type_.interfaces if name in space.interface_objects)
        through = [types[name] for name in objects_of if name in types]
        for field in type_.fields.values():
            given = [item.fields[field.name] for item in through if field.name in item.fields]
            _combine(space, field, given)
    implementing: dict[str, list[DraftType]] = {}
    for type_ in objects:
        for name in type_.interfaces:
            implementing.setdefault(name, []).append(type_)
    for name, found in implementing.items():
        interface = types.get(name)
        if interface is None:
            continue
        _combine(space, interface, found)
        for field in interface.fields.values():
            _combine(
                space,
                field,
                [item.fields[field.name] for item in found if field.name in item.fields],
            )


def _combine(space: Workspace, element: Element, others: Iterable[Element]) -> None:
    """Let an element ask for all that it and the others ask for."""
    everyone = [element, *others]
    for name in ACCESS:
        given = [item for one in everyone for item in one.applied if item.name == name]
        if not given:
            continue
        combined = given[0] if name == "authenticated" else _all_of(space, element, given)
        kept = [item for item in element.applied if item.name != name]
        element.applied = [*kept, combined]


def _all_of(space: Workspace, element: Element, given: list[Applied]) -> Applied:
    requirements = {tuple(sorted(map(_group, item.requirement))) for item in given}
    if len(requirements) == 1:
        return given[0]
    local = given[0].local
    space.hint(
        "MERGED_NON_REPEATABLE_DIRECTIVE_ARGUMENTS",
        element.coordinate,
        f'@{local} is applied to "{element.coordinate}" and to what it is reached through, or '
        "reaches, with different arguments; the supergraph has them combined.",
        element.sources,
    )
    wanted = [item.requirement for item in given]
    return guard(space, element.coordinate, given[0], wanted, element.sources)


def _group(group: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(group))
